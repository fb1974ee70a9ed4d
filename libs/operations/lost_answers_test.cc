#include "libs/operations/lost_answers.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/eventsourcing/fold.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "tests/simulation/simulated_rows.h"

namespace mynumber::operations {
namespace {

using eventsourcing::Rows;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr int64_t kRetention = 1000;

class LostAnswersTest : public testing::Test {
 protected:
  LostAnswersTest() {
    SetTime(&aside_, 500);
    SetTime(&live_, 600);
  }
  static void SetTime(Rows* rows, int64_t micros) {
    eventsourcing::Head head = eventsourcing::EmptyHead();
    head.set_time_micros(micros);
    ASSERT_TRUE(rows->Write({{eventsourcing::kHeadKey, head.SerializeAsString()}}).ok());
  }
  static void Answer(Rows* rows, char request, int64_t micros, const std::vector<std::string>& subjects = {"s"}) {
    eventlog::v1::Receipt receipt;
    receipt.set_time_micros(micros);
    for (const std::string& subject : subjects) receipt.add_entries()->set_subject(std::string(16, subject[0]));
    const std::string key = eventsourcing::ReceiptKey("authority", "Method", std::string(16, request));
    ASSERT_TRUE(rows->Write({{key, eventsourcing::EncodeReceiptRow(receipt)}}).ok());
  }
  // First letters of request and subject.
  std::vector<std::string> Lost() {
    std::vector<std::string> lost;
    EXPECT_TRUE(FindLostAnswers(aside_, live_, kRetention, [&](const LostAnswer& answer) {
                  lost.push_back({answer.request_id[0], answer.subject[0]});
                  return true;
                }).ok());
    return lost;
  }

  simulation::SimulatedRows aside_;
  simulation::SimulatedRows live_;
};

TEST_F(LostAnswersTest, NothingIsMissing) {
  Answer(&aside_, 'a', 400);
  Answer(&live_, 'a', 400);
  Answer(&live_, 'b', 550);
  EXPECT_THAT(Lost(), IsEmpty());
}

TEST_F(LostAnswersTest, WhatOnlyTheRowsKeptAsideKnowIsLost) {
  Answer(&aside_, 'a', 400);
  Answer(&live_, 'a', 400);
  Answer(&aside_, 'b', 450, {"s", "t"});
  EXPECT_THAT(Lost(), ElementsAre("bs", "bt"));
}

TEST_F(LostAnswersTest, WhatWasAskedAgainIsNotLostAnyMore) {
  Answer(&aside_, 'a', 400);
  Answer(&live_, 'a', 590);
  EXPECT_THAT(Lost(), IsEmpty());
}

TEST_F(LostAnswersTest, AReceiptThatMayHaveBeenDroppedByItsAgeSaysNothing) {
  Answer(&aside_, 'a', 400);
  Answer(&aside_, 'b', 450);
  SetTime(&live_, 1420);
  EXPECT_THAT(Lost(), ElementsAre("bs"));
}

}  // namespace
}  // namespace mynumber::operations
