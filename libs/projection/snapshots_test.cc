#include "libs/projection/snapshots.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "gtest/gtest.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "mynumber/eventlog/v1/head.pb.h"

namespace mynumber::projection {
namespace {

namespace fs = std::filesystem;

constexpr uint32_t kVersion = 3;

class SnapshotsTest : public testing::Test {
 protected:
  SnapshotsTest()
      : root_(testing::TempDir() + "/snapshots-" + testing::UnitTest::GetInstance()->current_test_info()->name()),
        snapshots_(root_ + "/shared") {
    fs::remove_all(root_);
    rows_ = Open("own");
  }
  ~SnapshotsTest() override {
    rows_.reset();
    fs::remove_all(root_);
  }

  std::unique_ptr<RocksRows> Open(const std::string& name) {
    auto rows = RocksRows::Open(root_ + "/" + name, &memory_, 1000);
    EXPECT_TRUE(rows.ok()) << rows.status();
    return *std::move(rows);
  }
  // Rows that have come to this sequence; each leaves a row of its own.
  void Fold(uint64_t sequence) {
    eventlog::v1::PartitionHead head;
    head.set_sequence(sequence);
    head.set_projection_version(kVersion);
    eventsourcing::Changes changes;
    changes.Put(eventsourcing::kHeadKey, head.SerializeAsString());
    changes.Put("s" + std::to_string(sequence), std::string(10'000, 'x'));
    ASSERT_TRUE(rows_->Write(changes).ok());
  }
  SnapshotInfo Make(const std::string& instance) {
    const auto made = snapshots_.Make("notice", 5, instance, *rows_);
    EXPECT_TRUE(made.ok()) << made.status();
    return made.value_or(SnapshotInfo{});
  }
  auto Restore(uint32_t version = kVersion) { return snapshots_.Restore("notice", 5, version, root_ + "/restored"); }
  std::string From(const std::string& instance) const { return root_ + "/shared/notice/5/" + instance; }

  const std::string root_;
  SharedMemory memory_{MemoryOptions{}};
  const Snapshots snapshots_;
  std::unique_ptr<RocksRows> rows_;
};

TEST_F(SnapshotsTest, GivesBackWhatTheRowsHadEvenFromMemory) {
  Fold(7);
  const SnapshotInfo made = Make("one");
  EXPECT_EQ(made.sequence, 7u);
  Fold(8);
  const auto restored = Restore();
  ASSERT_TRUE(restored.ok() && *restored) << restored.status();
  EXPECT_EQ((*restored)->sequence, 7u);
  EXPECT_EQ((*restored)->instance, "one");
  const auto rows = Open("restored");
  std::string value;
  EXPECT_TRUE(*rows->Get("s7", &value));
  EXPECT_FALSE(*rows->Get("s8", &value));
}

TEST_F(SnapshotsTest, TakesTheFurthestOfWhoeverMadeIt) {
  Fold(1);
  Make("one");
  Fold(2);
  Make("two");
  const auto newest = snapshots_.Newest("notice", 5, kVersion);
  ASSERT_TRUE(newest.ok() && *newest);
  EXPECT_EQ((*newest)->instance, "two");
  EXPECT_EQ((*Restore())->sequence, 2u);
}

TEST_F(SnapshotsTest, KeepsTheNewestTwoAndCopiesNoFileTwice) {
  for (uint64_t i = 1; i <= 4; ++i) {
    Fold(i);
    EXPECT_EQ(Make("one").id, i);
  }
  size_t files = 0;
  for (const auto& file : fs::directory_iterator(From("one") + "/shared_checksum")) files += file.is_regular_file();
  EXPECT_EQ(files, 4u) << "four small files of rows, which the last two share";
  fs::remove_all(From("one") + "/private/4");
  EXPECT_EQ((*Restore())->sequence, 3u);
}

TEST_F(SnapshotsTest, PassesOverDamageToTheNextAndLeavesNothingHalf) {
  Fold(1);
  Make("one");
  Fold(2);
  Make("two");
  for (const auto& file : fs::directory_iterator(From("two") + "/shared_checksum")) {
    std::fstream bytes(file.path(), std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(500);
    bytes.put('!');
  }
  const auto restored = Restore();
  ASSERT_TRUE(restored.ok() && *restored) << restored.status();
  EXPECT_EQ((*restored)->sequence, 1u);

  fs::remove_all(root_ + "/restored");
  fs::remove_all(From("one"));
  EXPECT_EQ(Restore().status().code(), absl::StatusCode::kDataLoss);
  EXPECT_FALSE(fs::exists(root_ + "/restored"));
  EXPECT_FALSE(fs::exists(root_ + "/restored.begun"));
}

TEST_F(SnapshotsTest, OneIsAlwaysFoundWhileOthersAreMadeAndTakenAway) {
  uint64_t sequence = 1;
  Fold(sequence);
  Make("one");
  std::atomic<bool> enough{false};
  std::thread maker([&] {
    while (!enough) {
      Fold(++sequence);
      Make("one");
    }
  });
  for (int i = 0; i < 200; ++i) {
    fs::remove_all(root_ + "/restored");
    const auto restored = Restore();
    EXPECT_TRUE(restored.ok() && *restored) << i << ": " << restored.status();
    const auto newest = snapshots_.Newest("notice", 5, kVersion);
    EXPECT_TRUE(newest.ok() && *newest) << i << ": " << newest.status();
  }
  enough = true;
  maker.join();
}

TEST_F(SnapshotsTest, OthersCodeOrNobodysGivesNothing) {
  EXPECT_FALSE(*Restore());
  Fold(1);
  Make("one");
  EXPECT_FALSE(*Restore(kVersion + 1));
  EXPECT_FALSE(*snapshots_.Newest("notice", 6, kVersion));
  EXPECT_FALSE(fs::exists(root_ + "/restored"));
}

TEST_F(SnapshotsTest, OfEmptyRowsOrWithoutAFolderThereIsNone) {
  EXPECT_EQ(snapshots_.Make("notice", 5, "one", *rows_).status().code(), absl::StatusCode::kUnavailable);
  Fold(1);
  std::ofstream(root_ + "/file") << "in the way";
  const Snapshots nowhere(root_ + "/file");
  EXPECT_EQ(nowhere.Make("notice", 5, "one", *rows_).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace mynumber::projection
