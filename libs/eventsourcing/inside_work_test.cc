#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/eventsourcing/inside_work_fixture.h"

namespace mynumber::eventsourcing {
namespace {

using testing::HasSubstr;
using Add = CounterService::Add;
using Note = CounterService::Note;
using Open = CounterService::Open;

constexpr int64_t kSecond = 1'000'000;

class InsideWorkTest : public InsideWorkFixture {};

// ---- Reactions

TEST_F(InsideWorkTest, WhatAnotherServiceWroteIsReactedToOnce) {
  Serve();
  Accept('x', Open{7});
  Accept('x', Add{5});
  RunMirror();
  EXPECT_EQ(MirrorTotalOf('x'), "12");
  Accept('x', Add{1});
  RunMirror();
  EXPECT_EQ(MirrorTotalOf('x'), "13");
  EXPECT_EQ(MirrorCommands().size(), 3u);
  ExpectRowsAreTheFold();
}

TEST_F(InsideWorkTest, ARecordNamesItsCauseAndHasNoReceipt) {
  Serve();
  Accept('x', Open{7});
  RunMirror();
  ASSERT_EQ(MirrorCommands().size(), 1u);
  const eventlog::v1::Command command = MirrorCommands()[0];
  EXPECT_EQ(command.cause(), "counters/3@1.0");
  EXPECT_EQ(command.request_id() + command.method() + command.caller(), "");
  EXPECT_EQ(Cursor().sequence(), 1u);
}

TEST_F(InsideWorkTest, ASubjectHasOneDataKeyInBothLogs) {
  Serve();
  Accept('x', Open{7});
  RunMirror();
  const auto theirs = RecordAt(1).batch().commands(0).events(0);
  EXPECT_EQ(MirrorCommands()[0].events(0).key_id(), theirs.key_id());
}

// A note is not reacted to, so that the mirror of 'y' was never opened when it is added to.
TEST_F(InsideWorkTest, ARefusedReactionIsWrittenDown) {
  mirror_service_.knows_opened = false;
  Serve();
  Accept('y', Open{1});
  Accept('y', Add{1});
  RunMirror();
  ASSERT_EQ(MirrorCommands().size(), 1u);
  EXPECT_THAT(MirrorCommands()[0].refused(), HasSubstr("no such counter"));
  EXPECT_EQ(Cursor().sequence(), 2u);
  ExpectRowsAreTheFold();
}

TEST_F(InsideWorkTest, ACrashAtAnyStepLosesAndDoublesNothing) {
  Serve();
  Accept('x', Open{0});
  for (int i = 0; i < 30; ++i) {
    Accept('x', Add{1, 3});
    for (int steps = 0; steps < i; ++steps) {
      mirror_->Step(now_micros_);
      if (steps % 3 == 0) mirror_log_.Tick();
    }
    RestartMirror();
  }
  RunMirror();
  EXPECT_EQ(MirrorTotalOf('x'), "90");
  ExpectRowsAreTheFold();
}

TEST_F(InsideWorkTest, ALostAcknowledgementLosesAndDoublesNothing) {
  Serve();
  Accept('x', Open{0});
  RunMirror();
  for (double* fault : {&mirror_log_.faults.acknowledgement_lost, &mirror_log_.faults.append_lost}) {
    Accept('x', Add{1});
    *fault = 1;
    for (int i = 0; i < 60; ++i) {
      mirror_->Step(now_micros_);
      mirror_log_.Tick();
    }
    *fault = 0;
    for (int i = 0; i < 5; ++i) Pass(2 * kSecond);
  }
  EXPECT_EQ(MirrorTotalOf('x'), "2");
  ExpectRowsAreTheFold();
}

TEST_F(InsideWorkTest, MoreThanABatchIsReactedToBitByBit) {
  options_.batch_commands = 8;
  RestartMirror();
  options_.batch_commands = 1000;
  Serve();
  Accept('x', Open{0});
  Accept('x', Add{1, 50});
  RunMirror();
  EXPECT_EQ(MirrorTotalOf('x'), "50");
  for (const BatchObserved& seen : seen_) EXPECT_LE(seen.reactions, 4u);
  ExpectRowsAreTheFold();
}

TEST_F(InsideWorkTest, WhatNothingComesOfIsCarriedOnAfterAWhile) {
  Serve();
  Accept('x', Open{0});
  RunMirror();
  const size_t records = mirror_log_.records().size();
  Accept('x', Note{"n"});
  RunMirror();
  EXPECT_EQ(mirror_log_.records().size(), records);
  Pass(options_.carry_micros);
  EXPECT_EQ(mirror_log_.records().size(), records + 1) << "one empty batch";
  EXPECT_EQ(Cursor().sequence(), 2u);
  Pass(options_.carry_micros);
  EXPECT_EQ(mirror_log_.records().size(), records + 1) << "there is nothing to carry on";
}

TEST_F(InsideWorkTest, WhatCannotBeReadEndsReactionsAndNothingElse) {
  Serve();
  Accept('x', Open{0});
  Accept('x', CounterService::Mystery{});
  RunMirror();
  EXPECT_TRUE(absl::IsDataLoss(mirror_->input_trouble()));
  EXPECT_EQ(MirrorTotalOf('x'), "0");
  EXPECT_EQ(mirror_->ownership().phase(), Ownership::Phase::kServing);
}

TEST_F(InsideWorkTest, AFollowerReactsToNothing) {
  Serve();
  RestartMirror();
  mirror_->Want(false);
  Accept('x', Open{0});
  RunMirror();
  EXPECT_THAT(mirror_log_.records(), testing::IsEmpty());
}

// ---- Deadlines

TEST_F(InsideWorkTest, ADeadlineIsMetOnceWhenItsTimeHasCome) {
  Serve();
  Accept('x', Open{0});
  RunMirror();
  OfferToMirror('x', Note{"bonus"});
  RunMirror();
  Pass(5 * kSecond - 1);
  EXPECT_EQ(MirrorTotalOf('x'), "0");
  Pass(1);
  EXPECT_EQ(MirrorTotalOf('x'), "100");
  EXPECT_EQ(MirrorCommands().back().cause(), "due");
  Pass(100 * kSecond);
  EXPECT_EQ(MirrorTotalOf('x'), "100");
  ExpectRowsAreTheFold();
}

TEST_F(InsideWorkTest, ADeadlineThatPassedWhileNobodyServedIsMetAtTheStart) {
  Serve();
  Accept('x', Open{0});
  RunMirror();
  OfferToMirror('x', Note{"bonus"});
  RunMirror();
  now_micros_ += 100 * kSecond;
  RestartMirror();
  RunMirror();
  EXPECT_EQ(MirrorTotalOf('x'), "100");
}

TEST_F(InsideWorkTest, ADeadlineThatComesToNothingIsWrittenDownAndGone) {
  Serve();
  Accept('x', Open{0});
  RunMirror();
  OfferToMirror('x', Note{"nothing"});
  RunMirror();
  Pass(5 * kSecond);
  EXPECT_EQ(MirrorCommands().back().cause(), "due");
  EXPECT_TRUE(MirrorCommands().back().events().empty());
  const size_t records = mirror_log_.records().size();
  Pass(5 * kSecond);
  EXPECT_EQ(mirror_log_.records().size(), records);
  ExpectRowsAreTheFold();
}

TEST_F(InsideWorkTest, ManyDeadlinesLeaveHalfOfABatchToCallers) {
  options_.batch_commands = 10;
  RestartMirror();
  Serve();
  for (char c = 'A'; c < 'A' + 26; ++c) Accept(c, Open{0});
  RunMirror();
  for (char c = 'A'; c < 'A' + 26; ++c) OfferToMirror(c, Note{"bonus"});
  RunMirror();
  seen_.clear();
  Pass(5 * kSecond);
  for (const BatchObserved& seen : seen_) EXPECT_LE(seen.due, 5u);
  for (char c = 'A'; c < 'A' + 26; ++c) EXPECT_EQ(MirrorTotalOf(c), "100");
}

TEST_F(InsideWorkTest, AnUrgentCommandIsInTheNextBatchWhateverElseThereIsToDo) {
  options_.batch_commands = 10;
  RestartMirror();
  Serve();
  for (char c = 'A'; c < 'A' + 26; ++c) Accept(c, Open{0});
  RunMirror();
  for (char c = 'A'; c < 'A' + 26; ++c) OfferToMirror(c, Note{"bonus"});
  RunMirror();
  const size_t before = mirror_log_.records().size();
  for (char c = 'A'; c < 'A' + 26; ++c) OfferToMirror(c, Add{0});
  OfferToMirror('Z', Add{7}, /*urgent=*/true);
  Pass(5 * kSecond);
  eventlog::v1::Record next;
  next.ParseFromString(mirror_log_.records()[before]);
  ASSERT_GE(next.batch().commands_size(), 6);
  EXPECT_EQ(next.batch().commands(5).events(0).subject(), Subject('Z').view()) << "behind half a batch of deadlines";
}

}  // namespace
}  // namespace mynumber::eventsourcing
