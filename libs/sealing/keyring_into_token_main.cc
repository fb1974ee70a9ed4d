// Has a keyring's file sealed by a key in a PKCS#11 token: docs/howto/keep-the-keyring-in-a-token.md.

#include <cstdio>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "libs/sealing/key_file.h"
#include "libs/token/token_key.h"

ABSL_FLAG(bool, make_key, false, "Make the key in the token first; it must have none of this name.");

namespace mynumber::sealing {
namespace {

int Run(const std::vector<char*>& words) {
  if (words.size() != 3) {
    std::fprintf(stderr,
                 "keyring-into-token [--make_key] KEYRING 'pkcs11:token=.;object=.?module-path=.&pin-source=.'\n");
    return 2;
  }
  const std::string path = words[1], uri = words[2];
  absl::Status status = absl::GetFlag(FLAGS_make_key) ? token::TokenKey::Make(uri) : absl::OkStatus();
  if (status.ok()) status = PutKeyFileIntoToken(path, uri);
  if (!status.ok()) {
    std::fprintf(stderr, "keyring-into-token: %s\n", std::string(status.message()).c_str());
    return 1;
  }
  std::printf("%s is sealed by the key in the token, and was opened again by it\n", path.c_str());
  return 0;
}

}  // namespace
}  // namespace mynumber::sealing

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("Has a keyring's file sealed by a key in a PKCS#11 token.");
  return mynumber::sealing::Run(absl::ParseCommandLine(argc, argv));
}
