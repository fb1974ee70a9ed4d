// A start finds what it needs, folds afresh what is missing, damaged or of another version, and says plainly what it
// cannot go on from.

#include <array>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "absl/strings/escaping.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "libs/log/log.h"
#include "libs/sealing/keyring.h"
#include "libs/sealing/running_hash.h"
#include "mynumber/eventlog/v1/head.pb.h"
#include "tests/stories/story.h"

namespace mynumber::stories {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

struct Outcome {
  int exit_code = 0;
  // Errors included.
  std::string output;
};

Outcome RunCommand(const std::string& command) {
  Outcome outcome;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> piece;
  while (size_t size = fread(piece.data(), 1, piece.size(), pipe)) outcome.output.append(piece.data(), size);
  outcome.exit_code = WEXITSTATUS(pclose(pipe));
  return outcome;
}

// Without the keys that came with card serials.
void WriteKeyringOfAnEarlierVersion(const std::string& path) {
  std::ifstream file(path);
  std::string kept;
  for (std::string line; std::getline(file, line) && line.rfind("checksum ", 0) != 0;) {
    if (line.rfind("card-serial ", 0) != 0) kept += line + "\n";
  }
  kept += "checksum ";
  const sealing::Digest digest = sealing::Sha256(kept.substr(0, kept.size() - 9));
  const std::string bytes(reinterpret_cast<const char*>(digest.data()), digest.size());
  std::ofstream(path, std::ios::trunc) << kept << absl::BytesToHexString(bytes) << "\n";
}

class StartupStory : public Story {
 protected:
  // What is told of somebody with a past, and of everybody in the city.
  std::string Answers(const v1::RegisterResidentRequest& registration, const std::string& name) {
    v1::Resident seen = Seen(name);
    seen.clear_position();
    return client_.Call(registration)->SerializeAsString() + seen.SerializeAsString() +
           client_.Call(city_.Disclosures(name))->SerializeAsString() +
           client_.Call(city_.Digest())->SerializeAsString() + client_.Call(city_.List(1000))->SerializeAsString();
  }
  // Everything is answered as before after `meanwhile` happened to the stopped cluster's data.
  void ExpectSameAnswersAfter(const std::function<void()>& meanwhile) {
    const v1::RegisterResidentRequest registration = city_.Registration(Somebody());
    const std::string name = client_.Call(registration)->name();
    ASSERT_THAT(client_.Call(city_.Replacement(name)), IsOk());
    ASSERT_THAT(client_.Call(city_.Departure(Registered(Somebody()).name())), IsOk());
    const std::string before = Answers(registration, name);
    Restart(meanwhile);
    EXPECT_EQ(Answers(registration, name), before);
    EXPECT_TRUE(client_.Verify()->clean());
  }
  double FoldedRecords(uint32_t partition) {
    return cluster_->Metric("mynumber_folded_records{partition=\"" + std::to_string(partition) +
                            "\",service=\"issuance\"}");
  }
  bool IsAside(uint32_t partition, const std::string& why) {
    return fs::exists(cluster_->RowsFolder(partition) + "." + why + "-1");
  }
  // Says of the rows of partition 2 that code of a version so much later made them.
  static void MakeRowsLaterBy(int versions) {
    cluster_->EditRows(2, [versions](projection::RocksRows* rows) {
      std::string value;
      ASSERT_TRUE(rows->Get(eventsourcing::kHeadKey, &value).value());
      eventlog::v1::PartitionHead head;
      ASSERT_TRUE(head.ParseFromString(value));
      head.set_projection_version(head.projection_version() + static_cast<uint32_t>(versions));
      ASSERT_THAT(rows->Write({{std::string(eventsourcing::kHeadKey), head.SerializeAsString()}}), IsOk());
    });
  }
  // Spoils data in the middle of a file; what it is opened by, and its first row, stay.
  static void Rot(const fs::path& path) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    const auto size = static_cast<int64_t>(fs::file_size(path));
    for (int64_t at = 16 << 10; at < size * 6 / 10; at += 1 << 10) {
      file.seekp(at);
      file.put('\x5A');
    }
  }
  // The newest file of the rows whose name has `part` in it.
  std::string FileOf(uint32_t partition, const std::string& part) {
    std::string newest;
    for (const auto& entry : fs::directory_iterator(cluster_->RowsFolder(partition))) {
      const std::string path = entry.path().string();
      if (entry.path().filename().string().find(part) != std::string::npos && path > newest) newest = path;
    }
    EXPECT_NE(newest, "") << part;
    return newest;
  }
};

TEST_F(StartupStory, AnOrderlyRestartReadsOnFromWhereTheRowsStand) {
  for (int i = 0; i < 30; ++i) Registered(Somebody());
  ExpectSameAnswersAfter([] {});
  // The claims alone.
  for (uint32_t p = 0; p < 4; ++p) EXPECT_EQ(FoldedRecords(p), 1) << p;
}

TEST_F(StartupStory, DeletedRowsAreFoldedAfresh) {
  ExpectSameAnswersAfter([] { fs::remove_all(cluster_->data() + "/issuance"); });
  for (uint32_t p = 0; p < 4; ++p) EXPECT_GT(FoldedRecords(p), 1) << p;
}

TEST_F(StartupStory, RowsOfAnEarlierVersionAreMovedAsideAndFoldedAfresh) {
  ExpectSameAnswersAfter([] { MakeRowsLaterBy(-1); });
  EXPECT_TRUE(IsAside(2, "before"));
  EXPECT_GT(FoldedRecords(2), 1);
}

TEST_F(StartupStory, RowsOfALaterVersionAreLeftAloneAndNamed) {
  ExpectSameAnswersAfter([] {
    MakeRowsLaterBy(1);
    const absl::Status refused = cluster_->TryStart();
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_NE(refused.message().find("partition 2 were made by a newer program"), std::string::npos) << refused;
    MakeRowsLaterBy(-1);
  });
  EXPECT_EQ(FoldedRecords(2), 1) << "the claim alone";
}

TEST_F(StartupStory, RowsWithATruncatedFileAreMovedAsideAndFoldedAfresh) {
  ExpectSameAnswersAfter([this] {
    const std::string table = FileOf(0, ".sst");
    fs::resize_file(table, fs::file_size(table) / 2);
  });
  EXPECT_TRUE(IsAside(0, "damaged"));
}

TEST_F(StartupStory, RowsWithoutAFileAreMovedAsideAndFoldedAfresh) {
  ExpectSameAnswersAfter([this] { fs::remove(FileOf(1, ".sst")); });
  EXPECT_TRUE(IsAside(1, "damaged"));
  ExpectSameAnswersAfter([this] { fs::remove(FileOf(2, "MANIFEST")); });
  EXPECT_TRUE(IsAside(2, "damaged"));
}

TEST_F(StartupStory, RowsWithAFileOfNonsenseAreMovedAsideAndFoldedAfresh) {
  const auto scribble = [this](uint32_t partition, const std::string& part) {
    const std::string path = FileOf(partition, part);
    std::ofstream(path, std::ios::trunc) << std::string(4096, 'x');
  };
  ExpectSameAnswersAfter([&] { scribble(3, "MANIFEST"); });
  EXPECT_TRUE(IsAside(3, "damaged"));
  ExpectSameAnswersAfter([&] { scribble(3, "CURRENT"); });
}

// Bits that rot inside of a file are noticed when they are read: no wrong answer, and the next start folds afresh.
TEST_F(StartupStory, RowsThatRotUnnoticedAreFoldedAfreshAtTheStartAfterTheyWereRead) {
  std::vector<Person> people;
  for (int i = 0; i < 400; ++i) people.push_back(Somebody());
  const auto loaded = client_.Load({city_.Batch(1, people)}).value();
  Restart([&] {
    for (const auto& entry : fs::directory_iterator(cluster_->RowsFolder(0))) {
      if (entry.path().extension() == ".sst") Rot(entry.path());
    }
  });
  std::vector<size_t> unread;
  for (size_t i = 0; i < people.size(); ++i) {
    const auto seen = client_.Call(city_.Look(loaded.at(0).rows(static_cast<int>(i)).name()));
    if (!seen.ok()) unread.push_back(i);
    if (seen.ok()) EXPECT_EQ(seen->details().SerializeAsString(), people[i].details.SerializeAsString());
  }
  EXPECT_FALSE(unread.empty()) << "nothing rotten was read";
  EXPECT_FALSE(client_.Verify()->clean());
  Restart();
  EXPECT_TRUE(fs::exists(cluster_->RowsFolder(0) + ".damaged-1") || fs::exists(cluster_->RowsFolder(0) + ".damaged-2"));
  for (size_t i : unread) {
    EXPECT_EQ(Seen(loaded.at(0).rows(static_cast<int>(i)).name()).details().SerializeAsString(),
              people[i].details.SerializeAsString());
  }
  EXPECT_TRUE(client_.Verify()->clean());
}

// ---- What stops a start.

TEST_F(StartupStory, ASecondProcessOnTheSameDataIsRefusedPlainly) {
  const std::string ports = " --listen 127.0.0.1:0 --admin 127.0.0.1:0";
  const Outcome second = RunCommand("services/standalone/mynumber-standalone" + ports + " --data " + cluster_->data());
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_THAT(second.output, HasSubstr("another process uses"));
  EXPECT_THAT(second.output, HasSubstr("stop it first"));
  EXPECT_THAT(client_.Call(city_.Registration(Somebody())), IsOk()) << "the first one does not mind";
}

TEST_F(StartupStory, AnotherNumberOfPartitionsIsRefusedPlainly) {
  cluster_->Stop();
  cluster_->options.partition_count = 8;
  const absl::Status refused = cluster_->TryStart();
  EXPECT_EQ(refused.code(), StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("was created with 4 partitions"));
  cluster_->options.partition_count = 0;
  cluster_->Start();
}

TEST_F(StartupStory, AMissingKeyringIsRefusedPlainlyAndNoneIsMade) {
  const std::string keyring = cluster_->data() + "/keyring";
  cluster_->Stop();
  fs::rename(keyring, keyring + "-elsewhere");
  const absl::Status refused = cluster_->TryStart();
  EXPECT_EQ(refused.code(), StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("put it back there"));
  EXPECT_FALSE(fs::exists(keyring));
  fs::rename(keyring + "-elsewhere", keyring);
  cluster_->Start();
}

TEST_F(StartupStory, AKeyringOfAnEarlierVersionIsExtendedAndTheOperatorIsToldToCopyIt) {
  RunningCluster upgraded;
  fs::create_directories(upgraded.data());
  ASSERT_THAT(sealing::Keyring::Create(upgraded.data() + "/keyring"), IsOk());
  WriteKeyringOfAnEarlierVersion(upgraded.data() + "/keyring");
  static std::atomic<int> told{0};
  log::Options logged;
  logged.sink = [](std::string_view line) {
    if (line.find("keyring_extended") != std::string_view::npos) ++told;
  };
  log::Configure(logged);
  upgraded.Start();
  EXPECT_EQ(told, 1);
  upgraded.Restart();
  EXPECT_EQ(told, 1) << "it is whole now";
  log::Configure({});
}

TEST_F(StartupStory, AnOldCopyOfTheKeyringIsRefusedPlainly) {
  const std::string keyring = cluster_->data() + "/keyring";
  Registered(Somebody());
  cluster_->Stop();
  fs::copy_file(keyring, keyring + "-whole");
  WriteKeyringOfAnEarlierVersion(keyring);
  const absl::Status refused = cluster_->TryStart();
  EXPECT_EQ(refused.code(), StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("give every instance of a cluster the same keyring file"));
  fs::rename(keyring + "-whole", keyring);
  cluster_->Start();
}

TEST_F(StartupStory, AnotherClustersKeyringIsRefusedPlainly) {
  Registered(Somebody());
  RunningCluster other;
  other.Start();
  other.Stop();
  cluster_->Stop();
  cluster_->options.keyring = other.data() + "/keyring";
  const absl::Status refused = cluster_->TryStart();
  EXPECT_EQ(refused.code(), StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("start with the keyring it was created with"));
  cluster_->options.keyring.clear();
  cluster_->Start();
}

TEST_F(StartupStory, APortThatIsTakenIsRefusedPlainly) {
  RunningCluster other;
  other.options.listen = cluster_->target();
  const absl::Status refused = other.TryStart();
  EXPECT_EQ(refused.code(), StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("another process has it"));
}

}  // namespace
}  // namespace mynumber::stories
