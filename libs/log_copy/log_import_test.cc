#include "libs/log_copy/log_import.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/log_copy/made_export.h"

namespace mynumber::log_copy {
namespace {

using eventlog::v1::ExportItem;
using eventsourcing::AppendResult;
using testing::HasSubstr;

class LogImportTest : public testing::Test {
 protected:
  LogImportTest() {
    target_.settings = MadeSettings();
    target_.chain = eventsourcing::CountingChain;
    target_.open_log = [this](uint32_t p) { return std::make_unique<MemoryHandle>(&log_[p]); };
    target_.check_keys = [this](const eventlog::v1::KeyBlock&) { return keys_; };
    target_.begin = [this] {
      if (may_write_.ok()) under_way_ = true;
      return may_write_;
    };
    target_.finish = [this] {
      under_way_ = false;
      return absl::OkStatus();
    };
    target_.is_under_way = [this] { return under_way_; };
  }

  absl::Status Import(const std::vector<ExportItem>& items) {
    LogImport import(&target_);
    for (const ExportItem& item : items) {
      absl::Status status = import.Take(item);
      if (!status.ok()) return status;
    }
    absl::Status status = import.Finish();
    partitions_ = import.partitions();
    return status;
  }
  void ExpectRefused(const std::vector<ExportItem>& items, absl::StatusCode code, const std::string& sentence) {
    const absl::Status status = Import(items);
    EXPECT_EQ(status.code(), code) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(sentence));
  }
  void ExpectCopied(const std::vector<MadePartition>& made) {
    for (uint32_t p = 0; p < kMadePartitions; ++p) {
      std::vector<std::string> records;
      for (const auto& record : made[p].records()) {
        records.push_back(record.record());
        if (!record.has_key_block()) continue;
        eventlog::v1::Record batch;
        batch.ParseFromString(record.record());
        const std::pair<std::string, uint64_t> id{batch.batch().claim_id(), batch.batch().claim_sequence()};
        EXPECT_EQ(log_[p].keys[id], record.key_block().SerializeAsString());
      }
      EXPECT_EQ(log_[p].records, records);
    }
  }
  // What was written in all partitions together, and what was found.
  uint64_t written() const { return partitions_[0].written_records + partitions_[1].written_records; }
  uint64_t found() const { return partitions_[0].found_records + partitions_[1].found_records; }

  const std::vector<MadePartition> made_ = {MadePartition(0), MadePartition(1)};
  MemoryPartition log_[kMadePartitions];
  ImportTarget target_;
  absl::Status keys_;
  absl::Status may_write_;
  bool under_way_ = false;
  std::vector<ImportedPartition> partitions_;
};

TEST_F(LogImportTest, AnEmptyLogGetsEveryRecordAndEveryKey) {
  ASSERT_EQ(Import(MadeExport()), absl::OkStatus());
  ExpectCopied(made_);
  EXPECT_EQ(written(), 12u);
  EXPECT_EQ(partitions_[1].end.void_records(), 1u);
  EXPECT_FALSE(under_way_);
}

TEST_F(LogImportTest, DoneAgainItWritesNothing) {
  ASSERT_EQ(Import(MadeExport()), absl::OkStatus());
  may_write_ = absl::FailedPreconditionError("serves");
  ASSERT_EQ(Import(MadeExport()), absl::OkStatus());
  ExpectCopied(made_);
  EXPECT_EQ(written(), 0u);
  EXPECT_EQ(found(), 12u);
}

TEST_F(LogImportTest, BrokenOffAnywhereItGoesOn) {
  const std::vector<ExportItem> items = MadeExport();
  for (size_t length = 2; length < items.size(); ++length) {
    for (MemoryPartition& partition : log_) partition = {};
    EXPECT_EQ(Import({items.begin(), items.begin() + length}).code(), absl::StatusCode::kDataLoss);
    EXPECT_TRUE(under_way_) << length;
    ASSERT_EQ(Import(items), absl::OkStatus()) << length;
    ExpectCopied(made_);
    EXPECT_EQ(written() + found(), 12u);
    EXPECT_FALSE(under_way_);
  }
}

TEST_F(LogImportTest, ALogThatSomebodyHasClaimedIsRefusedByName) {
  MadePartition other(0);
  log_[0].records.push_back(eventsourcing::ClaimRecord('z').SerializeAsString());
  ExpectRefused(MadeExport(), absl::StatusCode::kAlreadyExists, "not empty, and at partition 0, offset 0");
  EXPECT_EQ(log_[0].records.size(), 1u);
  EXPECT_FALSE(under_way_) << "nothing has begun";
}

TEST_F(LogImportTest, ALogThatWentAnotherWayIsRefused) {
  MadePartition other(1);
  other.Batch("here", "");
  MadePartition longer(1);
  longer.Batch("there", "");
  ASSERT_EQ(Import(ExportOf({made_[0], other})), absl::OkStatus());
  ExpectRefused(ExportOf({made_[0], longer}), absl::StatusCode::kAlreadyExists, "partition 1, offset 6");
}

TEST_F(LogImportTest, ANewerExportContinuesACopy) {
  ASSERT_EQ(Import(MadeExport()), absl::OkStatus());
  MadePartition newer(1);
  newer.Batch("four", "key four");
  ASSERT_EQ(Import(ExportOf({made_[0], newer})), absl::OkStatus());
  ExpectCopied({made_[0], newer});
  EXPECT_EQ(written(), 1u);
  ASSERT_EQ(Import(MadeExport()), absl::OkStatus());
  EXPECT_EQ(partitions_[1].further_records, 1u);
}

TEST_F(LogImportTest, AnOlderExportDoesNotEndTheImportOfANewerOne) {
  MadePartition newer(0);
  newer.Batch("four", "");
  const std::vector<ExportItem> items = ExportOf({newer, made_[1]});
  EXPECT_FALSE(Import({items.begin(), items.begin() + 11}).ok());
  ExpectRefused(MadeExport(), absl::StatusCode::kFailedPrecondition, "finish that one");
  EXPECT_TRUE(under_way_);
}

TEST_F(LogImportTest, WhereNothingMayBeWrittenNothingIs) {
  may_write_ = absl::FailedPreconditionError("this instance serves");
  ExpectRefused(MadeExport(), absl::StatusCode::kFailedPrecondition, "serves");
  EXPECT_TRUE(log_[0].records.empty());
}

TEST_F(LogImportTest, AnotherClustersExportIsRefused) {
  target_.settings.set_partition_count(3);
  ExpectRefused(MadeExport(), absl::StatusCode::kFailedPrecondition, "with 2 partitions");
  target_.settings = MadeSettings();
  target_.settings.set_service("card");
  ExpectRefused(MadeExport(), absl::StatusCode::kFailedPrecondition, "belongs to the service 'issuance'");
  target_.settings = MadeSettings();
  target_.settings.set_identifier_key_fingerprint("another");
  ExpectRefused(MadeExport(), absl::StatusCode::kFailedPrecondition, "another key of the numbers");
  EXPECT_TRUE(log_[0].records.empty());
}

TEST_F(LogImportTest, APartOfALogIsRefused) {
  std::vector<ExportItem> items = ExportOf({made_[0]});
  ExpectRefused(items, absl::StatusCode::kFailedPrecondition, "1 of the log's 2 partitions");
}

TEST_F(LogImportTest, ADamagedExportIsRefusedBeforeTheDamageIsWritten) {
  std::vector<ExportItem> items = MadeExport();
  items[2].mutable_record()->mutable_record()->back() ^= 1;
  ExpectRefused(items, absl::StatusCode::kDataLoss, "partition 0, offset 2");
  EXPECT_EQ(log_[0].records.size(), 2u);
}

TEST_F(LogImportTest, KeysThatCannotBeUsedAreRefusedWithTheirPlace) {
  keys_ = absl::DataLossError("a wrapped data key was changed");
  ExpectRefused(MadeExport(), absl::StatusCode::kDataLoss, "partition 0, offset 1: a wrapped data key was changed");
  EXPECT_EQ(log_[0].records.size(), 1u);
}

TEST_F(LogImportTest, OtherKeysThanTheLogHasAreRefused) {
  ASSERT_EQ(Import(MadeExport()), absl::OkStatus());
  std::vector<ExportItem> items = MadeExport();
  items[2].mutable_record()->mutable_key_block()->mutable_keys(0)->set_wrapped("key of another");
  ExpectRefused(items, absl::StatusCode::kAlreadyExists, "other data keys");
}

TEST_F(LogImportTest, ARecordThatArrivesASecondTimeIsPassedOverAsVoid) {
  log_[0].before_append = [](MemoryPartition* partition) -> std::optional<AppendResult> {
    // What a writer before this one had sent.
    if (partition->records.size() == 2) partition->records.push_back(partition->records.back());
    return std::nullopt;
  };
  ASSERT_EQ(Import(MadeExport()), absl::OkStatus());
  EXPECT_EQ(log_[0].records.size(), 7u);
  log_[0].before_append = nullptr;
  ASSERT_EQ(Import(MadeExport()), absl::OkStatus());
  EXPECT_EQ(written(), 0u);
  EXPECT_EQ(partitions_[0].further_records, 0u);
}

TEST_F(LogImportTest, AnotherWriterIsNoticed) {
  log_[0].before_append = [](MemoryPartition* partition) -> std::optional<AppendResult> {
    const std::string claim = eventsourcing::ClaimRecord('z').SerializeAsString();
    if (partition->records.size() == 2) partition->records.push_back(claim);
    return std::nullopt;
  };
  ExpectRefused(MadeExport(), absl::StatusCode::kAborted, "somebody else writes to this log, at partition 0, offset 2");
  EXPECT_TRUE(under_way_);
}

TEST_F(LogImportTest, ALogThatTakesNothingIsSaidPlainlyAndHealsByDoingItAgain) {
  log_[1].before_append = [](MemoryPartition*) -> std::optional<AppendResult> {
    return AppendResult{AppendResult::Kind::kNotWritten, -1, absl::ResourceExhaustedError("no room")};
  };
  ExpectRefused(MadeExport(), absl::StatusCode::kResourceExhausted, "partition 1, offset 0 (no room): import again");
  log_[1].before_append = nullptr;
  ASSERT_EQ(Import(MadeExport()), absl::OkStatus());
  ExpectCopied(made_);
}

}  // namespace
}  // namespace mynumber::log_copy
