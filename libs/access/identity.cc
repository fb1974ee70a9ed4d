#include "libs/access/identity.h"

#include <algorithm>

#include "libs/identifiers/municipality_code.h"

namespace mynumber::access {
namespace {

// In the order of the enum.
constexpr std::array<std::string_view, kRoles> kNames = {
    "municipality", "post-office",      "hotline",        "factory",      "operator",        "auditor",
    "application-site", "photo-booth",  "terminal",       "service/issuance", "service/notice", "service/card",
    "service/hotline",  "service/standalone"};

constexpr std::string_view kMunicipalityPrefix = "municipality/";

IdentityVerdict VerdictOf(identifiers::MunicipalityCodeVerdict verdict) {
  switch (verdict) {
    case identifiers::MunicipalityCodeVerdict::kKnown:
      return IdentityVerdict::kValid;
    case identifiers::MunicipalityCodeVerdict::kWrongLength:
    case identifiers::MunicipalityCodeVerdict::kNotDigits:
      return IdentityVerdict::kMunicipalityMalformed;
    case identifiers::MunicipalityCodeVerdict::kWrongCheckDigit:
      return IdentityVerdict::kMunicipalityCheckDigit;
    case identifiers::MunicipalityCodeVerdict::kUnknown:
      break;
  }
  return IdentityVerdict::kMunicipalityUnknown;
}

}  // namespace

std::string_view NameOf(Role role) { return kNames[static_cast<size_t>(role)]; }

std::optional<Role> RoleOf(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Role>(found - kNames.begin());
}

// `identity` is set if kValid comes back.
IdentityVerdict ReadAuthority(std::string_view authority, Identity* identity) {
  if (authority.size() > Identity::kAuthorityMax) return IdentityVerdict::kTooLong;
  const bool has_code = authority.substr(0, kMunicipalityPrefix.size()) == kMunicipalityPrefix;
  const auto role = has_code ? Role::kMunicipality : RoleOf(authority);
  // "municipality" alone says of none which one it is.
  if (!role || (*role == Role::kMunicipality && !has_code)) return IdentityVerdict::kUnknownRole;
  if (has_code) {
    const IdentityVerdict verdict =
        VerdictOf(identifiers::JudgeMunicipalityCode(authority.substr(kMunicipalityPrefix.size())));
    if (verdict != IdentityVerdict::kValid) return verdict;
  }
  identity->role_ = *role;
  identity->size_ = static_cast<uint8_t>(authority.size());
  authority.copy(identity->text_.data(), authority.size());
  return IdentityVerdict::kValid;
}

namespace {

IdentityVerdict ReadUriNames(absl::Span<const std::string> names, Identity* identity) {
  if (names.empty()) return IdentityVerdict::kNoUriName;
  if (names.size() > 1) return IdentityVerdict::kSeveralUriNames;
  const std::string_view name = names.front();
  if (name.size() > Identity::kUriPrefix.size() + Identity::kAuthorityMax) return IdentityVerdict::kTooLong;
  if (name.substr(0, Identity::kUriPrefix.size()) != Identity::kUriPrefix) return IdentityVerdict::kOtherDomain;
  return ReadAuthority(name.substr(Identity::kUriPrefix.size()), identity);
}

}  // namespace

absl::StatusOr<Identity> Identity::FromUriNames(absl::Span<const std::string> names) {
  Identity identity;
  const IdentityVerdict verdict = ReadUriNames(names, &identity);
  if (verdict != IdentityVerdict::kValid) return ToStatus(verdict);
  return identity;
}

IdentityVerdict Identity::Judge(absl::Span<const std::string> names) {
  Identity identity;
  return ReadUriNames(names, &identity);
}

absl::StatusOr<Identity> Identity::FromAuthority(std::string_view authority) {
  Identity identity;
  const IdentityVerdict verdict = ReadAuthority(authority, &identity);
  if (verdict != IdentityVerdict::kValid) return ToStatus(verdict);
  return identity;
}

std::string_view Identity::municipality() const {
  return role_ == Role::kMunicipality ? authority().substr(kMunicipalityPrefix.size()) : std::string_view();
}

absl::Status ToStatus(IdentityVerdict verdict) {
  switch (verdict) {
    case IdentityVerdict::kValid:
      return absl::OkStatus();
    case IdentityVerdict::kNoUriName:
      return absl::UnauthenticatedError(
          "The certificate has no URI name. Make one with a URI of the form spiffe://mynumber/<authority>.");
    case IdentityVerdict::kSeveralUriNames:
      return absl::UnauthenticatedError("The certificate has several URI names. Make one with exactly one.");
    case IdentityVerdict::kTooLong:
      return absl::UnauthenticatedError(
          "This name is longer than that of any authority. Compare it with the list in libs/access/README.md.");
    case IdentityVerdict::kOtherDomain:
      return absl::UnauthenticatedError(
          "The certificate's URI name is not one of this system. It begins with spiffe://mynumber/ in lower case.");
    case IdentityVerdict::kUnknownRole:
      return absl::UnauthenticatedError(
          "There is no such authority. Take municipality/<6-digit code>, post-office, hotline, factory, operator, "
          "auditor, application-site, photo-booth, terminal or service/<name>, with nothing before or after it.");
    case IdentityVerdict::kMunicipalityMalformed:
      return absl::UnauthenticatedError("The municipality's code in the name is not six half-width digits.");
    case IdentityVerdict::kMunicipalityCheckDigit:
      return absl::UnauthenticatedError(
          "The check digit of the municipality's code in the name is wrong. Compare it with the official list.");
    case IdentityVerdict::kMunicipalityUnknown:
      break;
  }
  return absl::UnauthenticatedError(
      "No municipality has the code in the name. Take the city's code, not that of its ward or prefecture.");
}

}  // namespace mynumber::access
