#include "tests/simulation/checkers.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/simulation/plain_vault.h"

namespace mynumber::simulation {
namespace {

using eventlog::v1::Record;
using testing::HasSubstr;

// What no planted bug of the engine shows: that these checkers can fail, too.
class CheckersTest : public testing::Test {
 protected:
  void Put(const Record& record) {
    auto handle = log_.Handle();
    handle->Append({record.SerializeAsString(), {}, {}});
    const size_t before = log_.records().size();
    while (log_.records().size() == before) log_.Tick();
  }
  void PutClaim() {
    Record record;
    record.mutable_opened()->set_claim_id(std::string(16, 'c'));
    Put(record);
  }
  Record NextBatch(int64_t time_micros) const {
    const eventsourcing::Head head = FoldHead(log_.records());
    Record record;
    record.mutable_batch()->set_claim_id(head.claim_id());
    record.mutable_batch()->set_claim_sequence(head.next_claim_sequence());
    record.mutable_batch()->set_running_hash(head.running_hash());
    record.mutable_batch()->set_sequence(head.sequence() + 1);
    record.mutable_batch()->set_time_micros(time_micros);
    return record;
  }
  std::string ViolationOfTheFold() {
    PlainVault vault(1);
    Findings findings(false);
    FoldFromScratch(&log_, 0, 1, MakeTracedIssuance(), &vault, 0, &findings);
    return findings.violation();
  }

  FaultCounts fired_;
  SimulatedLog log_{1, &fired_};
};

TEST_F(CheckersTest, OneNumberForTwoResidentsIsFoundAcrossPartitions) {
  std::vector<Truth> truths(2);
  truths[0].states[{"a", 1}] = {0, "first number"};
  truths[0].states[{"a", 2}] = {0, "replaced number"};
  truths[1].states[{"b", 1}] = {0, "second number"};
  Findings fine(false);
  CheckNumbers(truths, 0, &fine);
  EXPECT_EQ(fine.violation(), "");
  truths[1].states[{"b", 2}] = {0, "first number"};
  Findings findings(false);
  CheckNumbers(truths, 0, &findings);
  EXPECT_THAT(findings.violation(), HasSubstr("P1"));
}

TEST_F(CheckersTest, ABrokenChainIsFound) {
  PutClaim();
  Put(NextBatch(1));
  EXPECT_EQ(ViolationOfTheFold(), "");
  Record forged = NextBatch(2);
  forged.mutable_batch()->set_running_hash(std::string(32, 'f'));
  Put(forged);
  EXPECT_THAT(ViolationOfTheFold(), HasSubstr("the chain breaks at offset 2"));
}

TEST_F(CheckersTest, PartitionTimeThatRunsBackwardsIsFound) {
  PutClaim();
  Put(NextBatch(2));
  Put(NextBatch(1));
  EXPECT_THAT(ViolationOfTheFold(), HasSubstr("partition time runs backwards"));
}

}  // namespace
}  // namespace mynumber::simulation
