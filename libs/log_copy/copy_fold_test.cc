#include "libs/log_copy/copy_fold.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/log_copy/made_export.h"

namespace mynumber::log_copy {
namespace {

using eventlog::v1::ExportItem;
using testing::HasSubstr;

// What the fold says to these items, and at their end.
absl::Status Fold(const std::vector<ExportItem>& items) {
  CopyFold fold(eventsourcing::CountingChain);
  for (const ExportItem& item : items) {
    absl::Status status = fold.Take(item);
    if (!status.ok()) return status;
  }
  return fold.Finish();
}

void ExpectRefused(const std::vector<ExportItem>& items, const std::string& sentence) {
  const absl::Status status = Fold(items);
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(sentence));
}

// Records are the items 1 to 6 and 8 to 13; 7 and 14 are the ends of the partitions.
class CopyFoldTest : public testing::Test {
 protected:
  void Erase(int i) { items_.erase(items_.begin() + i); }
  void Renumber() {
    int64_t next[kMadePartitions] = {};
    for (ExportItem& item : items_) {
      if (item.has_record()) item.mutable_record()->set_offset(next[item.record().partition()]++);
    }
  }
  std::vector<ExportItem> items_ = MadeExport();
};

TEST_F(CopyFoldTest, AWholeExportIsTaken) { EXPECT_EQ(Fold(items_), absl::OkStatus()); }

TEST_F(CopyFoldTest, EveryMissingItemIsNoticed) {
  for (int i = 0; i < static_cast<int>(MadeExport().size()); ++i) {
    items_ = MadeExport();
    Erase(i);
    EXPECT_FALSE(Fold(items_).ok()) << "item " << i;
    Renumber();
    EXPECT_FALSE(Fold(items_).ok()) << "item " << i << ", offsets made to fit";
  }
}

TEST_F(CopyFoldTest, EveryCutIsNoticed) {
  for (size_t length = 0; length < MadeExport().size(); ++length) {
    items_ = MadeExport();
    items_.resize(length);
    EXPECT_EQ(Fold(items_).code(), absl::StatusCode::kDataLoss) << length;
  }
  items_ = MadeExport();
  items_.resize(10);
  ExpectRefused(items_, "cut off in partition 1, behind 2 of its records");
}

TEST_F(CopyFoldTest, EveryTwoItemsExchangedAreNoticed) {
  for (size_t i = 0; i + 1 < MadeExport().size(); ++i) {
    items_ = MadeExport();
    std::swap(items_[i], items_[i + 1]);
    EXPECT_FALSE(Fold(items_).ok()) << "items " << i;
  }
}

TEST_F(CopyFoldTest, AChangedRecordIsNamedByWhatFollowsIt) {
  std::string* bytes = items_[9].mutable_record()->mutable_record();
  (*bytes)[bytes->size() - 1] ^= 1;
  ExpectRefused(items_, "partition 1, offset 2: this record continues another history");
}

TEST_F(CopyFoldTest, AChangedLastRecordIsNoticedByThePartitionsHash) {
  std::string* bytes = items_[13].mutable_record()->mutable_record();
  (*bytes)[bytes->size() - 1] ^= 1;
  ExpectRefused(items_, "partition 1 comes to another running hash");
}

TEST_F(CopyFoldTest, AMissingBatchIsNamedThoughOffsetsFit) {
  Erase(2);
  Renumber();
  ExpectRefused(items_, "partition 0, offset 1: a batch of the same writer is missing");
}

TEST_F(CopyFoldTest, ARecordBehindTheTrailerIsRefused) {
  items_.push_back(items_[1]);
  ExpectRefused(items_, "behind its trailer");
}

TEST_F(CopyFoldTest, AnotherFormatIsRefused) {
  items_[0].mutable_header()->set_format_version(2);
  ExpectRefused(items_, "format has version 2");
}

TEST_F(CopyFoldTest, AHeaderThatNamesAPartitionTwiceIsRefused) {
  items_[0].mutable_header()->set_partitions(1, 0);
  ExpectRefused(items_, "partition 0 twice");
}

}  // namespace
}  // namespace mynumber::log_copy
