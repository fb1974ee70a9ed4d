// Rows read at their owner, over a real connection.

#include "libs/cluster/owner_rows.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "libs/cluster/peer_service.h"
#include "libs/eventsourcing/fold.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "libs/rpc/server.h"
#include "tests/simulation/simulated_rows.h"

namespace mynumber::cluster {
namespace {

using eventsourcing::kHeadKey;

// "there" has rows of partition 1 of a service; "here" may have some.
class OwnerRowsTest : public ::testing::Test {
 protected:
  OwnerRowsTest() : service_("there"), links_("here", nullptr, [] {}) {
    service_.Serve("counters", nullptr, [this](const v1::ReadRowsRequest& request, v1::ReadRowsResponse* response) {
      ++asked_;
      EXPECT_EQ(request.partition(), 1u);
      return ReadOwned(there_, there_serves_, request, response);
    });
    rpc::ServerOptions options;
    options.address = "127.0.0.1:0";
    server_ = *rpc::Server::Start(options, {{v1::PeerService::service_full_name(), &service_}});
    OwnerRows::Parts parts{"counters", 1, &here_, &links_, {}, {}};
    parts.serves = [this] { return here_serves_; };
    parts.owner_address = [this] { return absl::StrCat("127.0.0.1:", server_->Port()); };
    rows_ = std::make_unique<OwnerRows>(std::move(parts));
  }
  ~OwnerRowsTest() override {
    service_.Stop();
    server_->Drain(1000);
  }

  static void Put(eventsourcing::Rows* rows, const std::string& key, const std::string& value) {
    ASSERT_EQ(rows->Write({{key, value}}), absl::OkStatus());
  }
  static void Head(eventsourcing::Rows* rows, uint64_t sequence) {
    eventsourcing::Head head;
    head.set_sequence(sequence);
    Put(rows, std::string(kHeadKey), head.SerializeAsString());
  }
  std::string Get(const std::string& key) {
    std::string value;
    const auto found = rows_->Get(key, &value);
    if (!found.ok()) return std::string(absl::StatusCodeToString(found.status().code()));
    return *found ? value : "none";
  }

  PeerService service_;
  PeerLinks links_;
  std::unique_ptr<rpc::Server> server_;
  simulation::SimulatedRows here_, there_;
  bool here_serves_ = false, there_serves_ = true;
  std::atomic<int> asked_{0};
  std::unique_ptr<OwnerRows> rows_;
};

TEST_F(OwnerRowsTest, ReadAtTheOwnerAndHereWhileThisInstanceServes) {
  Put(&there_, "a", "theirs");
  Put(&here_, "a", "of long ago");
  EXPECT_EQ(Get("a"), "theirs");
  EXPECT_EQ(Get("b"), "none");
  here_serves_ = true;
  EXPECT_EQ(Get("a"), "of long ago");
  EXPECT_EQ(asked_, 2);
}

TEST_F(OwnerRowsTest, ManyRowsComeInOrderAndAsFarAsTheyAreWanted) {
  for (int i = 0; i < 2500; ++i) Put(&there_, absl::StrCat("t", 1000 + i), absl::StrCat(i));
  Put(&there_, "u", "another table's");
  int count = 0;
  ASSERT_EQ(rows_->Scan("t", "t1009",
                        [&](std::string_view key, std::string_view value) {
                          EXPECT_EQ(key, absl::StrCat("t", 1010 + count));
                          EXPECT_EQ(value, absl::StrCat(10 + count));
                          ++count;
                          return true;
                        }),
            absl::OkStatus());
  EXPECT_EQ(count, 2490);
  EXPECT_EQ(asked_, 4) << "few at first, then a thousand at once";
  count = 0;
  ASSERT_EQ(rows_->Scan("t", "", [&](std::string_view, std::string_view) { return ++count < 3; }), absl::OkStatus());
  EXPECT_EQ(count, 3);
}

TEST_F(OwnerRowsTest, WhatAnOwnerHasProvenIsNeverMissing) {
  Head(&there_, 5);
  Put(&there_, "a", "at 5");
  rows_->Prove(5);
  EXPECT_EQ(Get("a"), "at 5");
  rows_->Prove(6);
  EXPECT_EQ(Get("a"), "UNAVAILABLE") << "this owner was replaced and does not know it";
  // Here there is an owner again, that has not come that far.
  Head(&here_, 5);
  Put(&here_, "a", "of 5");
  here_serves_ = true;
  EXPECT_EQ(Get("a"), "UNAVAILABLE");
  Head(&here_, 6);
  Put(&here_, "a", "at 6");
  EXPECT_EQ(Get("a"), "at 6");
}

TEST_F(OwnerRowsTest, WhoeverDoesNotServeSaysSo) {
  there_serves_ = false;
  Put(&there_, "a", "old");
  EXPECT_EQ(Get("a"), "UNAVAILABLE");
}

}  // namespace
}  // namespace mynumber::cluster
