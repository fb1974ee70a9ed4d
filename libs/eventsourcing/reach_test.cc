// Commands that look at, and change, other subjects of their partition.

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

// Counters that pay one another: a payment takes from the asked one, if it has so much, and adds to the other.
struct PayingService {
  using State = CounterState;
  using Event = CounterEvent;
  struct Open {
    int64_t start = 0;
  };
  struct Pay {
    SubjectId to;
    int64_t amount = 0;
    // The last event is the other one's, or the asked one's.
    bool other_last = false;
  };
  // Adds to another one what the asked one has: no event of the asked one.
  struct Mirror {
    SubjectId to;
  };
  using Command = std::variant<Open, Pay, Mirror>;

  absl::StatusOr<std::vector<EventOf<Event>>> Decide(const State& state, const Command& command,
                                                     const ReachContext<State>& context) const {
    std::vector<EventOf<Event>> events;
    if (const auto* open = std::get_if<Open>(&command)) {
      events.push_back({context.subject, {"opened", open->start, ""}});
      return events;
    }
    const auto* pay = std::get_if<Pay>(&command);
    const SubjectId to = pay != nullptr ? pay->to : std::get<Mirror>(command).to;
    if (context.other(to).version() == 0) return absl::NotFoundError("there is no such counter");
    if (pay == nullptr) return std::vector<EventOf<Event>>{{to, {"added", state.total, ""}}};
    if (state.total < pay->amount) return absl::FailedPreconditionError("it has less");
    events.push_back({context.subject, {"added", -pay->amount, ""}});
    events.push_back({to, {"added", pay->amount, ""}});
    if (!pay->other_last) std::swap(events[0], events[1]);
    return events;
  }
  void Evolve(const Event& event, const EventMeta&, State* state) const { state->total += event.amount; }
  void Project(const State&, const State& after, const Event&, const EventMeta& meta,
               std::vector<RowChange>* changes) const {
    changes->push_back({RowChange::Kind::kPut, "t" + std::string(meta.subject.view()), std::to_string(after.total)});
  }
  static std::string_view EventType(const Event& event) { return event.type; }
  static bool AnswerStaysInState(const Event&) { return false; }

  // Whenever the other service adds, 'a' pays to 'b'.
  bool ReactsTo(std::string_view, std::string_view) const { return true; }
  absl::StatusOr<std::vector<Reaction<Command>>> React(const ForeignEvent& event) const {
    if (event.type == "opened") return std::vector<Reaction<Command>>{{event.subject, Open{}}};
    const auto of = [](char letter) { return SubjectId::FromBytes(std::string(16, letter)); };
    return std::vector<Reaction<Command>>{{of('a'), Pay{of('b'), 1}}};
  }
};

// Rows of one subject that cannot be read for a while.
class FailingRows : public simulation::SimulatedRows {
 public:
  absl::StatusOr<bool> Get(std::string_view key, std::string* value) const override {
    if (!unreadable.empty() && key == unreadable) return absl::UnavailableError("the disk does not answer");
    return SimulatedRows::Get(key, value);
  }
  std::string unreadable;
};

// `partition_` of the fixture is another service.
class ReachTest : public PartitionFixture {
 protected:
  using Pay = PayingService::Pay;
  using Mirror = PayingService::Mirror;

  ReachTest() {
    paying_handle_ = paying_log_.Handle();
    foreign_ = log_.Handle();
    paying_ = std::make_unique<Partition<PayingService>>(
        &paying_service_, paying_handle_.get(), &paying_rows_, &vault_, options_, ownership_, CountingChain,
        [this](uint8_t* out, size_t size) {
          for (size_t i = 0; i < size; ++i) out[i] = static_cast<uint8_t>(dice_.Next());
        },
        nullptr);
    paying_->ReactTo("counters", foreign_.get());
    EXPECT_EQ(paying_->Open(), absl::OkStatus());
    paying_->Want(true);
    RunPaying();
    EXPECT_TRUE(Ask('a', PayingService::Open{10}, 1)->is_accepted());
    EXPECT_TRUE(Ask('b', PayingService::Open{0}, 2)->is_accepted());
  }

  void RunPaying() {
    for (int i = 0; i < 200; ++i) {
      while (paying_->Step(now_micros_)) {
      }
      paying_log_.Tick();
    }
  }
  std::shared_ptr<Told> Offer(char subject, PayingService::Command command, char id) {
    auto told = std::make_shared<Told>();
    Request<PayingService> request;
    request.subject = Subject(subject);
    request.command = std::move(command);
    auto origin = std::make_shared<Origin>();
    origin->needs_no_receipt = needs_no_receipt_;
    request.origin = std::move(origin);
    request.request_id = Bytes(id);
    request.prepare = [told](const Prepared<CounterState>& prepared) {
      told->prepared = true;
      told->state = prepared.state;
      told->repeated = prepared.repeated;
    };
    request.finish = [told](const absl::Status& status) { told->status = status; };
    paying_->Offer(std::move(request));
    return told;
  }
  std::shared_ptr<Told> Ask(char subject, PayingService::Command command, char id) {
    auto told = Offer(subject, std::move(command), id);
    RunPaying();
    return told;
  }
  std::string Total(char subject) const {
    std::string value;
    auto found = paying_rows_.Get("t" + std::string(16, subject), &value);
    return found.ok() && *found ? value : "none";
  }
  eventlog::v1::Batch LastPaid() const {
    eventlog::v1::Record record;
    record.ParseFromString(paying_log_.records().back());
    return record.batch();
  }
  // Of the log, folded afresh: totals, and the receipt rows byte for byte.
  std::string Folded(const std::string& key) {
    simulation::SimulatedRows fresh;
    RowFolder<PayingService> folder(&paying_service_, &fresh, &vault_, options_.partition,
                                    options_.receipt_retention_micros);
    for (const std::string& bytes : paying_log_.records()) {
      eventlog::v1::Record record;
      record.ParseFromString(bytes);
      const auto& batch = record.batch();
      const auto keys = [&] { return paying_handle_->ReadKeyBlock({batch.claim_id(), batch.claim_sequence()}); };
      EXPECT_EQ(folder.FoldBatch(batch, keys), absl::OkStatus());
    }
    Changes changes;
    EXPECT_EQ(folder.Finish(&changes), absl::OkStatus());
    EXPECT_EQ(fresh.Write(changes), absl::OkStatus());
    std::string value;
    auto found = fresh.Get(key, &value);
    return found.ok() && *found ? value : "none";
  }

  PayingService paying_service_;
  bool needs_no_receipt_ = false;
  simulation::SimulatedLog paying_log_{31, &fired_};
  FailingRows paying_rows_;
  std::unique_ptr<PartitionLog> paying_handle_, foreign_;
  std::unique_ptr<Partition<PayingService>> paying_;
};

TEST_F(ReachTest, BothChangeInOneCommand) {
  ASSERT_TRUE(Ask('a', Pay{Subject('b'), 4}, 3)->is_accepted());
  EXPECT_EQ(Total('a') + " " + Total('b'), "6 4");
  ASSERT_EQ(LastPaid().commands_size(), 1);
  EXPECT_EQ(LastPaid().commands(0).events_size(), 2);
  EXPECT_EQ(Folded("t" + std::string(16, 'b')), "4");
}

TEST_F(ReachTest, ADecisionSeesWhatTheSameBatchDidToTheOther) {
  const auto first = Offer('a', Pay{Subject('b'), 10}, 3), second = Offer('a', Pay{Subject('b'), 1}, 4),
             third = Offer('b', Pay{Subject('a'), 10}, 5);
  RunPaying();
  EXPECT_TRUE(first->is_accepted());
  EXPECT_THAT(second->status->message(), HasSubstr("it has less"));
  EXPECT_TRUE(third->is_accepted());
  EXPECT_EQ(LastPaid().commands_size(), 2) << "all of it was one batch";
  EXPECT_EQ(Total('a') + " " + Total('b'), "10 0");
}

TEST_F(ReachTest, TheOtherOnesStateCanRefuse) {
  EXPECT_THAT(Ask('a', Pay{Subject('z'), 1}, 3)->status->message(), HasSubstr("no such counter"));
  EXPECT_EQ(Total('a'), "10");
}

// Whoever wrote last, the receipt is of the one that was asked for.
TEST_F(ReachTest, TheSameRequestGetsTheAskedOnesFirstAnswerAgain) {
  for (bool other_last : {false, true}) {
    const char id = other_last ? '\x10' : '\x11';
    const auto first = Ask('a', Pay{Subject('b'), 2, other_last}, id);
    ASSERT_TRUE(Ask('b', Pay{Subject('a'), 1, other_last}, static_cast<char>(id + 0x10))->is_accepted());
    const auto again = Ask('a', Pay{Subject('b'), 2, other_last}, id);
    EXPECT_TRUE(again->is_accepted() && again->repeated);
    EXPECT_EQ(again->state.total, first->state.total);
  }
  EXPECT_EQ(Total('a') + " " + Total('b'), "8 2");
}

TEST_F(ReachTest, ACommandMayWriteOfTheOtherAlone) {
  const auto first = Ask('a', Mirror{Subject('b')}, 3);
  ASSERT_TRUE(first->is_accepted());
  EXPECT_EQ(LastPaid().commands(0).subject(), std::string(16, 'a'));
  EXPECT_EQ(Total('a') + " " + Total('b'), "10 10");
  EXPECT_TRUE(Ask('a', Mirror{Subject('b')}, 3)->repeated);
  EXPECT_EQ(Total('b'), "10");
  const std::string receipt = ReceiptKey("", "", View(Bytes(3)));
  EXPECT_NE(Folded(receipt), "none");
}

TEST_F(ReachTest, WhatNeedsNoReceiptIsDecidedEveryTime) {
  for (int time = 0; time < 2; ++time) {
    needs_no_receipt_ = true;
    const auto told = Ask('a', Pay{Subject('b'), 1}, 3);
    EXPECT_TRUE(told->is_accepted() && !told->repeated);
    EXPECT_EQ(LastPaid().commands(0).request_id(), "");
  }
  EXPECT_EQ(Total('b'), "2");
  EXPECT_EQ(Folded(ReceiptKey("", "", View(Bytes(3)))), "none");
}

TEST_F(ReachTest, AnUnreadableOtherFailsTheCommandAndWritesNothing) {
  paying_rows_.unreadable = StateKey(Subject('b'));
  EXPECT_THAT(Ask('a', Pay{Subject('b'), 1}, 3)->status->message(), HasSubstr("the disk does not answer"));
  EXPECT_EQ(Total('a'), "10");
  paying_rows_.unreadable.clear();
  EXPECT_TRUE(Ask('a', Pay{Subject('b'), 1}, 3)->is_accepted());
}

// Nobody can be told; so it is given up whole, callers are heard, and it is done once the rows can be read.
TEST_F(ReachTest, AReactionThatCannotReadTheOtherIsDoneLater) {
  Serve();
  paying_rows_.unreadable = StateKey(Subject('b'));
  Accept('x', Service::Open{5});
  Accept('x', Service::Add{1});
  const auto caller = Offer('c', PayingService::Open{0}, 3);
  RunPaying();
  EXPECT_TRUE(caller->is_accepted());
  EXPECT_EQ(Total('b'), "0");
  EXPECT_THAT(paying_->input_trouble().message(), HasSubstr("the disk does not answer"));
  paying_rows_.unreadable.clear();
  now_micros_ += 1'000'000;
  RunPaying();
  EXPECT_EQ(Total('a') + " " + Total('b'), "9 1");
  EXPECT_EQ(paying_->input_trouble(), absl::OkStatus());
}

}  // namespace
}  // namespace mynumber::eventsourcing
