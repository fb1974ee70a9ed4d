// The certificate and the chain of whoever connects, as PEM: held against the lists of revoked ones.

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "libs/certificates/made_certificates.h"
#include "libs/certificates/revocations.h"
#include "tests/fuzz/law.h"

namespace mynumber::fuzz {
namespace {

using certificates::Revocations;

// A folder with lists, and a certificate that none of them names and one that one does.
struct Authority {
  std::string folder = "/tmp/fuzz-certificates-XXXXXX";
  std::string good, good_chain, revoked;
  std::unique_ptr<Revocations> revocations;

  Authority() {
    Holds(mkdtemp(folder.data()) != nullptr, "there is room for a folder");
    certificates::MadeAuthority made;
    certificates::Wish wish;
    wish.uris = {"spiffe://mynumber/post-office"};
    wish.until_seconds = 86'400;
    const certificates::Made one = made.Issue(wish), other = made.Issue(wish);
    made.Revoke(other.certificate);
    made.Write(folder, one);
    good = PemOf(one.certificate);
    good_chain = made.ChainOf(one);
    revoked = PemOf(other.certificate);
    auto opened = Revocations::Open(folder);
    Holds(opened.ok(), "an authority's own folder is good");
    revocations = *std::move(opened);
  }
  ~Authority() { std::filesystem::remove_all(folder); }
};

}  // namespace
}  // namespace mynumber::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using mynumber::fuzz::Holds;
  static mynumber::fuzz::Authority authority;
  mynumber::certificates::Revocations& revocations = *authority.revocations;
  const std::string input(mynumber::fuzz::InputOf(data, size));
  const absl::Status alone = revocations.Check(input, input);
  Holds(!alone.ok() || input.find("-----BEGIN") != input.npos, "what holds no certificate is let in nowhere");
  for (const absl::Status& status : {alone, revocations.Check(input, authority.good_chain)}) {
    Holds(status.ok() || absl::IsPermissionDenied(status) || absl::IsUnauthenticated(status),
          "a certificate is let in, revoked, or not valid");
    Holds(status.ok() || !status.message().empty(), "a refusal has a sentence");
  }
  Holds(revocations.Check(authority.good, authority.good_chain).ok(), "whatever came before, a good one is let in");
  Holds(absl::IsPermissionDenied(revocations.Check(authority.revoked, input + "\n" + authority.revoked)),
        "and a revoked one is not, whatever stands before it");
  return 0;
}
