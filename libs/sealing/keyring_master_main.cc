// Another master key for a keyring, and the end of former ones: docs/howto/rotate-the-master-key.md.

#include <cstdio>
#include <string>
#include <string_view>

#include "libs/sealing/keyring.h"

namespace mynumber::sealing {
namespace {

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "keyring-master: %s\n", std::string(status.message()).c_str());
  return 1;
}

int Run(std::string_view what, const std::string& path) {
  if (what == "add") {
    const auto version = Keyring::AddMaster(path);
    if (!version.ok()) return Fail(version.status());
    std::printf("%s has master key %u now: bring the file to every instance, and start them again\n", path.c_str(),
                *version);
    return 0;
  }
  if (what == "destroy-former") {
    const auto destroyed = Keyring::DestroyFormerMasters(path);
    if (!destroyed.ok()) return Fail(destroyed.status());
    std::printf("%d former master keys are out of %s; destroy its copies and shares, too\n", *destroyed, path.c_str());
    return 0;
  }
  std::fprintf(stderr, "keyring-master add KEYRING\nkeyring-master destroy-former KEYRING\n");
  return 2;
}

}  // namespace
}  // namespace mynumber::sealing

int main(int argc, char** argv) { return mynumber::sealing::Run(argc == 3 ? argv[1] : "", argc == 3 ? argv[2] : ""); }
