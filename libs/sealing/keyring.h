#ifndef MYNUMBER_LIBS_SEALING_KEYRING_H_
#define MYNUMBER_LIBS_SEALING_KEYRING_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/sealing/block_cipher.h"
#include "libs/sealing/chance.h"
#include "libs/sealing/keyed_hash.h"
#include "libs/sealing/master_keys.h"
#include "libs/sealing/signing_key.h"

namespace mynumber::sealing {

// What a keyed hash is for: each use has a key of its own.
enum class HashUse {
  kResidentId,    // resident record code -> opaque id
  kRequest,       // payload of a request, to recognise another one under its id
  kRegistration,  // first registration's details, to recognise a repetition
  kNameLookup,    // normalised name and birth date -> index key
  kDigest,        // a resident's row, for comparing registers
  kMailToken,     // the secret part of a link that is mailed
  kCodeWord,      // a code word that a caller says -> what is kept of it
  kCase,          // a hotline case -> opaque id
  kRecordCode,    // a record in its place in a log, so that nobody else can write one
};

// A secret of 32 bytes, wiped when it goes. Stays where it was made.
class SecretKey {
 public:
  SecretKey() = default;
  ~SecretKey();
  SecretKey(const SecretKey&) = delete;
  SecretKey& operator=(const SecretKey&) = delete;

  uint8_t* data() { return bytes_; }
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes_), sizeof bytes_}; }

 private:
  uint8_t bytes_[32] = {};
};

// Every long-lived key of a cluster, and the file that holds them. The number key makes the
// nation's numbers: it is never changed, and whoever has it can reverse every number. Threads may
// share a constant keyring; what it makes has the rules of its own class.
//
// The file: "mynumber-keyring 1", then lines "name version hex" (names as in keyring.cc), then
// "checksum hex", the SHA-256 of all bytes before that line. It guards against damage, not against
// whoever can write the file. Keys that came with later programs stand behind the others.
class Keyring {
 public:
  // New keys, master key version 1. Of a test: SeededRandom.
  static Keyring Generate(const FillRandom& random);

  // Writes a new keyring, mode 0600, so that the whole file is on disk or none. ALREADY_EXISTS
  // rather than overwrite anything: a lost number key loses the numbers.
  static absl::Status Create(const std::string& path);

  // A file that lacks only keys that came with later programs gets them, new ones, before anything uses it:
  // is_extended() then. It is replaced as a whole or not at all, and what stood in it stays byte for byte; two
  // processes that load one file at once end with the same keys. Copies of the file on other machines do not: see
  // docs/howto/back-up-the-keyring.md.
  //
  // NOT_FOUND: no file. FAILED_PRECONDITION: others than the owner may read or write it. UNAVAILABLE: it could not
  // be read, or not be extended. DATA_LOSS: damaged, or a key is missing. Each message is a sentence that says what to
  // do, and holds no key.
  static absl::StatusOr<Keyring> Load(const std::string& path);

  // A new master key in the file, whose version is returned: once every instance has it, it wraps what they make, and
  // they wrap anew what former ones did (docs/howto/rotate-the-master-key.md). Errors as of Load.
  static absl::StatusOr<uint32_t> AddMaster(const std::string& path);
  // Takes all master keys but the newest out of the file, and returns how many: what they alone wrapped opens never
  // more, in whatever copy it stands, once no copy of them is left either.
  static absl::StatusOr<int> DestroyFormerMasters(const std::string& path);

  Keyring(Keyring&&) = default;
  Keyring& operator=(Keyring&&) = default;

  // Whether Load added keys to the file: its copies are old now.
  bool is_extended() const { return is_extended_; }

  // AES under the number key, for identifiers::NumberPermutation.
  BlockCipher NumberCipher() const;
  // For identifiers::ApplicationIdPermutation: whoever may make application IDs cannot reverse numbers.
  BlockCipher ApplicationIdCipher() const;
  // For identifiers::CardSerialPermutation, likewise.
  BlockCipher CardSerialCipher() const;
  KeyedHash Hash(HashUse use) const;
  MasterKeys Masters() const;
  // Signs where the log stands.
  SigningKey Checkpoints() const;

  // 16 hexadecimal characters that identify the number key and cannot reveal it: written into every
  // claim, so that a cluster never runs on another's key.
  std::string Fingerprint() const;

  // The same of every key, in the order of names and versions.
  struct KeyFingerprint {
    std::string name;
    uint32_t version = 1;
    std::string fingerprint;
  };
  std::vector<KeyFingerprint> Fingerprints() const;

 private:
  Keyring() = default;
  static absl::StatusOr<Keyring> Parse(std::string_view text, const std::string& path);
  // Behind `text`, one line each: new keys for what this keyring lacks of those that came later.
  absl::Status AppendNewer(const FillRandom& random, std::string* text, const std::string& path);
  bool LacksNewer() const;
  void Draw(std::string_view name, const FillRandom& random, uint32_t version = 1);
  // Hands the file's keyring to `change`, and writes what it is then into the file's place.
  static absl::Status Change(const std::string& path, const std::function<void(Keyring*)>& change);
  void WriteText(std::string* text) const;
  const SecretKey& Get(std::string_view name, uint32_t version) const;

  // By name and version; nodes, so that a key is never moved in memory.
  std::map<std::pair<std::string, uint32_t>, SecretKey> keys_;
  bool is_extended_ = false;
};

}  // namespace mynumber::sealing

#endif  // MYNUMBER_LIBS_SEALING_KEYRING_H_
