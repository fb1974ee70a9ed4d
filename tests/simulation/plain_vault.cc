#include "tests/simulation/plain_vault.h"

#include <algorithm>
#include <cstring>

namespace mynumber::simulation {
namespace {

constexpr size_t kCheckBytes = 8;

std::string Word(uint64_t word) { return std::string(reinterpret_cast<const char*>(&word), sizeof(word)); }

uint64_t Check(const eventsourcing::SubjectKey& key, std::string_view associated, std::string_view plain) {
  const std::string_view secret(reinterpret_cast<const char*>(key.secret.data()), key.secret.size());
  return Mix(plain, Mix(associated, Mix(secret)));
}

}  // namespace

uint64_t Mix(std::string_view text, uint64_t start) {
  uint64_t hash = start ^ (0x9e3779b97f4a7c15 * (text.size() + 1));
  while (!text.empty()) {
    uint64_t word = 0;
    const size_t size = std::min<size_t>(8, text.size());
    std::memcpy(&word, text.data(), size);
    text.remove_prefix(size);
    hash = (hash ^ word) * 0xbf58476d1ce4e5b9;
    hash ^= hash >> 29;
  }
  return hash;
}

std::string PlainChain(std::string_view previous, std::string_view record) {
  const uint64_t hash = Mix(record, Mix(previous));
  std::string out;
  for (uint64_t i = 0; i < 4; ++i) out += Word(Mix(Word(hash), i));
  return out;
}

eventsourcing::SubjectKey PlainVault::NewKey() {
  eventsourcing::SubjectKey key;
  for (uint8_t& byte : key.id) byte = static_cast<uint8_t>(dice_.Next());
  for (uint8_t& byte : key.secret) byte = static_cast<uint8_t>(dice_.Next());
  Rewrap(&key);
  return key;
}

void PlainVault::Rewrap(eventsourcing::SubjectKey* key) {
  key->master_version = newest_master;
  std::copy(key->secret.begin(), key->secret.end(), key->wrapped.begin());
  const uint64_t check = Mix(key->id_view(), 39 + newest_master);
  std::memcpy(key->wrapped.data() + 32, &check, kCheckBytes);
}

absl::Status PlainVault::Unwrap(eventsourcing::SubjectKey* key) {
  const uint64_t check = Mix(key->id_view(), 39 + key->master_version);
  const bool is_here = oldest_master <= key->master_version && key->master_version <= newest_master;
  if (!is_here) return absl::NotFoundError("that master key is not here");
  if (std::memcmp(key->wrapped.data() + 32, &check, kCheckBytes) != 0) {
    return absl::DataLossError("the wrapping does not fit");
  }
  std::copy_n(key->wrapped.begin(), 32, key->secret.begin());
  return absl::OkStatus();
}

void PlainVault::Seal(const eventsourcing::SubjectKey& key, std::string_view associated, std::string_view plain,
                      std::string* out) {
  out->append(Word(Check(key, associated, plain)));
  out->append(plain);
}

absl::Status PlainVault::Open(const eventsourcing::SubjectKey& key, std::string_view associated,
                              std::string_view sealed, std::string* plain) {
  if (sealed.size() < kCheckBytes) return absl::DataLossError("sealed bytes are too short");
  const std::string_view inside = sealed.substr(kCheckBytes);
  if (sealed.substr(0, kCheckBytes) != Word(Check(key, associated, inside))) {
    return absl::DataLossError("sealed bytes were changed, or sealed for something else");
  }
  plain->assign(inside);
  return absl::OkStatus();
}

}  // namespace mynumber::simulation
