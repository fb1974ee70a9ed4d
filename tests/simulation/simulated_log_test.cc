#include "tests/simulation/simulated_log.h"

#include "gtest/gtest.h"
#include "libs/eventsourcing/log_contract.h"

namespace mynumber::simulation {
namespace {

using eventsourcing::AppendResult;

class LogsUnderTest : public eventsourcing::LogUnderTest {
 public:
  explicit LogsUnderTest(uint32_t partitions) {
    for (uint32_t p = 0; p < partitions; ++p) logs_.push_back(std::make_unique<SimulatedLog>(p + 1, &fired_));
  }
  std::unique_ptr<eventsourcing::PartitionLog> Handle(uint32_t partition) override {
    return logs_[partition]->Handle();
  }
  void Drive() override {
    for (auto& log : logs_) log->Tick();
  }
  void Reopen() override {}

 private:
  FaultCounts fired_;
  std::vector<std::unique_ptr<SimulatedLog>> logs_;
};


class SimulatedLogTest : public testing::Test {
 protected:
  AppendResult Append(eventsourcing::PartitionLog* handle, const std::string& record) {
    handle->Append({record, {}, {}});
    for (int i = 0; i < 1000; ++i) {
      log_.Tick();
      if (auto result = handle->Poll()) return *result;
    }
    ADD_FAILURE() << "no result";
    return {};
  }

  FaultCounts fired_;
  SimulatedLog log_{7, &fired_};
};

TEST_F(SimulatedLogTest, ALostAcknowledgementLeavesTheRecord) {
  auto handle = log_.Handle();
  log_.faults.acknowledgement_lost = 1;
  EXPECT_EQ(Append(handle.get(), "one").kind, AppendResult::Kind::kUnknown);
  EXPECT_EQ(log_.records().size(), 1u);
  EXPECT_EQ(fired_["acknowledgement lost"], 1u);
}

TEST_F(SimulatedLogTest, ALostAppendLeavesNothing) {
  auto handle = log_.Handle();
  log_.faults.append_lost = 1;
  EXPECT_EQ(Append(handle.get(), "one").kind, AppendResult::Kind::kUnknown);
  EXPECT_EQ(log_.under_way(), 0u);
  EXPECT_TRUE(log_.records().empty());
}

TEST_F(SimulatedLogTest, ADelayedAppendArrivesAfterItsWriter) {
  auto handle = log_.Handle();
  log_.faults.append_delayed = 1;
  handle->Append({"late", {}, {}});
  handle.reset();
  for (int i = 0; i < 400; ++i) log_.Tick();
  EXPECT_EQ(log_.records(), std::vector<std::string>{"late"});
  EXPECT_EQ(fired_["arrived after its writer"], 1u);
}

TEST_F(SimulatedLogTest, AFullLogRefusesAndForgets) {
  auto handle = log_.Handle();
  log_.full = true;
  const AppendResult result = Append(handle.get(), "one");
  EXPECT_EQ(result.kind, AppendResult::Kind::kNotWritten);
  EXPECT_TRUE(absl::IsResourceExhausted(result.status));
  log_.full = false;
  EXPECT_EQ(Append(handle.get(), "two").offset, 0);
}

TEST_F(SimulatedLogTest, OnlyATailThatNobodyWasToldOfIsTruncated) {
  auto handle = log_.Handle();
  EXPECT_EQ(Append(handle.get(), "acknowledged").offset, 0);
  EXPECT_FALSE(log_.Truncate());
  log_.faults.acknowledgement_lost = 1;
  Append(handle.get(), "lost acknowledgement");
  ASSERT_EQ(log_.records().size(), 2u);
  EXPECT_TRUE(log_.Truncate());
  EXPECT_EQ(log_.records(), std::vector<std::string>{"acknowledged"});
}

TEST_F(SimulatedLogTest, AnAppendThatIsCutOffBeforeItsAcknowledgementIsNotAcknowledgedThere) {
  auto other = log_.Handle();
  for (int i = 0; i < 40; ++i) {
    auto handle = log_.Handle();
    log_.faults.acknowledgement_late = 1;
    const size_t before = log_.records().size();
    handle->Append({"mine " + std::to_string(i), {}, {}});
    while (log_.records().size() == before) log_.Tick();
    ASSERT_TRUE(log_.Truncate());
    log_.faults.acknowledgement_late = 0;
    Append(other.get(), "other");
    std::optional<AppendResult> result;
    while (!(result = handle->Poll())) log_.Tick();
    if (result->kind != AppendResult::Kind::kAcknowledged) continue;
    EXPECT_EQ(log_.records()[static_cast<size_t>(result->offset)], "mine " + std::to_string(i));
  }
  EXPECT_GT(fired_["truncated and sent again"], 0u);
}

TEST_F(SimulatedLogTest, WhoHasNotMetTheNewLeaderMayStillReadTheLostTail) {
  auto writer = log_.Handle();
  Append(writer.get(), "acknowledged");
  log_.faults.acknowledgement_lost = 1;
  Append(writer.get(), "lost");
  log_.faults = {};
  ASSERT_TRUE(log_.Truncate());
  uint64_t read_lost = 0;
  for (int i = 0; i < 200; ++i) {
    auto reader = log_.Handle();
    log_.faults.old_leader = 1;
    if (reader->Read(0, 1000)->size() == 2) ++read_lost;
    log_.faults.old_leader = 0;
    EXPECT_EQ(reader->Read(0, 1000)->size(), 1u);
    log_.faults.old_leader = 1;
    EXPECT_EQ(reader->Read(0, 1000)->size(), 1u) << "it has met the new one, and stays with it";
    log_.Tick();
  }
  EXPECT_GT(read_lost, 0u);
  EXPECT_LT(read_lost, 200u) << "the old one does not answer for ever";
  EXPECT_EQ(fired_["old leader asked"], read_lost);
}

}  // namespace
}  // namespace mynumber::simulation

namespace mynumber::eventsourcing {

INSTANTIATE_TEST_SUITE_P(Simulated, LogContract, testing::Values(LogFactory{[](uint32_t partitions) {
                           return std::make_unique<simulation::LogsUnderTest>(partitions);
                         }}));

}  // namespace mynumber::eventsourcing
