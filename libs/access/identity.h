#ifndef MYNUMBER_LIBS_ACCESS_IDENTITY_H_
#define MYNUMBER_LIBS_ACCESS_IDENTITY_H_

// Who is at the other end of a connection: the one URI name of its certificate, or, where no certificate is asked for,
// the authority that a request states. Both say the same word: "spiffe://mynumber/" + authority.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace mynumber::access {

// What an identity is, as the policy has it. Closed; counts up from 0 without a gap.
enum class Role : uint8_t {
  kMunicipality,
  kPostOffice,
  kHotline,
  kFactory,
  kOperator,
  kAuditor,
  kApplicationSite,
  kPhotoBooth,
  kTerminal,
  kIssuanceService,
  kNoticeService,
  kCardService,
  kHotlineService,
  kStandaloneService,  // an instance that has all services in one process
};
constexpr size_t kRoles = 14;

// As an authority begins: "municipality", "post-office", "service/notice". Lives as long as the process.
std::string_view NameOf(Role role);
std::optional<Role> RoleOf(std::string_view name);

// What is to be said about the URI names of a certificate, or about one of them. Closed.
enum class IdentityVerdict {
  kValid,
  kNoUriName,        // the certificate has none
  kSeveralUriNames,  // or more than one: which one counts would be a guess
  kTooLong,          // longer than any name that there can be
  kOtherDomain,      // does not begin with "spiffe://mynumber/", letter for letter
  kUnknownRole,      // whatever stands behind it is no authority: also an empty one, a slash too many, "%2F", a query
  kMunicipalityMalformed,   // not six ASCII digits
  kMunicipalityCheckDigit,  // docs/domain.md A.4
  kMunicipalityUnknown,     // no municipality has this code
};

// A value of 24 bytes, comparable and hashable; any thread.
class Identity {
 public:
  static constexpr std::string_view kUriPrefix = "spiffe://mynumber/";
  // "service/standalone" and "municipality/131016" fit.
  static constexpr size_t kAuthorityMax = 22;

  // The URI names among a certificate's subject alternative names (RFC 5280 section 4.2.1.6), as they stand there:
  // bytes of any kind and length. Nothing is decoded or folded: one identity has one name. The error is
  // ToStatus(Judge(names)).
  static absl::StatusOr<Identity> FromUriNames(absl::Span<const std::string> names);
  static IdentityVerdict Judge(absl::Span<const std::string> names);

  // "municipality/131016", "post-office": `actor.authority` of a request.
  static absl::StatusOr<Identity> FromAuthority(std::string_view authority);

  Role role() const { return role_; }
  // As `actor.authority` must say; as long as this object.
  std::string_view authority() const { return {text_.data(), size_}; }
  // The six digits; empty if it is another role's.
  std::string_view municipality() const;
  std::string UriName() const { return std::string(kUriPrefix).append(authority()); }

  friend bool operator==(const Identity& a, const Identity& b) { return a.authority() == b.authority(); }
  friend bool operator!=(const Identity& a, const Identity& b) { return !(a == b); }
  template <typename H>
  friend H AbslHashValue(H state, const Identity& identity) {
    return H::combine_contiguous(std::move(state), identity.text_.data(), identity.size_);
  }

 private:
  friend IdentityVerdict ReadAuthority(std::string_view authority, Identity* identity);
  Identity() = default;

  Role role_ = Role::kMunicipality;
  uint8_t size_ = 0;
  std::array<char, kAuthorityMax> text_{};
};

// OK for kValid, else UNAUTHENTICATED with a sentence that tells whoever made the certificate what to correct. It shows
// nothing of the name, which is anybody's bytes.
absl::Status ToStatus(IdentityVerdict verdict);

}  // namespace mynumber::access

#endif  // MYNUMBER_LIBS_ACCESS_IDENTITY_H_
