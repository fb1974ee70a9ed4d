#include "libs/log_copy/checkpoints.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/log_copy/made_export.h"

namespace mynumber::log_copy {
namespace {

using eventlog::v1::Checkpoint;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A partition of three batches under two claims, and what was signed of it behind each record that counts.
class CheckpointsTest : public testing::Test {
 protected:
  CheckpointsTest() {
    for (const auto& record : made_.records()) records_.push_back(record.record());
    PartitionFold fold(0, eventsourcing::CountingChain);
    std::string last;
    for (size_t i = 0; i < records_.size(); ++i) {
      EXPECT_EQ(fold.Take(static_cast<int64_t>(i), records_[i]), absl::OkStatus());
      if (fold.head().running_hash() == last) continue;
      last = fold.head().running_hash();
      Checkpoint& one = signed_.emplace_back();
      one.set_sequence(fold.head().sequence());
      one.set_running_hash(last);
    }
  }
  std::vector<std::string> Findings() {
    CheckpointFold fold(0, signed_, eventsourcing::CountingChain);
    for (size_t i = 0; i < records_.size(); ++i) fold.Take(static_cast<int64_t>(i), records_[i]);
    auto findings = fold.Findings();
    agreed_ = fold.agreed();
    return findings;
  }

  MadePartition made_{0};
  std::vector<std::string> records_;
  std::vector<Checkpoint> signed_;
  uint64_t agreed_ = 0;
};

TEST_F(CheckpointsTest, AnHonestLogAgreesWithAllThatWasSigned) {
  EXPECT_THAT(Findings(), IsEmpty());
  EXPECT_EQ(agreed_, 5u) << "two claims, three batches; the void one is nothing";
  std::swap(signed_[0], signed_[4]);
  EXPECT_THAT(Findings(), IsEmpty()) << "in any order";
}

TEST_F(CheckpointsTest, AHistoryThatWasMadeAnewIsFoundWhereItBegins) {
  // By somebody who can make everything that a reader looks at: another second batch, and all behind it.
  std::vector<std::string> forged;
  eventsourcing::Head head = eventsourcing::EmptyHead();
  const auto put = [&](const eventlog::v1::Record& record) {
    head = eventsourcing::After(head, record, 0);
    forged.push_back(record.SerializeAsString());
  };
  eventlog::v1::Record claim;
  ASSERT_TRUE(claim.ParseFromString(records_[0]));
  put(claim);
  put(eventsourcing::NextBatch(head, "one"));
  ASSERT_EQ(forged[1], records_[1]) << "the first is the one that was";
  put(eventsourcing::NextBatch(head, "another"));
  put(eventsourcing::NextBatch(head, "three"));
  records_ = forged;
  const auto findings = Findings();
  ASSERT_FALSE(findings.empty());
  EXPECT_THAT(findings.front(), HasSubstr("signed at sequence 2, and did at 1"));
  EXPECT_EQ(agreed_, 2u);
}

TEST_F(CheckpointsTest, AnEndThatIsGoneIsFound) {
  records_.pop_back();
  EXPECT_THAT(Findings(), ElementsAre(HasSubstr("ends at sequence 2, and 3 was signed")));
}

TEST_F(CheckpointsTest, ARecordThatContinuesAnotherHistoryIsFoundByItself) {
  std::swap(records_[1], records_[2]);
  EXPECT_THAT(Findings(), ElementsAre(HasSubstr("partition 0, offset 1")));
}

TEST(StatementTest, SaysAllThatCounts) {
  Checkpoint checkpoint;
  checkpoint.set_service("issuance");
  checkpoint.set_partition(3);
  checkpoint.set_sequence(120);
  checkpoint.set_running_hash(std::string("\x00\xff", 2));
  checkpoint.set_time_micros(17);
  EXPECT_EQ(StatementOf(checkpoint), "mynumber checkpoint 1\nissuance\n3\n120\n00ff\n17\n");
}

}  // namespace
}  // namespace mynumber::log_copy
