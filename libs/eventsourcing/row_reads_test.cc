#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/eventsourcing/partition_fixture.h"

namespace mynumber::eventsourcing {
namespace {

using Open = CounterService::Open;

// Reads that need no owner, and requests that another instance must serve.
class RowReadsTest : public PartitionFixture {
 protected:
  std::shared_ptr<Told> OfferRead(bool fresh, uint64_t at_sequence, int64_t deadline_micros = 0) {
    auto told = std::make_shared<Told>();
    Request<Service> request;
    request.fresh = fresh;
    request.at_sequence = at_sequence;
    request.deadline_micros = deadline_micros;
    request.finish = [told](const absl::Status& status) {
      EXPECT_FALSE(told->is_finished()) << "finished twice";
      told->status = status;
    };
    partition_->Offer(std::move(request));
    return told;
  }

  // A second instance's rows, empty, on the log as it stands.
  void FollowAnew() {
    EXPECT_EQ(rows_.StartOver(), absl::OkStatus());
    Restart();
  }
};

TEST_F(RowReadsTest, AFreshReadSeesWhatStoodInTheLogThoughNobodyOwnsIt) {
  Serve();
  for (char subject = 'a'; subject < 'f'; ++subject) Accept(subject, Open{1});
  FollowAnew();
  ASSERT_EQ(TotalOf('e'), "none");
  const auto fresh = OfferRead(true, 0);
  for (int i = 0; i < 200 && !fresh->is_finished(); ++i) partition_->Step(now_micros_);
  ASSERT_TRUE(fresh->is_finished());
  EXPECT_EQ(*fresh->status, absl::OkStatus());
  EXPECT_NE(TotalOf('e'), "none") << "it was answered before the rows had come that far";
  EXPECT_FALSE(partition_->ownership().serving());
}

TEST_F(RowReadsTest, AnEndThatMayHaveBeenAskedForBeforeDoesNotCount) {
  FollowAnew();
  Run();
  log_.faults.end_unavailable = 1;
  const auto fresh = OfferRead(true, 0);
  Run();
  EXPECT_FALSE(fresh->is_finished()) << "nobody has told the end";
  log_.faults.end_unavailable = 0;
  Run();
  ASSERT_TRUE(fresh->is_finished());
  EXPECT_EQ(*fresh->status, absl::OkStatus());
}

TEST_F(RowReadsTest, AReadOfAPositionWaitsForItAndNoLongerThanItsDeadline) {
  Serve();
  const auto early = OfferRead(false, 1), late = OfferRead(false, 1000, now_micros_ + 1000);
  Run();
  EXPECT_FALSE(early->is_finished());
  Accept('a', Open{1});
  ASSERT_TRUE(early->is_finished());
  EXPECT_EQ(*early->status, absl::OkStatus());
  EXPECT_FALSE(late->is_finished());
  now_micros_ += 2000;
  Run();
  ASSERT_TRUE(late->is_finished());
  EXPECT_TRUE(absl::IsDeadlineExceeded(*late->status));
}

TEST_F(RowReadsTest, WhatCannotBeServedHereIsHandedBackAsItCame) {
  std::vector<Request<Service>> given_back;
  partition_->GiveBackTo([&](Request<Service> request, const absl::Status& why) {
    EXPECT_TRUE(absl::IsUnavailable(why));
    given_back.push_back(std::move(request));
  });
  Run();
  const auto told = Offer('a', Open{1}, 'i');
  Run();
  EXPECT_FALSE(told->is_finished());
  ASSERT_EQ(given_back.size(), 1u);
  EXPECT_EQ(given_back[0].subject, Subject('a'));
  EXPECT_EQ(given_back[0].request_id, Bytes('i'));
  EXPECT_TRUE(given_back[0].command.has_value());
  Serve();
  partition_->Offer(std::move(given_back[0]));
  Run();
  EXPECT_TRUE(told->is_accepted());
}

}  // namespace
}  // namespace mynumber::eventsourcing
