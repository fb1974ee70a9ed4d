// The lane of urgent requests.

#include "gtest/gtest.h"
#include "libs/eventsourcing/partition_fixture.h"

namespace mynumber::eventsourcing {
namespace {

using Add = CounterService::Add;
using Open = CounterService::Open;

class PartitionUrgentTest : public PartitionFixture {
 protected:
  std::shared_ptr<Told> OfferUrgent(char subject, std::optional<Service::Command> command) {
    Ask ask;
    ask.urgent = true;
    return Offer(subject, std::move(command), next_id_++, ask);
  }
};

TEST_F(PartitionUrgentTest, AFullQueueKeepsThemNotOut) {
  options_.waiting_commands = 3;
  Restart();
  Serve();
  for (char subject = 'a'; subject < 'd'; ++subject) Offer(subject, Open{});
  const auto refused = Offer('d', Open{});
  const auto urgent = OfferUrgent('u', Open{});
  ASSERT_TRUE(refused->is_finished());
  EXPECT_TRUE(absl::IsResourceExhausted(*refused->status));
  EXPECT_FALSE(urgent->is_finished());
  Run();
  EXPECT_TRUE(urgent->is_accepted());
  EXPECT_EQ(log_.records().size(), 2u) << "in the next batch";
}

TEST_F(PartitionUrgentTest, TheyAreTakenBeforeAllThatWait) {
  options_.batch_commands = 3;
  Restart();
  Serve();
  for (char subject = 'a'; subject < 'i'; ++subject) Offer(subject, Open{});
  const auto first = OfferUrgent('x', Open{}), second = OfferUrgent('y', Open{});
  Step();
  Run();
  EXPECT_EQ(RecordAt(1).batch().commands_size(), 3);
  EXPECT_EQ(FormatPosition(first->position), "3@1.0");
  EXPECT_EQ(FormatPosition(second->position), "3@1.1") << "in the order in which they came";
  EXPECT_EQ(TotalOf('h'), "0") << "the others come later";
}

TEST_F(PartitionUrgentTest, TheyHaveABoundOfTheirOwn) {
  options_.waiting_urgent = 2;
  Restart();
  Serve();
  const auto first = OfferUrgent('x', Open{}), second = OfferUrgent('y', Open{}), third = OfferUrgent('z', Open{});
  const auto other = Offer('a', Open{});
  EXPECT_EQ(partition_->waiting(), 3u);
  ASSERT_TRUE(third->is_finished());
  EXPECT_TRUE(absl::IsResourceExhausted(*third->status));
  Run();
  EXPECT_TRUE(first->is_accepted() && second->is_accepted() && other->is_accepted());
}

TEST_F(PartitionUrgentTest, AReadCanBeUrgent) {
  options_.waiting_commands = 1;
  Restart();
  Serve();
  Offer('a', Open{});
  const auto refused = Read('a'), urgent = OfferUrgent('a', std::nullopt);
  Run();
  EXPECT_TRUE(absl::IsResourceExhausted(*refused->status));
  EXPECT_EQ(*urgent->status, absl::OkStatus());
}

TEST_F(PartitionUrgentTest, ALostBatchIsDecidedAgainInItsOrder) {
  Serve();
  Accept('x', Open{10});
  const auto ordinary = Offer('x', Add{1}), first = OfferUrgent('x', Add{100}), second = OfferUrgent('x', Add{1000});
  // Somebody else's void record stands where the batch was to stand.
  Put("void");
  Run();
  EXPECT_EQ(first->state.total, 110);
  EXPECT_EQ(second->state.total, 1110);
  EXPECT_EQ(ordinary->state.total, 1111);
  for (const auto& told : {ordinary, first, second}) EXPECT_TRUE(told->is_accepted());
}

TEST_F(PartitionUrgentTest, WhoWaitsWhileNobodyServesIsToldAtTheDeadline) {
  Serve();
  log_.faults.append_refused = 1;
  Ask ask;
  ask.urgent = true;
  ask.deadline_micros = now_micros_ + 1000;
  const auto waits = Offer('x', Open{}, 'i', ask), for_ever = OfferUrgent('y', Open{});
  Step();
  for (int i = 0; i < 10; ++i) log_.Tick();
  now_micros_ += 1001;
  Step();
  ASSERT_TRUE(waits->is_finished());
  EXPECT_TRUE(absl::IsDeadlineExceeded(*waits->status));
  EXPECT_FALSE(for_ever->is_finished());
}

TEST_F(PartitionUrgentTest, WhoeverStopsServingTellsThemToo) {
  Serve();
  Offer('a', Open{});
  Step();
  const auto urgent = OfferUrgent('u', Open{}), ordinary = Offer('o', Open{});
  partition_->Refuse(absl::UnavailableError("replaced"));
  ASSERT_TRUE(urgent->is_finished() && ordinary->is_finished());
  EXPECT_TRUE(absl::IsUnavailable(*urgent->status));
  EXPECT_EQ(partition_->waiting(), 1u) << "the batch under way";
}

}  // namespace
}  // namespace mynumber::eventsourcing
