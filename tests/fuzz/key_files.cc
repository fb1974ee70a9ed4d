// A keyring's file: any lines, with a first line and a checksum that are right, or a file of any bytes.

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "absl/strings/escaping.h"
#include "libs/sealing/keyring.h"
#include "libs/sealing/running_hash.h"
#include "tests/fuzz/law.h"

namespace mynumber::fuzz {
namespace {

// A file in memory, written anew for each input.
class KeyFile {
 public:
  KeyFile() {
    const int descriptor = mkstemp(path_.data());
    Holds(descriptor >= 0, "there is room for a file");
    close(descriptor);
  }
  ~KeyFile() { unlink(path_.c_str()); }

  const std::string& Write(const std::string& text) const {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << text;
    return path_;
  }

 private:
  std::string path_ = "/dev/shm/fuzz-keyring-XXXXXX";
};

std::string WithChecksum(const std::string& lines) {
  const std::string text = "mynumber-keyring 1\n" + lines;
  const sealing::Digest digest = sealing::Sha256(text);
  return text + "checksum " +
         absl::BytesToHexString({reinterpret_cast<const char*>(digest.data()), digest.size()}) + "\n";
}

}  // namespace
}  // namespace mynumber::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using mynumber::fuzz::Holds;
  using mynumber::sealing::Keyring;
  static const mynumber::fuzz::KeyFile file;
  std::string_view input = mynumber::fuzz::InputOf(data, size);
  const bool is_whole = mynumber::fuzz::TakeByte(&input) % 2 == 1;
  const std::string& path =
      file.Write(is_whole ? std::string(input) : mynumber::fuzz::WithChecksum(std::string(input)));
  const auto keyring = Keyring::Load(path);
  if (!keyring.ok()) {
    const bool is_sealed = is_whole && input.substr(0, 26) == "mynumber-keyring-in-token ";
    const bool is_without_token = absl::IsNotFound(keyring.status()) || absl::IsPermissionDenied(keyring.status());
    Holds(absl::IsDataLoss(keyring.status()) || absl::IsUnavailable(keyring.status()) ||
              (is_sealed && is_without_token),
          "a keyring that cannot be read is damaged or out of reach");
    Holds(keyring.status().message().find(path) != absl::string_view::npos, "the sentence names the file");
    return 0;
  }
  Holds(keyring->Masters().newest_version() > 0, "a keyring has a master key");
  const auto again = Keyring::Load(path);
  Holds(again.ok() && !again->is_extended(), "what was extended once is whole");
  Holds(again->Fingerprint() == keyring->Fingerprint() &&
            again->Fingerprints().size() == keyring->Fingerprints().size(),
        "the same file gives the same keys");
  return 0;
}
