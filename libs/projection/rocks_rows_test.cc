#include "libs/projection/rocks_rows.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "gtest/gtest.h"
#include "libs/eventsourcing/sealed_rows.h"

namespace mynumber::projection {
namespace {

using eventsourcing::Changes;
using eventsourcing::Rows;

class RocksRowsTest : public testing::Test {
 protected:
  RocksRowsTest()
      : root_(testing::TempDir() + "/rows-" + testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::remove_all(root_);
  }
  ~RocksRowsTest() override { std::filesystem::remove_all(root_); }

  std::unique_ptr<RocksRows> Open() {
    auto rows = RocksRows::Open(root_ + "/0", &memory_, 1000);
    EXPECT_TRUE(rows.ok()) << rows.status();
    return *std::move(rows);
  }
  // So that nothing can be opened.
  void Damage() {
    for (const auto& file : std::filesystem::directory_iterator(root_ + "/0")) {
      if (file.path().filename().string().rfind("MANIFEST", 0) == 0) {
        std::ofstream(file.path(), std::ios::trunc) << "damaged";
      }
    }
  }
  static std::map<std::string, std::string> All(const Rows& rows, const std::string& prefix) {
    std::map<std::string, std::string> all;
    EXPECT_TRUE(rows.Scan(prefix, {}, [&](std::string_view key, std::string_view value) {
                      all.emplace(key, value);
                      return true;
                    }).ok());
    return all;
  }

  std::string root_;
  SharedMemory memory_{MemoryOptions{}};
};

TEST_F(RocksRowsTest, TheLastChangeToARowCounts) {
  auto rows = Open();
  ASSERT_TRUE(rows->Write({{"m1", "a"}, {"m2", "b"}, {"m1", std::nullopt}, {"m2", "c"}}).ok());
  std::string value;
  EXPECT_FALSE(*rows->Get("m1", &value));
  EXPECT_TRUE(*rows->Get("m2", &value));
  EXPECT_EQ(value, "c");
}

TEST_F(RocksRowsTest, ScansOneTableInOrderAndGoesOnBehindAKey) {
  auto rows = Open();
  ASSERT_TRUE(rows->Write({{"a1", "x"}, {"m3", "3"}, {"m1", "1"}, {"m2", "2"}, {"n1", "y"}}).ok());
  EXPECT_EQ(All(*rows, "m"), (std::map<std::string, std::string>{{"m1", "1"}, {"m2", "2"}, {"m3", "3"}}));
  std::string seen;
  ASSERT_TRUE(rows->Scan("m", "m1", [&](std::string_view key, std::string_view) {
                    seen += key;
                    return false;
                  }).ok());
  EXPECT_EQ(seen, "m2");
}

TEST_F(RocksRowsTest, WhatWasFlushedIsThereAfterReopening) {
  {
    auto rows = Open();
    ASSERT_TRUE(rows->Write({{"m1", "a"}}).ok());
  }
  EXPECT_EQ(All(*Open(), "m").size(), 1u);
}

TEST_F(RocksRowsTest, AFrozenViewDoesNotMove) {
  auto rows = Open();
  ASSERT_TRUE(rows->Write({{"m1", "a"}}).ok());
  auto frozen = rows->Frozen();
  ASSERT_TRUE(rows->Write({{"m1", "b"}, {"m2", "c"}}).ok());
  EXPECT_EQ(All(*frozen, "m"), (std::map<std::string, std::string>{{"m1", "a"}}));
}

TEST_F(RocksRowsTest, StartingOverKeepsTheOldRowsAside) {
  auto rows = Open();
  ASSERT_TRUE(rows->Write({{"m1", "a"}}).ok());
  ASSERT_TRUE(rows->StartOver().ok());
  EXPECT_TRUE(All(*rows, "").empty());
  EXPECT_TRUE(std::filesystem::exists(root_ + "/0.before-1"));
}

TEST_F(RocksRowsTest, RowsKeptAsideCanBeRead) {
  auto rows = Open();
  EXPECT_TRUE(rows->Aside().empty());
  for (const char* value : {"a", "b"}) {
    ASSERT_TRUE(rows->Write({{"m1", value}}).ok());
    ASSERT_TRUE(rows->StartOver().ok());
  }
  ASSERT_EQ(rows->Aside(), (std::vector<std::string>{root_ + "/0.before-1", root_ + "/0.before-2"}));
  for (int times = 0; times < 2; ++times) {
    EXPECT_EQ(All(**rows->OpenAside(root_ + "/0.before-1"), "m").at("m1"), "a");
    EXPECT_EQ(All(**rows->OpenAside(root_ + "/0.before-2"), "m").at("m1"), "b");
  }
}

TEST_F(RocksRowsTest, StartingOverWaitsForWhoeverReads) {
  auto rows = Open();
  ASSERT_TRUE(rows->Write({{"m1", "a"}}).ok());
  auto frozen = rows->Frozen();
  std::thread starting_over([&] { EXPECT_TRUE(rows->StartOver().ok()); });
  // From then on it waits.
  while (rows->Frozen()) std::this_thread::yield();
  EXPECT_EQ(All(*frozen, "m").at("m1"), "a");
  EXPECT_FALSE(std::filesystem::exists(root_ + "/0.before-1"));
  frozen.reset();
  starting_over.join();
  EXPECT_TRUE(All(*rows, "").empty());
}

TEST_F(RocksRowsTest, ADamagedDatabaseIsMovedAside) {
  { ASSERT_TRUE(Open()->Write({{"m1", "a"}}).ok()); }
  Damage();
  EXPECT_TRUE(All(*Open(), "").empty());
  EXPECT_TRUE(std::filesystem::exists(root_ + "/0.damaged-1"));
}

TEST_F(RocksRowsTest, DamageIsNotTakenForAnotherProcessWhateverTheFolderIsCalled) {
  root_ += "/clock";
  { ASSERT_TRUE(Open()->Write({{"m1", "a"}}).ok()); }
  Damage();
  EXPECT_TRUE(All(*Open(), "").empty());
}

TEST_F(RocksRowsTest, DamageThatAReadMeetsIsMovedAsideAtTheNextOpen) {
  {
    auto rows = Open();
    Changes changes;
    for (int i = 0; i < 1000; ++i) changes.Put("m" + std::to_string(i), std::string(100, 'x'));
    ASSERT_TRUE(rows->Write(changes).ok());
  }
  for (const auto& file : std::filesystem::directory_iterator(root_ + "/0")) {
    if (file.path().extension() != ".sst") continue;
    std::fstream bytes(file.path(), std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(40'000);
    bytes.put('!');
  }
  {
    auto rows = Open();
    EXPECT_TRUE(absl::IsDataLoss(rows->Scan("m", "", [](std::string_view, std::string_view) { return true; })));
    EXPECT_FALSE(std::filesystem::exists(root_ + "/0.damaged-1"));
  }
  EXPECT_TRUE(All(*Open(), "").empty());
  EXPECT_TRUE(std::filesystem::exists(root_ + "/0.damaged-1"));
}

TEST_F(RocksRowsTest, OldReceiptsGoWithCompaction) {
  auto rows = Open();
  eventlog::v1::Receipt old_receipt, young_receipt;
  old_receipt.set_time_micros(1000);
  young_receipt.set_time_micros(5000);
  const std::string old_key = eventsourcing::ReceiptKey("a", "M", std::string(16, '1'));
  const std::string young_key = eventsourcing::ReceiptKey("a", "M", std::string(16, '2'));
  ASSERT_TRUE(rows->Write({{old_key, eventsourcing::EncodeReceiptRow(old_receipt)},
                           {young_key, eventsourcing::EncodeReceiptRow(young_receipt)}})
                  .ok());
  rows->SetTime(5500);
  ASSERT_TRUE(rows->Compact().ok());
  std::string value;
  EXPECT_FALSE(*rows->Get(old_key, &value));
  EXPECT_TRUE(*rows->Get(young_key, &value));
}

}  // namespace
}  // namespace mynumber::projection
