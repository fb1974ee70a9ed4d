#include "libs/eventsourcing/partition.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/eventsourcing/partition_fixture.h"

namespace mynumber::eventsourcing {
namespace {

using Add = CounterService::Add;
using Note = CounterService::Note;
using Open = CounterService::Open;

class PartitionTest : public PartitionFixture {};

// ---- Batches

TEST_F(PartitionTest, EverythingThatWaitsBecomesOneRecord) {
  Serve();
  std::vector<std::shared_ptr<Told>> told;
  for (char subject = 'a'; subject < 'k'; ++subject) told.push_back(Offer(subject, Open{subject}));
  Run();
  EXPECT_EQ(log_.records().size(), 2u) << "the claim and one batch";
  EXPECT_EQ(LastBatch().commands_size(), 10);
  for (const auto& one : told) EXPECT_TRUE(one->is_accepted());
  EXPECT_EQ(TotalOf('d'), "100");
}

TEST_F(PartitionTest, NothingIsAnsweredBeforeTheAcknowledgement) {
  Serve();
  Accept('x', Open{1});
  log_.faults.acknowledgement_late = 1;
  const auto accepted = Offer('y', Open{}), refused = Offer('z', Add{1}), already = Offer('x', Open{});
  const auto repeated = Offer('x', Open{1}, '\x01'), read = Read('x');
  const size_t before = log_.records().size();
  for (int i = 0; i < 10; ++i) {
    Step();
    log_.Tick();
  }
  ASSERT_EQ(log_.records().size(), before + 1) << "it stands in the log";
  EXPECT_TRUE(accepted->prepared);
  EXPECT_TRUE(repeated->prepared);
  for (const auto& one : {accepted, refused, already, read, repeated}) EXPECT_FALSE(one->is_finished());
  EXPECT_EQ(TotalOf('y'), "none") << "nor is it in the rows";
  Run();
  EXPECT_TRUE(accepted->is_accepted());
  EXPECT_TRUE(absl::IsNotFound(*refused->status));
  EXPECT_TRUE(already->already);
  EXPECT_TRUE(read->status->ok());
  EXPECT_TRUE(repeated->repeated);
}

TEST_F(PartitionTest, TheNextBatchGathersWhileOneIsUnderWay) {
  Serve();
  const auto first = Offer('a', Open{});
  Step();
  const auto second = Offer('b', Open{}), third = Offer('c', Open{});
  Step();
  EXPECT_EQ(partition_->waiting(), 3u);
  Run();
  ASSERT_EQ(log_.records().size(), 3u);
  EXPECT_EQ(RecordAt(1).batch().commands_size(), 1);
  EXPECT_EQ(RecordAt(2).batch().commands_size(), 2);
  EXPECT_EQ(partition_->waiting(), 0u);
}

TEST_F(PartitionTest, AReadIsProvenByAnAppendThatWasSentAfterItCame) {
  Serve();
  Offer('a', Open{});
  Step();
  const auto read = Read('a');
  Run();
  EXPECT_TRUE(read->status->ok());
  EXPECT_EQ(log_.records().size(), 3u) << "the record under way when it came does not count";
  EXPECT_EQ(LastBatch().commands_size(), 0);
}

TEST_F(PartitionTest, ReadsAndRefusalsAloneMakeAnEmptyBatchAndShareIt) {
  Serve();
  const auto read = Read('x'), other = Read('y');
  const auto refused = Offer('x', Add{1});
  Run();
  EXPECT_TRUE(read->status->ok() && other->status->ok());
  EXPECT_TRUE(absl::IsNotFound(*refused->status));
  EXPECT_EQ(log_.records().size(), 2u);
  EXPECT_EQ(LastBatch().commands_size(), 0);
  EXPECT_EQ(LastBatch().sequence(), 1u);
}

TEST_F(PartitionTest, ABatchReadsItsOwnWrites) {
  Serve();
  const auto early = Offer('x', Add{1}), opened = Offer('x', Open{10});
  const auto added = Offer('x', Add{5}), again = Offer('x', Add{7});
  Run();
  EXPECT_EQ(log_.records().size(), 2u);
  EXPECT_TRUE(absl::IsNotFound(*early->status));
  EXPECT_EQ(opened->state.total, 10);
  EXPECT_EQ(added->state.total, 15);
  EXPECT_EQ(again->state.total, 22);
  EXPECT_EQ(again->state.version(), 3u);
  EXPECT_EQ(TotalOf('x'), "22");
}

TEST_F(PartitionTest, PositionsCountTheEventsOfABatch) {
  Serve();
  const auto first = Offer('x', Open{}), second = Offer('x', Add{1, 3}), third = Offer('y', Open{});
  Run();
  EXPECT_EQ(FormatPosition(first->position), "3@1.0");
  EXPECT_EQ(FormatPosition(second->position), "3@1.3");
  EXPECT_EQ(FormatPosition(third->position), "3@1.4");
  EXPECT_EQ(FormatPosition(Accept('z', Open{})->position), "3@2.0");
}

TEST_F(PartitionTest, ABatchEndsAtItsCommands) {
  options_.batch_commands = 3;
  Restart();
  Serve();
  for (char subject = 'a'; subject < 'h'; ++subject) Offer(subject, Open{});
  Run();
  ASSERT_EQ(log_.records().size(), 4u);
  EXPECT_EQ(RecordAt(1).batch().commands_size(), 3);
  EXPECT_EQ(RecordAt(2).batch().commands_size(), 3);
  EXPECT_EQ(RecordAt(3).batch().commands_size(), 1);
}

TEST_F(PartitionTest, ABatchEndsAtItsBytes) {
  options_.batch_bytes = 2000;
  Restart();
  Serve();
  for (char subject = 'a'; subject < 'e'; ++subject) Offer(subject, Open{});
  Run();
  ASSERT_EQ(log_.records().size(), 2u);
  for (char subject = 'a'; subject < 'e'; ++subject) Offer(subject, Note{std::string(800, 'n')});
  Run();
  EXPECT_EQ(log_.records().size(), 4u) << "two go over the limit";
  for (size_t offset = 2; offset < 4; ++offset) EXPECT_EQ(RecordAt(offset).batch().commands_size(), 2);
}

TEST_F(PartitionTest, PartitionTimeNeverGoesBack) {
  Serve();
  Accept('a', Open{});
  EXPECT_EQ(LastBatch().time_micros(), 1'000'000'000);
  now_micros_ -= 600'000'000;
  Accept('b', Open{});
  EXPECT_EQ(LastBatch().time_micros(), 1'000'000'000);
  now_micros_ += 1'200'000'000;
  Accept('c', Open{});
  EXPECT_EQ(LastBatch().time_micros(), 1'600'000'000);
}

TEST_F(PartitionTest, TheCommandSaysWhoAskedAndHow) {
  Serve();
  Accept('x', Open{});
  const auto batch = LastBatch();
  const auto& command = batch.commands(0);
  EXPECT_EQ(command.caller(), "caller");
  EXPECT_EQ(command.clerk_id(), "clerk-1");
  EXPECT_EQ(command.method(), "method");
  EXPECT_EQ(command.request_id(), std::string(16, '\x01'));
  EXPECT_EQ(command.request_hash(), std::string(16, 'h'));
  EXPECT_FALSE(command.shares_request());
  EXPECT_EQ(command.events(0).type(), "opened");
  EXPECT_EQ(command.events(0).subject(), std::string(16, 'x'));
}

TEST_F(PartitionTest, OnlyNewKeysGoIntoTheKeyBlock) {
  Serve();
  Offer('x', Open{});
  Offer('y', Open{});
  Offer('x', Add{1});
  Run();
  eventlog::v1::KeyBlock block;
  const auto batch = LastBatch();
  ASSERT_TRUE(block.ParseFromString(*handle_->ReadKeyBlock({batch.claim_id(), batch.claim_sequence()})));
  ASSERT_EQ(block.keys_size(), 2);
  EXPECT_EQ(block.keys(0).key_id(), batch.commands(0).events(0).key_id());
  EXPECT_EQ(block.keys(0).wrapped().size(), 40u);
  Accept('x', Add{1});
  const auto later = LastBatch();
  EXPECT_TRUE(absl::IsNotFound(handle_->ReadKeyBlock({later.claim_id(), later.claim_sequence()}).status()));
  EXPECT_EQ(later.commands(0).events(0).key_id(), batch.commands(0).events(0).key_id());
}

TEST_F(PartitionTest, WhatABatchDidIsObserved) {
  Serve();
  Offer('x', Open{});
  Offer('x', Add{1, 4});
  Offer('y', Add{1});
  Offer('x', Open{});
  Read('x');
  Run();
  ASSERT_EQ(observed_.size(), 1u);
  EXPECT_EQ(observed_[0].commands, 5u);
  EXPECT_EQ(observed_[0].events, 5u);
  size_t of_all_types = 0;
  for (const auto& [type, count] : observed_[0].event_types) of_all_types += count;
  EXPECT_EQ(of_all_types, 5u);
  EXPECT_EQ(observed_[0].refused, 1u);
  EXPECT_EQ(observed_[0].repeated, 1u);
  EXPECT_EQ(observed_[0].bytes, log_.records()[1].size());
  EXPECT_EQ(observed_[0].sent_micros, now_micros_);
}

// ---- What is not decided

TEST_F(PartitionTest, AFullQueueIsToldAtOnce) {
  options_.waiting_commands = 3;
  Restart();
  Serve();
  std::vector<std::shared_ptr<Told>> told;
  for (char subject = 'a'; subject < 'e'; ++subject) told.push_back(Offer(subject, Open{}));
  ASSERT_TRUE(told[3]->is_finished());
  EXPECT_TRUE(absl::IsResourceExhausted(*told[3]->status));
  EXPECT_NE(told[3]->status->message(), kStorageFull);
  EXPECT_FALSE(told[2]->is_finished());
  Run();
  EXPECT_TRUE(told[2]->is_accepted());
  EXPECT_EQ(TotalOf('d'), "none");
}

TEST_F(PartitionTest, PastItsDeadlineNothingIsDecided) {
  Serve();
  const auto late = Offer('x', Open{}, 'i', {"caller", 'h', false, now_micros_ - 1});
  const auto in_time = Offer('y', Open{}, 'j', {"caller", 'h', false, now_micros_});
  Run();
  EXPECT_TRUE(absl::IsDeadlineExceeded(*late->status));
  EXPECT_TRUE(in_time->is_accepted());
  EXPECT_EQ(TotalOf('x'), "none");
}

TEST_F(PartitionTest, WhoWaitsWhileNobodyServesIsToldAtTheDeadline) {
  Serve();
  log_.faults.append_refused = 1;
  const auto waits = Offer('x', Open{}, 'i', {"caller", 'h', false, now_micros_ + 1000}), for_ever = Offer('y', Open{});
  Step();
  for (int i = 0; i < 10; ++i) log_.Tick();
  Step();
  ASSERT_EQ(partition_->ownership().phase(), Ownership::Phase::kWaiting);
  EXPECT_FALSE(waits->is_finished());
  now_micros_ += 1001;
  Step();
  EXPECT_TRUE(absl::IsDeadlineExceeded(*waits->status));
  EXPECT_FALSE(for_ever->is_finished());
}

TEST_F(PartitionTest, WhoDoesNotServeSaysSoAtOnce) {
  const auto told = Offer('x', Open{});
  ASSERT_TRUE(told->is_finished());
  EXPECT_TRUE(absl::IsUnavailable(*told->status));
}

TEST_F(PartitionTest, WhatCannotBeLookedUpIsToldAndTheOthersGoOn) {
  Serve();
  Accept('x', Open{});
  rows_.unreadable = true;
  const auto told = Offer('x', Add{1});
  const auto read = Read('x');
  Run();
  EXPECT_TRUE(absl::IsUnavailable(*told->status));
  EXPECT_TRUE(read->status->ok());
  EXPECT_EQ(LastBatch().commands_size(), 0);
  rows_.unreadable = false;
  Accept('x', Add{1});
  EXPECT_EQ(TotalOf('x'), "1");
}

// Whatever was asked, in whatever batches: a follower that folds the log has the same rows, byte for byte.
TEST_F(PartitionTest, AFollowerHasTheSameRows) {
  options_.batch_commands = 7;
  Restart();
  Serve();
  for (int i = 0; i < 400; ++i) {
    const char subject = static_cast<char>('a' + dice_.Below(5));
    const char id = static_cast<char>(dice_.Below(100));
    const uint64_t kind = dice_.Below(8);
    if (kind == 0) {
      Offer(subject, Open{i}, id);
    } else if (kind == 1) {
      Offer(subject, Note{dice_.Chance(0.3) ? "none" : "note"}, id);
    } else {
      const char hash = static_cast<char>('g' + subject % 2);
      Offer(subject, Add{i, static_cast<int>(1 + dice_.Below(3))}, id, {"caller", hash, kind == 2});
    }
    if (dice_.Chance(0.1)) Run();
    if (dice_.Chance(0.05)) now_micros_ += options_.receipt_retention_micros / 3;
  }
  Run();
  auto handle = log_.Handle();
  CountingRows rows;
  simulation::PlainVault vault(99);
  PartitionOptions options = options_;
  options.fold_events = 11;
  Partition<Service> follower(&service_, handle.get(), &rows, &vault, options, ownership_, CountingChain,
                              [](uint8_t*, size_t) {}, nullptr);
  ASSERT_EQ(follower.Open(), absl::OkStatus());
  while (follower.Step(now_micros_)) {
  }
  const auto dump = [](const Rows& of) {
    std::vector<std::pair<std::string, std::string>> all;
    EXPECT_TRUE(of.Scan("", "", [&](std::string_view key, std::string_view value) {
                    all.emplace_back(key, value);
                    return true;
                  }).ok());
    return all;
  };
  EXPECT_EQ(dump(rows), dump(rows_));
  EXPECT_GT(log_.records().size(), 20u);
}

}  // namespace
}  // namespace mynumber::eventsourcing
