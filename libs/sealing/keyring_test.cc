#include "libs/sealing/keyring.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "libs/sealing/keyring_folder_for_tests.h"
#include "libs/sealing/seeded_chance.h"

namespace mynumber::sealing {
namespace {

const std::vector<std::string> kNewer = {"card-serial", "checkpoint", "mail-token", "code-word", "hotline-case",
                                         "record-code"};

class KeyringTest : public KeyringFolder {};

TEST_F(KeyringTest, ACreatedKeyringLoadsWithTheSameKeys) {
  ASSERT_TRUE(Keyring::Create(path_).ok());
  const auto one = Keyring::Load(path_);
  const auto other = Keyring::Load(path_);
  ASSERT_TRUE(one.ok()) << one.status();
  EXPECT_EQ(one->Fingerprint(), other->Fingerprint());
  EXPECT_EQ(one->Hash(HashUse::kDigest).Hash32("a"), other->Hash(HashUse::kDigest).Hash32("a"));
  const WrappedKey wrapped = one->Masters().Wrap(KeyBytes{1, 2, 3});
  const auto key = other->Masters().Unwrap(
      wrapped.master_version,
      {reinterpret_cast<const char*>(wrapped.bytes.data()), wrapped.bytes.size()});
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(*key, (KeyBytes{1, 2, 3}));
}

TEST_F(KeyringTest, AnotherMasterKeyWrapsAndTheFormerUnwrapsUntilItGoes) {
  ASSERT_TRUE(Keyring::Create(path_).ok());
  const auto before = Keyring::Load(path_);
  const WrappedKey wrapped = before->Masters().Wrap(KeyBytes{1, 2, 3});
  const std::string_view bytes{reinterpret_cast<const char*>(wrapped.bytes.data()), wrapped.bytes.size()};
  EXPECT_EQ(Keyring::AddMaster(path_).value(), 2u);
  const auto rotated = Keyring::Load(path_);
  ASSERT_TRUE(rotated.ok()) << rotated.status();
  EXPECT_EQ(rotated->Masters().Wrap(KeyBytes{1, 2, 3}).master_version, 2u);
  EXPECT_EQ(rotated->Masters().Unwrap(1, bytes).value(), (KeyBytes{1, 2, 3}));
  EXPECT_EQ(rotated->Fingerprint(), before->Fingerprint());
  EXPECT_EQ(rotated->Hash(HashUse::kDigest).Hash32("a"), before->Hash(HashUse::kDigest).Hash32("a"));
  EXPECT_EQ(Keyring::AddMaster(path_).value(), 3u);
  EXPECT_EQ(Keyring::DestroyFormerMasters(path_).value(), 2);
  EXPECT_EQ(Keyring::DestroyFormerMasters(path_).value(), 0);
  const auto after = Keyring::Load(path_);
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_TRUE(absl::IsNotFound(after->Masters().Unwrap(1, bytes).status()));
  EXPECT_EQ(after->Masters().newest_version(), 3u);
  EXPECT_EQ(after->Fingerprint(), before->Fingerprint());
  EXPECT_EQ(Keyring::AddMaster(path_).value(), 4u) << "no version is given twice";
}

TEST_F(KeyringTest, TheFileIsTheOwnersAloneWhateverTheUmask) {
  const mode_t before = umask(0);
  ASSERT_TRUE(Keyring::Create(path_).ok());
  umask(before);
  struct stat state;
  ASSERT_EQ(stat(path_.c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 07777, 0600u);
  // Nothing else is left in the folder.
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(KeyringTest, AKeyringIsNeverOverwritten) {
  ASSERT_TRUE(Keyring::Create(path_).ok());
  const std::string before = Read();
  EXPECT_EQ(Keyring::Create(path_).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Read(), before);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(KeyringTest, AFolderThatIsNotThereIsSaidPlainly) {
  const absl::Status created = Keyring::Create(folder_ + "/nowhere/keyring");
  EXPECT_EQ(created.code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(created.message().find("nowhere"), absl::string_view::npos);
}

TEST_F(KeyringTest, AMissingFileIsNotFound) { EXPECT_EQ(LoadCode(), absl::StatusCode::kNotFound); }

TEST_F(KeyringTest, RightsForOthersAreRefusedWithTheCommandThatMendsThem) {
  ASSERT_TRUE(Keyring::Create(path_).ok());
  for (const mode_t mode : {0640, 0604, 0620, 0601, 0644, 0666}) {
    ASSERT_EQ(chmod(path_.c_str(), mode), 0);
    const auto keyring = Keyring::Load(path_);
    EXPECT_EQ(keyring.status().code(), absl::StatusCode::kFailedPrecondition) << std::oct << mode;
    EXPECT_NE(keyring.status().message().find("chmod 600 "), absl::string_view::npos);
  }
  ASSERT_EQ(chmod(path_.c_str(), 0400), 0);
  EXPECT_EQ(LoadCode(), absl::StatusCode::kOk);
}

TEST_F(KeyringTest, AFolderIsNoKeyring) {
  std::filesystem::create_directory(path_);
  EXPECT_EQ(LoadCode(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(KeyringTest, EveryChangedOrMissingByteIsDamage) {
  ASSERT_TRUE(Keyring::Create(path_).ok());
  const std::string text = Read();
  for (size_t at = 0; at < text.size(); ++at) {
    std::string changed = text;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    Write(changed);
    EXPECT_EQ(LoadCode(), absl::StatusCode::kDataLoss) << at;
  }
  for (size_t length : {size_t{0}, size_t{1}, text.size() / 2, text.size() - 1}) {
    Write(text.substr(0, length));
    EXPECT_EQ(LoadCode(), absl::StatusCode::kDataLoss) << length;
  }
  Write(text);
  EXPECT_EQ(LoadCode(), absl::StatusCode::kOk);
}

TEST_F(KeyringTest, AMissingDoubledOrUnknownKeyIsRefusedUnderARightChecksum) {
  ASSERT_TRUE(Keyring::Create(path_).ok());
  const std::string text = Read();
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line) && line.rfind("checksum", 0) != 0) {
    const std::string name = line.substr(0, line.find(' '));
    line += "\n";
    if (std::find(kNewer.begin(), kNewer.end(), name) == kNewer.end()) {
      WriteWithout(text, {name});
      EXPECT_EQ(LoadCode(), absl::StatusCode::kDataLoss) << name;
    }
    std::string doubled = text;
    doubled.insert(doubled.find(line), line);
    Write(Checked(doubled));
    EXPECT_EQ(LoadCode(), absl::StatusCode::kDataLoss);
  }
  std::string unknown = text;
  unknown.insert(unknown.find("number 1"), "another 1 " + std::string(64, '0') + "\n");
  Write(Checked(unknown));
  EXPECT_EQ(LoadCode(), absl::StatusCode::kDataLoss);
}

TEST_F(KeyringTest, AFileOfAnEarlierVersionIsExtendedAndKeepsEveryByte) {
  ASSERT_TRUE(Keyring::Create(path_).ok());
  EXPECT_FALSE(Keyring::Load(path_)->is_extended());
  WriteWithout(Read(), kNewer);
  const std::string before = Read();
  const auto extended = Keyring::Load(path_);
  ASSERT_TRUE(extended.ok()) << extended.status();
  EXPECT_TRUE(extended->is_extended());
  const std::string after = Read();
  const size_t lines = before.find("checksum ");
  EXPECT_EQ(after.substr(0, lines), before.substr(0, lines));
  const auto again = Keyring::Load(path_);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_FALSE(again->is_extended());
  EXPECT_EQ(Read(), after) << "a second time there is nothing to add";
  EXPECT_EQ(extended->Hash(HashUse::kCodeWord).Hash32("a"), again->Hash(HashUse::kCodeWord).Hash32("a"));
  EXPECT_EQ(extended->Hash(HashUse::kDigest).Hash32("a"), again->Hash(HashUse::kDigest).Hash32("a"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
  struct stat state;
  ASSERT_EQ(stat(path_.c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 07777, 0600u);
}

TEST_F(KeyringTest, OnlyWhatIsMissingIsAdded) {
  ASSERT_TRUE(Keyring::Create(path_).ok());
  const Digest kept = Keyring::Load(path_)->Hash(HashUse::kMailToken).Hash32("a");
  const Digest lost = Keyring::Load(path_)->Hash(HashUse::kCase).Hash32("a");
  WriteWithout(Read(), {"hotline-case"});
  const auto keyring = Keyring::Load(path_);
  ASSERT_TRUE(keyring.ok()) << keyring.status();
  EXPECT_TRUE(keyring->is_extended());
  EXPECT_EQ(keyring->Hash(HashUse::kMailToken).Hash32("a"), kept);
  EXPECT_NE(keyring->Hash(HashUse::kCase).Hash32("a"), lost) << "nothing but the file had it";
}

TEST_F(KeyringTest, AnOldKeyThatIsMissingIsNeverMadeAnew) {
  ASSERT_TRUE(Keyring::Create(path_).ok());
  auto names = kNewer;
  names.push_back("application-id");
  WriteWithout(Read(), names);
  const std::string before = Read();
  EXPECT_EQ(LoadCode(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(Read(), before);
}

// A key that is added would run into the last one, and both would be lost.
TEST_F(KeyringTest, AFileWhoseLastKeyDoesNotEndItsLineIsNotExtended) {
  ASSERT_TRUE(Keyring::Create(path_).ok());
  WriteWithout(Read(), kNewer);
  std::string text = Read();
  text.erase(text.find("checksum ") - 1, 1);
  Write(Checked(text));
  const std::string before = Read();
  EXPECT_EQ(LoadCode(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(Read(), before);
}

TEST_F(KeyringTest, ProcessesThatExtendItAtOnceEndWithTheSameKeys) {
  ASSERT_TRUE(Keyring::Create(path_).ok());
  const std::string whole = Read();
  for (int round = 0; round < 20; ++round) {
    WriteWithout(whole, kNewer);
    std::array<std::string, 4> hashes;
    std::array<bool, 4> extended = {};
    std::vector<std::thread> loading;
    for (size_t i = 0; i < hashes.size(); ++i) {
      loading.emplace_back([&, i] {
        const auto keyring = Keyring::Load(path_);
        if (!keyring.ok()) return;
        hashes[i] = ToHex(keyring->Hash(HashUse::kMailToken).Hash32("a"));
        extended[i] = keyring->is_extended();
      });
    }
    for (auto& one : loading) one.join();
    EXPECT_EQ(std::set<std::string>(hashes.begin(), hashes.end()).size(), 1u);
    EXPECT_EQ(std::count(extended.begin(), extended.end(), true), 1);
  }
}

TEST_F(KeyringTest, WhatAnEndedProcessLeftIsNoObstacleAndALinkStaysALink) {
  ASSERT_TRUE(Keyring::Create(path_).ok());
  WriteWithout(Read(), kNewer);
  std::ofstream(path_ + ".new") << "half";
  const std::string link = folder_ + "/link";
  std::filesystem::create_symlink(path_, link);
  const auto keyring = Keyring::Load(link);
  ASSERT_TRUE(keyring.ok()) << keyring.status();
  EXPECT_TRUE(keyring->is_extended());
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_FALSE(Keyring::Load(path_)->is_extended());
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
}

// A folder in the way of the temporary file stands for a folder that cannot be written, which root always can.
TEST_F(KeyringTest, AFileThatCannotBeExtendedSaysWhatToDoAndStaysAsItWas) {
  ASSERT_TRUE(Keyring::Create(path_).ok());
  WriteWithout(Read(), kNewer);
  const std::string before = Read();
  std::filesystem::create_directory(path_ + ".new");
  const absl::Status refused = Keyring::Load(path_).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(refused.message().find("start once where its folder can be written"), absl::string_view::npos);
  EXPECT_EQ(Read(), before);
}

TEST_F(KeyringTest, MasterKeysOfSeveralVersionsStandBesideEachOther) {
  ASSERT_TRUE(Keyring::Create(path_).ok());
  std::string text = Read();
  text.insert(text.find("master 1"), "master 12 " + std::string(64, 'c') + "\n");
  Write(Checked(text));
  const auto keyring = Keyring::Load(path_);
  ASSERT_TRUE(keyring.ok()) << keyring.status();
  EXPECT_EQ(keyring->Masters().newest_version(), 12u);
}

TEST_F(KeyringTest, MessagesHoldNoKey) {
  ASSERT_TRUE(Keyring::Create(path_).ok());
  std::string text = Read();
  const size_t key = text.find("number 1 ") + 9;
  const std::string digits = text.substr(key, 16);
  Write(text.substr(0, text.size() - 2));
  const auto keyring = Keyring::Load(path_);
  EXPECT_EQ(keyring.status().ToString().find(digits), std::string::npos);
}

TEST(KeyringKeysTest, EveryUseHasAKeyOfItsOwn) {
  const Keyring keyring = Keyring::Generate(SeededRandom(1));
  std::set<std::string> hashes;
  for (HashUse use : {HashUse::kResidentId, HashUse::kRequest, HashUse::kRegistration,
                      HashUse::kNameLookup, HashUse::kDigest, HashUse::kMailToken, HashUse::kCodeWord,
                      HashUse::kCase, HashUse::kRecordCode}) {
    hashes.insert(ToHex(keyring.Hash(use).Hash32("a")));
  }
  EXPECT_EQ(hashes.size(), 9u);
}

TEST(KeyringKeysTest, EveryCipherHasAKeyOfItsOwn) {
  const Keyring keyring = Keyring::Generate(SeededRandom(1));
  std::set<std::string> blocks;
  for (const auto& cipher_of :
       {&Keyring::NumberCipher, &Keyring::ApplicationIdCipher, &Keyring::CardSerialCipher}) {
    BlockCipher cipher = (keyring.*cipher_of)();
    std::array<uint8_t, 16> block = {};
    cipher.Encrypt(block.data(), block.data());
    blocks.insert(ToHex(block));
  }
  EXPECT_EQ(blocks.size(), 3u);
}

TEST(KeyringKeysTest, TheFingerprintTellsKeyringsApart) {
  const Keyring one = Keyring::Generate(SeededRandom(1));
  EXPECT_EQ(one.Fingerprint().size(), 16u);
  EXPECT_EQ(one.Fingerprint(), Keyring::Generate(SeededRandom(1)).Fingerprint());
  EXPECT_NE(one.Fingerprint(), Keyring::Generate(SeededRandom(2)).Fingerprint());
}

}  // namespace
}  // namespace mynumber::sealing
