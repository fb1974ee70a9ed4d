#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/eventsourcing/partition_fixture.h"

namespace mynumber::eventsourcing {
namespace {

using testing::HasSubstr;
using Add = CounterService::Add;
using Note = CounterService::Note;
using Open = CounterService::Open;

constexpr int64_t kSecond = 1'000'000;

// Counts what the counters of another service count, and pays a bonus of 100 five seconds after a note "bonus"; after a
// note "nothing" it opens the counter once more, which is nothing.
struct MirrorService : CounterService {
  bool ReactsTo(std::string_view, std::string_view type) const { return type != "noted"; }
  bool knows_opened = true;
  absl::StatusOr<std::vector<Reaction<Command>>> React(const ForeignEvent& foreign) const {
    CounterEvent event;
    if (!event.ParseFromString(std::string(foreign.payload))) return absl::DataLossError("no event");
    if (event.type == "mystery") return absl::DataLossError("a mystery");
    if (event.type == "opened" && !knows_opened) return std::vector<Reaction<Command>>{};
    if (event.type == "opened") return std::vector<Reaction<Command>>{{foreign.subject, Open{event.amount}}};
    return std::vector<Reaction<Command>>{{foreign.subject, Add{event.amount}}};
  }
  Command WhenDue(const Deadline& deadline) const {
    return deadline.what == 'b' ? Command(Add{100}) : Command(Open{});
  }
  void Project(const State& before, const State& after, const Event& event, const EventMeta& meta,
               std::vector<RowChange>* changes) const {
    CounterService::Project(before, after, event, meta, changes);
    if (event.type != "noted") return;
    const Deadline deadline{meta.time_micros + 5 * kSecond, meta.subject, event.note[0]};
    changes->push_back({RowChange::Kind::kPut, DeadlineKey(deadline)});
  }
};

// `partition_` of the fixture is the other service; its commands are met by the mirror.
class InsideWorkTest : public PartitionFixture {
 protected:
  InsideWorkTest() { RestartMirror(); }

  void RestartMirror() {
    mirror_.reset();
    mirror_handle_ = mirror_log_.Handle();
    foreign_ = log_.Handle();
    mirror_ = std::make_unique<Partition<MirrorService>>(
        &mirror_service_, mirror_handle_.get(), &mirror_rows_, &vault_, options_, ownership_, CountingChain,
        [this](uint8_t* out, size_t size) {
          for (size_t i = 0; i < size; ++i) out[i] = static_cast<uint8_t>(dice_.Next());
        },
        [this](const BatchObserved& seen) { seen_.push_back(seen); });
    mirror_->ReactTo("counters", foreign_.get());
    ASSERT_EQ(mirror_->Open(), absl::OkStatus());
    mirror_->Want(true);
  }
  void RunMirror() {
    for (int i = 0; i < 200; ++i) {
      while (mirror_->Step(now_micros_)) {
      }
      mirror_log_.Tick();
    }
  }
  void Pass(int64_t micros) {
    now_micros_ += micros;
    RunMirror();
  }

  void OfferToMirror(char subject, MirrorService::Command command, bool urgent = false) {
    Request<MirrorService> request;
    request.urgent = urgent;
    request.subject = Subject(subject);
    request.command = std::move(command);
    request.origin = std::make_shared<Origin>();
    request.request_id = Bytes(next_id_++);
    request.prepare = [](const Prepared<CounterState>&) {};
    request.finish = [](const absl::Status& status) { EXPECT_EQ(status, absl::OkStatus()); };
    mirror_->Offer(std::move(request));
  }

  std::string MirrorRow(const std::string& key) const {
    std::string value;
    auto found = mirror_rows_.Get(key, &value);
    return found.ok() && *found ? value : "none";
  }
  std::string MirrorTotalOf(char subject) const { return MirrorRow("t" + std::string(16, subject)); }
  std::vector<eventlog::v1::Command> MirrorCommands() const {
    std::vector<eventlog::v1::Command> commands;
    for (const std::string& bytes : mirror_log_.records()) {
      eventlog::v1::Record record;
      record.ParseFromString(bytes);
      for (const auto& command : record.batch().commands()) commands.push_back(command);
    }
    return commands;
  }
  eventlog::v1::ForeignCursor Cursor() const {
    eventlog::v1::ForeignCursor cursor;
    const std::string value = MirrorRow(CursorKey("counters"));
    if (value != "none") cursor.ParseFromString(value);
    return cursor;
  }
  // The rows are those of the log, folded by somebody who sees no other service.
  void ExpectRowsAreTheFold() {
    simulation::SimulatedRows fresh;
    RowFolder<MirrorService> folder(&mirror_service_, &fresh, &vault_, options_.partition,
                                    options_.receipt_retention_micros);
    Head head = EmptyHead();
    for (const std::string& bytes : mirror_log_.records()) {
      eventlog::v1::Record record;
      record.ParseFromString(bytes);
      const Verdict verdict = Judge(head, record);
      if (verdict == Verdict::kVoid) continue;
      ASSERT_NE(verdict, Verdict::kAlarm);
      head = After(head, record, head.offset() + 1);
      const auto& batch = record.batch();
      const auto keys = [&] { return mirror_handle_->ReadKeyBlock({batch.claim_id(), batch.claim_sequence()}); };
      ASSERT_EQ(folder.FoldBatch(batch, keys), absl::OkStatus());
    }
    Changes changes;
    ASSERT_EQ(folder.Finish(&changes), absl::OkStatus());
    ASSERT_EQ(fresh.Write(changes), absl::OkStatus());
    const auto keys_of = [](const simulation::SimulatedRows& rows) {
      std::vector<std::pair<std::string, std::string>> all;
      EXPECT_TRUE(rows.Scan("", "", [&](std::string_view key, std::string_view value) {
                        const bool is_sealed = key[0] == 'a' || key[0] == 's';
                        if (key != kHeadKey) all.emplace_back(key, is_sealed ? "" : std::string(value));
                        return true;
                      }).ok());
      return all;
    };
    EXPECT_EQ(keys_of(mirror_rows_), keys_of(fresh));
  }

  MirrorService mirror_service_;
  simulation::SimulatedLog mirror_log_{22, &fired_};
  CountingRows mirror_rows_;
  std::unique_ptr<PartitionLog> mirror_handle_, foreign_;
  std::unique_ptr<Partition<MirrorService>> mirror_;
  std::vector<BatchObserved> seen_;
};

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
