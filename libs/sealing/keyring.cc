#include "libs/sealing/keyring.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "libs/sealing/key_file.h"
#include "libs/sealing/locked_memory.h"

namespace mynumber::sealing {
namespace {

// Names in the file, which are also the labels of the hashes: for ever.
constexpr std::string_view kNumber = "number";
constexpr std::string_view kMaster = "master";
constexpr std::string_view kApplicationId = "application-id";
constexpr std::string_view kCardSerial = "card-serial";
constexpr std::string_view kCheckpoint = "checkpoint";
constexpr HashUse kHashUses[] = {HashUse::kResidentId, HashUse::kRequest, HashUse::kRegistration,
                                 HashUse::kNameLookup, HashUse::kDigest};
// With kCardSerial and kCheckpoint, what files of earlier programs lack and Load adds. A key joins in the version that
// first knows it, before anything was made with it.
constexpr HashUse kNewerHashUses[] = {HashUse::kMailToken, HashUse::kCodeWord, HashUse::kCase,
                                      HashUse::kRecordCode};
constexpr std::string_view kHeader = "mynumber-keyring 1\n";
constexpr std::string_view kChecksum = "checksum ";

std::string_view NameOf(HashUse use) {
  switch (use) {
    case HashUse::kResidentId:
      return "resident-id";
    case HashUse::kRequest:
      return "request";
    case HashUse::kRegistration:
      return "registration";
    case HashUse::kNameLookup:
      return "name-lookup";
    case HashUse::kDigest:
      return "digest";
    case HashUse::kMailToken:
      return "mail-token";
    case HashUse::kCodeWord:
      return "code-word";
    case HashUse::kCase:
      return "hotline-case";
    case HashUse::kRecordCode:
      return "record-code";
  }
  assert(false && "a use outside the enum");
  return "";
}

// In the order in which they are drawn.
std::vector<std::string_view> OlderNames() {
  std::vector<std::string_view> names = {kNumber};
  for (HashUse use : kHashUses) names.push_back(NameOf(use));
  names.push_back(kMaster);
  names.push_back(kApplicationId);
  return names;
}

std::vector<std::string_view> NewerNames() {
  std::vector<std::string_view> names = {kCardSerial, kCheckpoint};
  for (HashUse use : kNewerHashUses) names.push_back(NameOf(use));
  return names;
}

bool IsKnownName(std::string_view name) {
  for (const auto& names : {OlderNames(), NewerNames()}) {
    if (std::find(names.begin(), names.end(), name) != names.end()) return true;
  }
  return false;
}

void AppendHex(std::string_view bytes, std::string* out) {
  for (const char c : bytes) {
    out->push_back("0123456789abcdef"[static_cast<uint8_t>(c) >> 4]);
    out->push_back("0123456789abcdef"[static_cast<uint8_t>(c) & 15]);
  }
}

std::string_view View(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Digits of a key never pass through a text that is not wiped.
bool ReadKey(std::string_view hex, SecretKey* key) {
  if (hex.size() != 2 * key->view().size()) return false;
  for (size_t i = 0; i < hex.size(); i += 2) {
    const int value = HexValue(hex[i]) * 16 | HexValue(hex[i + 1]);
    if (value < 0) return false;
    key->data()[i / 2] = static_cast<uint8_t>(value);
  }
  return true;
}

// The text before the next `end`, taken off the front together with it; all of it if there is none.
std::string_view Take(std::string_view* text, char end) {
  const size_t at = text->find(end);
  const std::string_view taken = text->substr(0, at);
  text->remove_prefix(at == std::string_view::npos ? text->size() : at + 1);
  return taken;
}

absl::Status Damaged(const std::string& path, std::string_view what) {
  return absl::DataLossError(absl::StrCat("The keyring ", path, " cannot be used, since ",
                                          absl::string_view(what.data(), what.size()),
                                          ": restore it from its backup."));
}

void AppendKey(std::string_view name, uint32_t version, const SecretKey& key, std::string* text) {
  text->append(name);
  absl::StrAppend(text, " ", version, " ");
  AppendHex(key.view(), text);
  text->push_back('\n');
}

// Behind all lines.
void AppendChecksum(std::string* text) {
  const Digest digest = Sha256(*text);
  text->append(kChecksum);
  AppendHex(View(digest), text);
  text->push_back('\n');
}

// The lines between header and checksum, or nothing if either is not right.
std::string_view CheckedLines(std::string_view text) {
  const size_t checksum = text.rfind(kChecksum);
  if (text.substr(0, kHeader.size()) != kHeader || checksum == std::string_view::npos) return {};
  std::string expected(kChecksum);
  AppendHex(View(Sha256(text.substr(0, checksum))), &expected);
  expected.push_back('\n');
  if (text.substr(checksum) != expected) return {};
  return text.substr(kHeader.size(), checksum - kHeader.size());
}

std::string FingerprintOf(const SecretKey& key, std::string_view label) {
  const Digest digest = HmacSha256(key.view(), label);
  std::string fingerprint;
  AppendHex(View(digest).substr(0, 8), &fingerprint);
  return fingerprint;
}

}  // namespace

SecretKey::~SecretKey() { OPENSSL_cleanse(bytes_, sizeof bytes_); }

void Keyring::Draw(std::string_view name, const FillRandom& random, uint32_t version) {
  random(keys_[{std::string(name), version}].data(), sizeof(KeyBytes));
}

absl::Status Keyring::Change(const std::string& path, const std::function<void(Keyring*)>& change) {
  return ChangeKeyFile(path, [&](std::string* text) {
    auto keyring = Parse(*text, path);
    if (!keyring.ok()) return keyring.status();
    change(&*keyring);
    SecretText changed(kKeyFileBytesMax);
    keyring->WriteText(&changed.text);
    text->assign(changed.text);
    return absl::OkStatus();
  });
}

absl::StatusOr<uint32_t> Keyring::AddMaster(const std::string& path) {
  uint32_t version = 0;
  absl::Status status = Change(path, [&](Keyring* keyring) {
    version = keyring->Masters().newest_version() + 1;
    keyring->Draw(kMaster, SystemRandom(), version);
  });
  if (!status.ok()) return status;
  return version;
}

absl::StatusOr<int> Keyring::DestroyFormerMasters(const std::string& path) {
  int destroyed = 0;
  absl::Status status = Change(path, [&](Keyring* keyring) {
    const uint32_t newest = keyring->Masters().newest_version();
    for (auto it = keyring->keys_.begin(); it != keyring->keys_.end();) {
      const bool is_former = it->first.first == kMaster && it->first.second != newest;
      destroyed += is_former ? 1 : 0;
      it = is_former ? keyring->keys_.erase(it) : std::next(it);
    }
  });
  if (!status.ok()) return status;
  return destroyed;
}

Keyring Keyring::Generate(const FillRandom& random) {
  Keyring keyring;
  for (const auto& names : {OlderNames(), NewerNames()}) {
    for (std::string_view name : names) keyring.Draw(name, random);
  }
  return keyring;
}

absl::Status Keyring::Create(const std::string& path) {
  SecretText file(kKeyFileBytesMax);
  Generate(SystemRandom()).WriteText(&file.text);
  return WriteNewKeyFile(path, file.text);
}

absl::StatusOr<Keyring> Keyring::Load(const std::string& path) {
  SecretText file(kKeyFileBytesMax);
  if (const absl::Status read = ReadKeyFile(path, &file); !read.ok()) return read;
  const auto locked = [](absl::StatusOr<Keyring> keyring) -> absl::StatusOr<Keyring> {
    for (const auto& [name, key] : keyring->keys_) {
      const absl::Status status = LockInMemory(key.view().data(), key.view().size());
      if (!status.ok()) return status;
    }
    return keyring;
  };
  auto keyring = Parse(file.text, path);
  if (!keyring.ok()) return keyring;
  if (!keyring->LacksNewer()) return locked(std::move(keyring));
  const absl::Status extended = ChangeKeyFile(path, [&](std::string* text) {
    // Another process may have extended it since: then its keys are the ones.
    keyring = Parse(*text, path);
    if (!keyring.ok()) return keyring.status();
    return keyring->LacksNewer() ? keyring->AppendNewer(SystemRandom(), text, path) : absl::OkStatus();
  });
  if (!extended.ok()) return extended;
  return locked(std::move(keyring));
}

absl::Status Keyring::AppendNewer(const FillRandom& random, std::string* text, const std::string& path) {
  constexpr size_t kLineBytesMax = 128;
  if (text->size() + NewerNames().size() * kLineBytesMax > kKeyFileBytesMax) return Damaged(path, "it is too long");
  text->resize(text->rfind(kChecksum));
  for (std::string_view name : NewerNames()) {
    if (keys_.count({std::string(name), 1}) == 1) continue;
    Draw(name, random);
    AppendKey(name, 1, Get(name, 1), text);
  }
  AppendChecksum(text);
  is_extended_ = true;
  return absl::OkStatus();
}

bool Keyring::LacksNewer() const {
  const auto names = NewerNames();
  return !std::all_of(names.begin(), names.end(),
                      [this](std::string_view name) { return keys_.count({std::string(name), 1}) == 1; });
}

void Keyring::WriteText(std::string* text) const {
  text->append(kHeader);
  for (const auto& [name, key] : keys_) AppendKey(name.first, name.second, key, text);
  AppendChecksum(text);
}

absl::StatusOr<Keyring> Keyring::Parse(std::string_view text, const std::string& path) {
  std::string_view lines = CheckedLines(text);
  if (lines.empty()) return Damaged(path, "its first line or its checksum is not right");
  // Keys that are added stand behind it.
  if (lines.back() != '\n') return Damaged(path, "its last key has no line of its own");
  Keyring keyring;
  while (!lines.empty()) {
    std::string_view line = Take(&lines, '\n');
    const std::string_view name = Take(&line, ' ');
    const std::string_view number = Take(&line, ' ');
    uint32_t version = 0;
    if (!IsKnownName(name)) return Damaged(path, "it names a key that this program does not know");
    if (!absl::SimpleAtoi(absl::string_view(number.data(), number.size()), &version) ||
        version == 0 || (version != 1 && name != kMaster)) {
      return Damaged(path, "a key has no version, or one that this program does not know");
    }
    const auto [place, is_new] = keyring.keys_.try_emplace({std::string(name), version});
    if (!is_new || !ReadKey(line, &place->second))
      return Damaged(path, "a key is doubled or has not 64 digits");
  }
  bool complete = keyring.Masters().newest_version() > 0;
  for (std::string_view name : OlderNames())
    complete = complete && (name == kMaster || keyring.keys_.count({std::string(name), 1}) == 1);
  if (!complete) return Damaged(path, "a key is missing");
  return keyring;
}

const SecretKey& Keyring::Get(std::string_view name, uint32_t version) const {
  const auto key = keys_.find({std::string(name), version});
  assert(key != keys_.end() && "a keyring without one of its keys");
  return key->second;
}

BlockCipher Keyring::NumberCipher() const { return BlockCipher(Get(kNumber, 1).view()); }
BlockCipher Keyring::ApplicationIdCipher() const { return BlockCipher(Get(kApplicationId, 1).view()); }
BlockCipher Keyring::CardSerialCipher() const { return BlockCipher(Get(kCardSerial, 1).view()); }

SigningKey Keyring::Checkpoints() const { return SigningKey(Get(kCheckpoint, 1).view()); }

KeyedHash Keyring::Hash(HashUse use) const { return {Get(NameOf(use), 1).view(), NameOf(use)}; }

MasterKeys Keyring::Masters() const {
  MasterKeys masters;
  for (const auto& [name, key] : keys_) {
    if (name.first == kMaster) masters.Add(name.second, key.view());
  }
  return masters;
}

std::string Keyring::Fingerprint() const {
  return FingerprintOf(Get(kNumber, 1), "mynumber number key fingerprint");
}

std::vector<Keyring::KeyFingerprint> Keyring::Fingerprints() const {
  std::vector<KeyFingerprint> all;
  for (const auto& [id, key] : keys_) {
    all.push_back({id.first, id.second, FingerprintOf(key, absl::StrCat("mynumber key fingerprint ", id.first))});
  }
  return all;
}

}  // namespace mynumber::sealing
