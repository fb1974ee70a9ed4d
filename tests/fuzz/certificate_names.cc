// URI names of a certificate, as whoever connects had them written.

#include <string>
#include <vector>

#include "libs/access/identity.h"
#include "libs/certificates/identity.h"
#include "tests/fuzz/law.h"

namespace mynumber::fuzz {
namespace {

using access::Identity;
using access::IdentityVerdict;

void HoldsOfIdentity(const Identity& identity, const std::string& name) {
  Holds(identity.UriName() == name, "one identity has one name");
  const auto again = Identity::FromAuthority(identity.authority());
  Holds(again.ok() && *again == identity && again->role() == identity.role(), "a request may state the same authority");
  Holds((identity.role() == access::Role::kMunicipality) == !identity.municipality().empty() &&
            (identity.municipality().empty() || identity.municipality().size() == 6),
        "a municipality has its code, and nobody else has one");
  Holds(certificates::IsIdentity(name), "whom the policy knows the transport lets in");
}

void Try(const std::vector<std::string>& names) {
  const IdentityVerdict verdict = Identity::Judge(names);
  const auto identity = Identity::FromUriNames(names);
  Holds(identity.ok() == (verdict == IdentityVerdict::kValid), "two ways to ask give one answer");
  if (identity.ok()) return HoldsOfIdentity(*identity, names.front());
  Holds(identity.status() == ToStatus(verdict) && absl::IsUnauthenticated(identity.status()),
        "a name is refused with the verdict's sentence, which shows nothing of it");
  Holds(names.size() == 1 || verdict == IdentityVerdict::kNoUriName || verdict == IdentityVerdict::kSeveralUriNames,
        "of several names none counts");
}

}  // namespace
}  // namespace mynumber::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using mynumber::access::Identity;
  using mynumber::fuzz::Holds;
  std::string_view input = mynumber::fuzz::InputOf(data, size);
  std::vector<std::string> names;
  while (!input.empty()) names.emplace_back(mynumber::fuzz::TakeUntil(&input, '\n'));
  mynumber::fuzz::Try(names);
  for (const std::string& name : names) {
    mynumber::fuzz::Try({name});
    const auto stated = Identity::FromAuthority(name);
    Holds(!stated.ok() || stated->authority() == name, "an authority is taken word for word");
    if (!mynumber::certificates::IsIdentity(name)) continue;
    const std::string path = name.substr(std::string_view("spiffe:/").size()) + "/";
    for (const char* resolved : {"//", "/./", "/../", "%", "?", "#"}) {
      Holds(path.find(resolved, 1) == path.npos, "an identity has nothing that a reader might resolve");
    }
  }
  return 0;
}
