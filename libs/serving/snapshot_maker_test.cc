#include "libs/serving/snapshot_maker.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "libs/eventsourcing/sealed_rows.h"
#include "mynumber/eventlog/v1/head.pb.h"

namespace mynumber::serving {
namespace {

constexpr int64_t kEverySeconds = 100;

// One partition's rows, and an instance that owns it or does not.
class SnapshotMakerTest : public testing::Test {
 protected:
  SnapshotMakerTest()
      : root_(testing::TempDir() + "/maker-" + testing::UnitTest::GetInstance()->current_test_info()->name()),
        snapshots_(root_ + "/shared") {
    std::filesystem::remove_all(root_);
    rows_ = *projection::RocksRows::Open(root_ + "/rows", &memory_, 1000);
    eventlog::v1::PartitionHead head;
    head.set_sequence(5);
    head.set_projection_version(1);
    eventsourcing::Changes changes;
    changes.Put(eventsourcing::kHeadKey, head.SerializeAsString());
    EXPECT_TRUE(rows_->Write(changes).ok());
  }
  ~SnapshotMakerTest() override {
    rows_.reset();
    std::filesystem::remove_all(root_);
  }

  std::unique_ptr<SnapshotMaker> Maker(const std::string& instance) {
    SnapshotMaker::Around around;
    around.service = "notice";
    around.instance = instance;
    around.rows = {rows_.get()};
    around.owns = [this](uint32_t) { return owns_; };
    // Those of the snapshots are the machine's own.
    around.now = [this] { return runtime::WallMicros() + later_seconds_ * 1'000'000; };
    return std::make_unique<SnapshotMaker>(SnapshotOptions{&snapshots_, kEverySeconds}, std::move(around), &registry_);
  }
  // Id of the newest, which counts those of its maker; 0: none.
  uint32_t Newest() const {
    const auto newest = snapshots_.Newest("notice", 0, 1);
    return newest.ok() && *newest ? (*newest)->id : 0;
  }
  bool Shows(const std::string& line) { return registry_.Text().find(line) != std::string::npos; }

  const std::string root_;
  projection::SharedMemory memory_{projection::MemoryOptions{}};
  const projection::Snapshots snapshots_;
  metrics::Registry registry_;
  std::unique_ptr<projection::RocksRows> rows_;
  bool owns_ = true;
  int64_t later_seconds_ = 0;
};

TEST_F(SnapshotMakerTest, TheOwnerMakesOneWheneverTheNewestIsTooOld) {
  const auto maker = Maker("one");
  maker->Round();
  EXPECT_EQ(Newest(), 1u);
  later_seconds_ = kEverySeconds - 10;
  maker->Round();
  EXPECT_EQ(Newest(), 1u);
  later_seconds_ = kEverySeconds + 10;
  maker->Round();
  EXPECT_EQ(Newest(), 2u);
  EXPECT_TRUE(Shows("mynumber_snapshots_total{service=\"notice\"} 2"));
}

TEST_F(SnapshotMakerTest, AnotherOwnersIsAsGood) {
  Maker("one")->Round();
  Maker("two")->Round();
  EXPECT_FALSE(std::filesystem::exists(root_ + "/shared/notice/0/two"));
  later_seconds_ = kEverySeconds + 10;
  Maker("two")->Round();
  EXPECT_TRUE(std::filesystem::exists(root_ + "/shared/notice/0/two"));
}

TEST_F(SnapshotMakerTest, WhoDoesNotOwnMakesNone) {
  owns_ = false;
  Maker("one")->Round();
  EXPECT_EQ(Newest(), 0u);
  EXPECT_TRUE(Shows("mynumber_snapshot_newest_seconds{partition=\"0\",service=\"notice\"} 0"));
}

TEST_F(SnapshotMakerTest, OneThatCannotBeMadeIsCountedAndTriedAgainAfterAMinute) {
  std::ofstream(root_ + "/shared") << "in the way";
  const auto maker = Maker("one");
  maker->Round();
  std::filesystem::remove(root_ + "/shared");
  maker->Round();
  EXPECT_EQ(Newest(), 0u) << "not at once";
  EXPECT_TRUE(Shows("mynumber_snapshots_failed_total{service=\"notice\"} 1"));
  later_seconds_ = 61;
  maker->Round();
  EXPECT_EQ(Newest(), 1u);
}

}  // namespace
}  // namespace mynumber::serving
