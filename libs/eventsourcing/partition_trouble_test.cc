#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/eventsourcing/partition_fixture.h"

namespace mynumber::eventsourcing {
namespace {

using testing::HasSubstr;
using Add = CounterService::Add;
using Mystery = CounterService::Mystery;
using Open = CounterService::Open;

// What becomes of waiting commands and of rows when log or disk fail.
class PartitionTroubleTest : public PartitionFixture {};

// ---- Trouble with the log

TEST_F(PartitionTroubleTest, BehindAGapEverythingIsDecidedAgainAndAnsweredOnce) {
  Serve();
  Accept('x', Open{});
  Put("void");
  const auto added = Offer('x', Add{5}), refused = Offer('y', Add{1}), read = Read('x');
  Run();
  EXPECT_EQ(partition_->ownership().counts().gaps, 1u);
  EXPECT_TRUE(added->is_accepted() && added->repeated) << "found by its receipt";
  EXPECT_TRUE(absl::IsNotFound(*refused->status));
  EXPECT_TRUE(read->status->ok());
  EXPECT_EQ(TotalOf('x'), "5");
  EXPECT_EQ(LastBatch().commands_size(), 0) << "the proof was sent after the second decision";
}

TEST_F(PartitionTroubleTest, WhoWasReplacedAnswersNobody) {
  Serve();
  Accept('x', Open{});
  Put(ClaimRecord('n').SerializeAsString());
  const auto added = Offer('x', Add{5}), refused = Offer('y', Add{1}), already = Offer('x', Open{}), read = Read('x');
  Run();
  for (const auto& told : {added, refused, already, read}) {
    ASSERT_TRUE(told->is_finished());
    EXPECT_TRUE(absl::IsUnavailable(*told->status)) << *told->status;
  }
  EXPECT_EQ(TotalOf('x'), "0");
  EXPECT_EQ(partition_->head().claim_id(), ClaimId('n'));
}

TEST_F(PartitionTroubleTest, ALostAcknowledgementIsFoundInTheLog) {
  Serve();
  Accept('x', Open{});
  log_.faults.acknowledgement_lost = 1;
  const auto added = Offer('x', Add{5}), refused = Offer('y', Add{1});
  for (int i = 0; i < 60; ++i) {
    Step();
    log_.Tick();
  }
  EXPECT_FALSE(added->is_finished());
  EXPECT_FALSE(refused->is_finished());
  log_.faults.acknowledgement_lost = 0;
  now_micros_ += 10'000'000;
  Run();
  EXPECT_TRUE(added->is_accepted() && added->repeated);
  EXPECT_TRUE(absl::IsNotFound(*refused->status));
  EXPECT_EQ(TotalOf('x'), "5");
}

TEST_F(PartitionTroubleTest, ALostBatchIsDecidedAgainInItsOrderAndWithFreshKeys) {
  Serve();
  log_.faults.append_lost = 1;
  const auto told = Offer('x', Open{}), behind = Offer('x', Add{1});
  for (int i = 0; i < 60; ++i) {
    Step();
    log_.Tick();
  }
  log_.faults.append_lost = 0;
  now_micros_ += 10'000'000;
  Run();
  EXPECT_TRUE(told->is_accepted());
  EXPECT_TRUE(behind->is_accepted());
  eventlog::v1::KeyBlock block;
  const auto batch = LastBatch();
  ASSERT_TRUE(block.ParseFromString(*handle_->ReadKeyBlock({batch.claim_id(), batch.claim_sequence()})));
  ASSERT_EQ(block.keys_size(), 1);
  EXPECT_EQ(block.keys(0).key_id(), batch.commands(0).events(0).key_id());
}

TEST_F(PartitionTroubleTest, WhatMayHaveBeenWrittenIsToldAsSuch) {
  Serve();
  Accept('x', Open{});
  log_.faults.acknowledgement_lost = 1;
  const auto added = Offer('x', Add{5}), refused = Offer('y', Add{1});
  for (int i = 0; i < 60; ++i) {
    Step();
    log_.Tick();
  }
  log_.faults.end_unavailable = 1;
  partition_->Want(false);
  now_micros_ += 10'000'000;
  Run();
  ASSERT_TRUE(added->is_finished() && refused->is_finished());
  EXPECT_TRUE(absl::IsUnavailable(*added->status));
  EXPECT_EQ(added->status->message(), kOutcomeUnknown);
  EXPECT_TRUE(absl::IsUnavailable(*refused->status));
  EXPECT_NE(refused->status->message(), kOutcomeUnknown) << "nothing of it was sent";
}

// ---- Rows

TEST_F(PartitionTroubleTest, AFullDiskAnswersNobodyAndLosesNothing) {
  Serve();
  Accept('x', Open{});
  rows_.full = true;
  const auto added = Offer('x', Add{5}, 'i');
  for (int i = 0; i < 20; ++i) {
    Run();
    now_micros_ += 2'000'000;
  }
  ASSERT_TRUE(added->is_finished());
  EXPECT_TRUE(absl::IsResourceExhausted(*added->status));
  EXPECT_EQ(added->status->message(), kStorageFull);
  const auto at_once = Offer('x', Add{1});
  EXPECT_EQ(at_once->status->message(), kStorageFull);
  rows_.full = false;
  now_micros_ += 2'000'000;
  Run();
  const auto again = Offer('x', Add{5}, 'i');
  Run();
  EXPECT_TRUE(again->is_accepted() && again->repeated) << "it stood in the log all the time";
  EXPECT_EQ(TotalOf('x'), "5");
}

TEST_F(PartitionTroubleTest, RowsReceiptsAndHeadAreOneWrite) {
  Serve();
  const int before = rows_.writes;
  Accept('x', Open{});
  Accept('x', Add{1});
  EXPECT_EQ(rows_.writes - before, 2);
}

TEST_F(PartitionTroubleTest, ACrashLosesNothingThatWasAnswered) {
  Serve();
  Accept('x', Open{});
  size_t lost = 0;
  for (int crash = 1; crash <= 5; ++crash) {
    rows_.Flush();
    for (int i = 0; i < 10; ++i) Accept('x', Add{1});
    lost += rows_.Crash(&dice_);
    Restart();
    Serve();
    EXPECT_EQ(TotalOf('x'), std::to_string(10 * crash));
  }
  EXPECT_GT(lost, 0u) << "of the rows, to be folded again";
}

TEST_F(PartitionTroubleTest, RowsOfAnotherVersionAreFoldedAfresh) {
  Serve();
  Accept('x', Open{1});
  ASSERT_TRUE(rows_.Write({{"z", "a table of the former version"}}).ok());
  options_.projection_version = 2;
  Restart();
  EXPECT_EQ(Row("z"), "none");
  Run();
  EXPECT_EQ(TotalOf('x'), "1");
  EXPECT_EQ(partition_->head().projection_version(), 2u);
}

TEST_F(PartitionTroubleTest, RowsOfANewerProgramAreLeftAloneAndSaid) {
  options_.projection_version = 7;
  Restart();
  Serve();
  Accept('x', Open{1});
  options_.projection_version = 6;
  Partition<Service> older(&service_, handle_.get(), &rows_, &vault_, options_, ownership_, CountingChain,
                           [](uint8_t*, size_t) {}, {});
  const absl::Status status = older.Open();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(status.message().find("by a newer program (projection 7, and this one knows 6)"), std::string::npos)
      << status;
  EXPECT_EQ(TotalOf('x'), "1");
}

TEST_F(PartitionTroubleTest, ADamagedHeadIsFoldedAfresh) {
  Serve();
  Accept('x', Open{1});
  ASSERT_TRUE(rows_.Write({{std::string(kHeadKey), "damaged"}}).ok());
  Restart();
  Run();
  EXPECT_EQ(TotalOf('x'), "1");
}

TEST_F(PartitionTroubleTest, WhileFoldingRowsAreWrittenAfterSoManyEvents) {
  Serve();
  Accept('x', Open{});
  for (int i = 0; i < 10; ++i) Accept('x', Add{1, 10});
  ASSERT_TRUE(rows_.StartOver().ok());
  options_.fold_events = 50;
  Restart();
  rows_.writes = 0;
  Run();
  EXPECT_EQ(rows_.writes, 2) << "after 51 events and after 50 more";
  EXPECT_EQ(TotalOf('x'), "100");
}

TEST_F(PartitionTroubleTest, AnUnknownEventStopsThePartitionAndSaysWhatToDo) {
  Serve();
  Accept('x', Open{});
  Accept('x', Mystery{});
  auto handle = log_.Handle();
  CountingRows rows;
  OlderCounterService older;
  Partition<OlderCounterService> partition(&older, handle.get(), &rows, &vault_, options_, ownership_, CountingChain,
                                           [](uint8_t*, size_t) {}, nullptr);
  ASSERT_EQ(partition.Open(), absl::OkStatus());
  partition.Want(true);
  while (partition.Step(now_micros_)) {
  }
  EXPECT_EQ(partition.ownership().phase(), Ownership::Phase::kStopped);
  EXPECT_TRUE(absl::IsUnimplemented(partition.ownership().stopped()));
  EXPECT_THAT(std::string(partition.ownership().stopped().message()), HasSubstr("'mystery'"));
  absl::Status told;
  Request<OlderCounterService> request;
  request.finish = [&](const absl::Status& status) { told = status; };
  partition.Offer(std::move(request));
  EXPECT_EQ(told, partition.ownership().stopped());
}

}  // namespace
}  // namespace mynumber::eventsourcing
