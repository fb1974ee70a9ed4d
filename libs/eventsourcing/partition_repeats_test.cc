#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/eventsourcing/partition_fixture.h"

namespace mynumber::eventsourcing {
namespace {

using Add = CounterService::Add;
using Open = CounterService::Open;

// The same request again (P3).
class PartitionRepeatsTest : public PartitionFixture {};

TEST_F(PartitionRepeatsTest, TheSameRequestTwiceInOneBatchTakesEffectOnce) {
  Serve();
  Accept('x', Open{});
  const auto first = Offer('x', Add{5}, 'i'), second = Offer('x', Add{5}, 'i');
  Run();
  EXPECT_TRUE(first->is_accepted() && second->is_accepted());
  EXPECT_FALSE(first->repeated);
  EXPECT_TRUE(second->repeated);
  EXPECT_EQ(FormatPosition(first->position), FormatPosition(second->position));
  EXPECT_EQ(TotalOf('x'), "5");
  EXPECT_EQ(LastBatch().commands_size(), 1);
}

TEST_F(PartitionRepeatsTest, TheFirstAnswerIsGivenAgainWhateverHappenedSince) {
  Serve();
  Accept('x', Open{});
  const auto first = Offer('x', Add{5}, 'i');
  Run();
  Accept('x', Add{100});
  Restart();
  Serve();
  const auto again = Offer('x', Add{5}, 'i');
  Run();
  EXPECT_TRUE(again->is_accepted() && again->repeated);
  EXPECT_EQ(again->state.total, 5);
  EXPECT_EQ(again->state.version(), 2u);
  EXPECT_EQ(FormatPosition(again->position), FormatPosition(first->position));
  EXPECT_EQ(TotalOf('x'), "105");
}

TEST_F(PartitionRepeatsTest, AnAnswerThatStaysInTheStateIsMadeFromALaterOne) {
  Serve();
  const auto first = Offer('x', Open{1}, 'i');
  Run();
  Accept('x', Add{2});
  const auto again = Offer('x', Open{1}, 'i');
  Run();
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->state.total, 3);
  EXPECT_EQ(FormatPosition(again->position), FormatPosition(first->position));
}

TEST_F(PartitionRepeatsTest, AnIdThatIsUsedForSomethingElseIsRefusedByName) {
  Serve();
  Accept('x', Open{});
  const auto first = Offer('x', Add{5}, 'i'), at_once = Offer('x', Add{6}, 'i', {"caller", 'o'});
  Run();
  EXPECT_TRUE(first->is_accepted());
  const auto later = Offer('x', Add{6}, 'i', {"caller", 'o'});
  Run();
  for (const auto& reused : {at_once, later}) {
    EXPECT_TRUE(absl::IsAlreadyExists(*reused->status));
    EXPECT_EQ(reused->status->message(), kRequestIdReused);
  }
  const auto other_caller = Offer('x', Add{6}, 'i', {"other caller", 'o'});
  Run();
  EXPECT_TRUE(other_caller->is_accepted()) << "another caller's id is another id";
  EXPECT_EQ(TotalOf('x'), "11");
}

TEST_F(PartitionRepeatsTest, ARefusedRequestMayBeAcceptedLaterUnderItsId) {
  Serve();
  const auto refused = Offer('x', Add{5}, 'i');
  Run();
  EXPECT_TRUE(absl::IsNotFound(*refused->status));
  Accept('x', Open{});
  const auto again = Offer('x', Add{5}, 'i');
  Run();
  EXPECT_TRUE(again->is_accepted());
  EXPECT_FALSE(again->repeated);
}

TEST_F(PartitionRepeatsTest, AHouseholdSharesOneRequestId) {
  Serve();
  const Ask household{"caller", 'h', true};
  for (char subject : {'x', 'y'}) Offer(subject, Open{1}, 'i', household);
  Run();
  const auto third = Offer('z', Open{1}, 'i', household);
  const auto x_again = Offer('x', Open{1}, 'i', household), y_again = Offer('y', Open{1}, 'i', household);
  Run();
  EXPECT_TRUE(third->is_accepted());
  EXPECT_FALSE(third->repeated);
  EXPECT_TRUE(x_again->repeated && y_again->repeated);
  EXPECT_EQ(FormatPosition(x_again->position), "3@1.0");
  EXPECT_EQ(FormatPosition(y_again->position), "3@1.1");
}

TEST_F(PartitionRepeatsTest, AReceiptIsKnownForItsTimeByThePartitionsClock) {
  Serve();
  Accept('x', Open{});
  Offer('x', Add{5}, 'i');
  Run();
  now_micros_ += options_.receipt_retention_micros;
  auto again = Offer('x', Add{5}, 'i');
  Run();
  EXPECT_TRUE(again->repeated);
  now_micros_ += 1;
  again = Offer('x', Add{5}, 'i');
  Run();
  EXPECT_FALSE(again->repeated);
  EXPECT_EQ(TotalOf('x'), "10");
  now_micros_ -= 600'000'000;
  again = Offer('x', Add{5}, 'i');
  Run();
  EXPECT_TRUE(again->repeated) << "and the new one from then on";
}

TEST_F(PartitionRepeatsTest, AlreadySoWritesNothingAndSaysSo) {
  Serve();
  Accept('x', Open{1});
  const auto already = Offer('x', Open{2});
  Run();
  EXPECT_TRUE(already->is_accepted() && already->already);
  EXPECT_FALSE(already->repeated);
  EXPECT_EQ(already->state.total, 1);
  EXPECT_EQ(already->position.sequence, 2u) << "as of this batch";
}

}  // namespace
}  // namespace mynumber::eventsourcing
