// What the spool said is kept is there after any death.

#include "services/hotline/service_spool.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>

#include <sys/wait.h>
#include <unistd.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/sealing/chance.h"
#include "libs/sealing/keyring.h"
#include "libs/sealing/subject_vault.h"

namespace mynumber::hotline {
namespace {

class SpoolTest : public ::testing::Test {
 protected:
  SpoolTest() {
    folder_ = ::testing::TempDir() + "/spool_test_" + ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
  }
  ~SpoolTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Spool> Open(size_t files_max = 100, Spool::Step step = nullptr) {
    auto spool = Spool::Open(folder_, files_max, std::move(step));
    EXPECT_EQ(spool.status(), absl::OkStatus());
    return *std::move(spool);
  }
  static rows::v1::SpooledSuspension Made(char letter) {
    rows::v1::SpooledSuspension made;
    made.set_case_id(std::string(16, 'c'));
    made.set_card("residents/68686868686868686868686868686868/cards/1");
    made.set_request_id(std::string(16, letter));
    made.set_asked_micros(7);
    return made;
  }
  std::string LettersOf(Spool* spool) {
    std::string letters;
    for (const auto& kept : spool->Read(100, "", &vault_)) letters.push_back(kept.suspension.request_id()[0]);
    return letters;
  }
  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }

  std::string folder_;
  const sealing::Keyring keyring_ = sealing::Keyring::Generate(sealing::SystemRandom());
  sealing::SubjectVault vault_{keyring_.Masters()};
};

TEST_F(SpoolTest, WhatIsKeptIsReadAgainAfterARestart) {
  ASSERT_EQ(Open()->Keep(Made('a'), &vault_), absl::OkStatus());
  const auto spool = Open();
  EXPECT_EQ(spool->size(), 1u);
  const auto kept = spool->Read(100, "", &vault_);
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].suspension.SerializeAsString(), Made('a').SerializeAsString());
  EXPECT_EQ(spool->Remove(kept[0].name), absl::OkStatus());
  EXPECT_EQ(spool->size(), 0u);
  EXPECT_TRUE(Files().empty());
}

TEST_F(SpoolTest, NothingStandsInItInPlainText) {
  ASSERT_EQ(Open()->Keep(Made('a'), &vault_), absl::OkStatus());
  std::ifstream file(folder_ + "/" + Files().at(0), std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  EXPECT_THAT(bytes, ::testing::Not(::testing::HasSubstr("68686868")));
}

TEST_F(SpoolTest, TheSameRequestIsOneFileAndTheirNumberIsBounded) {
  const auto spool = Open(2);
  EXPECT_EQ(spool->Keep(Made('a'), &vault_), absl::OkStatus());
  EXPECT_EQ(spool->Keep(Made('a'), &vault_), absl::OkStatus());
  EXPECT_EQ(spool->Keep(Made('b'), &vault_), absl::OkStatus());
  EXPECT_TRUE(absl::IsResourceExhausted(spool->Keep(Made('c'), &vault_)));
  EXPECT_EQ(spool->Keep(Made('b'), &vault_), absl::OkStatus()) << "it is there";
  EXPECT_EQ(LettersOf(spool.get()), "ab");
}

TEST_F(SpoolTest, AReadGoesOnWhereTheLastOneEnded) {
  const auto spool = Open();
  for (char letter : {'a', 'b', 'c'}) ASSERT_EQ(spool->Keep(Made(letter), &vault_), absl::OkStatus());
  std::string letters, after;
  for (int i = 0; i < 4; ++i) {
    for (const auto& kept : spool->Read(2, after, &vault_)) {
      letters.push_back(kept.suspension.request_id()[0]);
      after = kept.name;
    }
  }
  EXPECT_EQ(letters, "abcabcab");
}

TEST_F(SpoolTest, AFileIsWholeOnDiskBeforeItHasItsName) {
  std::vector<SpoolStep> steps;
  const auto spool = Open(10, [&](SpoolStep step) {
    for (const std::string& name : Files()) {
      EXPECT_EQ(name.find(".begun") == name.npos, step >= SpoolStep::kRenamed) << name;
    }
    steps.push_back(step);
    return absl::OkStatus();
  });
  ASSERT_EQ(spool->Keep(Made('a'), &vault_), absl::OkStatus());
  EXPECT_EQ(steps, (std::vector<SpoolStep>{SpoolStep::kWritten, SpoolStep::kFileSynced, SpoolStep::kRenamed,
                                           SpoolStep::kFolderSynced}));
}

TEST_F(SpoolTest, ADiskThatFailsKeepsNothingAndSaysSo) {
  for (const SpoolStep at : {SpoolStep::kWritten, SpoolStep::kFileSynced, SpoolStep::kRenamed}) {
    const auto spool = Open(10, [at](SpoolStep step) {
      return step == at ? absl::UnavailableError("the disk fails") : absl::OkStatus();
    });
    EXPECT_TRUE(absl::IsUnavailable(spool->Keep(Made('a'), &vault_)));
    EXPECT_EQ(spool->size(), 0u);
    EXPECT_TRUE(Files().empty());
  }
}

// A process that dies at each step: what it said is kept is there, and what is there is whole.
TEST_F(SpoolTest, ADeathAtAnyStepLeavesAWholeFileOrNone) {
  for (const SpoolStep at :
       {SpoolStep::kWritten, SpoolStep::kFileSynced, SpoolStep::kRenamed, SpoolStep::kFolderSynced}) {
    std::filesystem::remove_all(folder_);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto spool = Spool::Open(folder_, 10, [at](SpoolStep step) {
        if (step == at) raise(SIGKILL);
        return absl::OkStatus();
      });
      (void)(*spool)->Keep(Made('a'), &vault_);
      _exit(0);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "it should have died in the middle";
    const auto spool = Open();
    EXPECT_EQ(LettersOf(spool.get()), at >= SpoolStep::kRenamed ? "a" : "");
    EXPECT_EQ(spool->size(), Files().size()) << "nothing half is left";
  }
}

TEST_F(SpoolTest, AFileThatIsCutOffIsPutAsideAndTheOthersAreRead) {
  {
    const auto spool = Open();
    for (char letter : {'a', 'b'}) ASSERT_EQ(spool->Keep(Made(letter), &vault_), absl::OkStatus());
  }
  std::vector<std::string> files = Files();
  std::sort(files.begin(), files.end());
  std::filesystem::resize_file(folder_ + "/" + files[0], std::filesystem::file_size(folder_ + "/" + files[0]) / 2);
  const auto spool = Open();
  EXPECT_EQ(LettersOf(spool.get()), "b");
  EXPECT_EQ(spool->size(), 1u);
  EXPECT_EQ(Files().size(), 2u) << "it may be the only copy";
}

}  // namespace
}  // namespace mynumber::hotline
