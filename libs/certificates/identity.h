#ifndef MYNUMBER_LIBS_CERTIFICATES_IDENTITY_H_
#define MYNUMBER_LIBS_CERTIFICATES_IDENTITY_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace mynumber::certificates {

// The files of one identity's folder, all PEM.
inline constexpr char kCertificateFile[] = "certificate.pem";  // its own, then those between it and the root
inline constexpr char kKeyFile[] = "key.pem";                  // without a passphrase; mode 0600 or less
inline constexpr char kAuthorityFile[] = "authority.pem";      // the root, and the issuing authorities
inline constexpr char kRevokedFile[] = "revoked.pem";          // a list by each issuing authority

// What every identity begins with.
inline constexpr char kTrustDomain[] = "spiffe://mynumber/";

// Whether `uri` may be an identity: "spiffe://mynumber/" and one or more words of a-z, A-Z, 0-9, '.', '_', '-' between
// slashes; never "." or "..", which a careless reader would resolve (SPIFFE-ID 2.2).
bool IsIdentity(std::string_view uri);

struct Identity {
  std::string uri;              // as "spiffe://mynumber/service/issuance"
  int64_t expires_seconds = 0;  // since 1970; for a gauge, and an alert before it comes
};

// What the process in whose folder this is may call itself. FAILED_PRECONDITION, with a sentence that says what to do:
// a file is missing or damaged, others than its owner may read or write the key, key and certificate do not belong
// together, the certificate is not valid today, is not the authority's, or does not have one URI name that is an
// identity.
absl::StatusOr<Identity> ReadIdentity(const std::string& folder);

}  // namespace mynumber::certificates

#endif  // MYNUMBER_LIBS_CERTIFICATES_IDENTITY_H_
