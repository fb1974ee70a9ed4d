// What a resident is told.

#include "services/notice/domain/explain.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/notice/domain/made_up.h"

namespace mynumber::notice {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using made_up::Clerk;
using made_up::Date;
using made_up::Moment;
using made_up::Report;
using Response = v1::ExplainNoticeResponse;

class ExplainTest : public ::testing::Test {
 protected:
  Response Told() {
    const Response told = Explain(town_.NoticeOf('r'), town_.now_micros);
    EXPECT_EQ(told.sentence_en().find("見本"), std::string::npos) << "whoever hears it may be somebody else";
    EXPECT_EQ(told.sentence_ja().find("見本"), std::string::npos);
    EXPECT_GT(told.sentence_ja().size(), 10u);
    EXPECT_GT(told.sentence_en().size(), 10u);
    return told;
  }
  static std::vector<int> Choices(const Response& told) { return {told.choices().begin(), told.choices().end()}; }

  made_up::Town town_;
};

TEST_F(ExplainTest, BeforeItIsPostedOneWaits) {
  (void)town_.Resident('r', made_up::Preparation(town_.now_micros));
  EXPECT_THAT(Choices(Told()), ElementsAre(Response::CHOICE_WAIT));
  EXPECT_FALSE(Told().has_held_until());
}

TEST_F(ExplainTest, AtThePostOfficeItSaysUntilWhenAndWhatCanBeAskedFor) {
  const std::string number = town_.Posted('r');
  town_.PassTo(Moment(2026, 12, 24, 18));
  ASSERT_EQ(town_.Report(number, Report("ご不在のため持ち戻り", Date(2026, 12, 24), 840)), absl::OkStatus());
  const Response told = Told();
  EXPECT_THAT(Choices(told), ElementsAre(Response::CHOICE_REQUEST_RESEND, Response::CHOICE_PICK_UP_AT_POST_OFFICE));
  EXPECT_THAT(told.sentence_ja(), HasSubstr("12月31日（木曜日）"));
  EXPECT_THAT(told.sentence_en(), HasSubstr("Thursday 31 December 2026"));
  EXPECT_EQ(told.held_until().day(), 31);
  EXPECT_EQ(told.resend_from().day(), 25) << "not on the day of the form";
  EXPECT_EQ(told.resend_until().month(), 1) << "ten days, if the resident asks";
  EXPECT_EQ(told.resend_until().day(), 3);
}

TEST_F(ExplainTest, ADeliveryIsTheCarriersClaim) {
  const std::string number = town_.Posted('r');
  ASSERT_EQ(town_.Report(number, Report("お届け先にお届け済み", Date(2026, 11, 2))), absl::OkStatus());
  EXPECT_THAT(Choices(Told()), ElementsAre(Response::CHOICE_DISPUTE_DELIVERY));
  EXPECT_THAT(Told().sentence_en(), HasSubstr("The post office says"));
}

TEST_F(ExplainTest, BackItIsPickedUpOrMailedAgain) {
  const std::string number = town_.Posted('r');
  ASSERT_EQ(town_.Report(number, Report("差出人に返送済み", Date(2026, 11, 2))), absl::OkStatus());
  const Response told = Told();
  EXPECT_THAT(Choices(told),
              ElementsAre(Response::CHOICE_PICK_UP_AT_MUNICIPALITY, Response::CHOICE_HAVE_IT_MAILED_AGAIN));
  EXPECT_EQ(told.custody_until().month(), 2);
}

TEST_F(ExplainTest, WhatCannotBeHadIsReplacedByACopyOfTheRecord) {
  (void)town_.Resident('r', made_up::Preparation(town_.now_micros));
  (void)town_.Resident('r', CancelNotice{events::v1::CANCELLATION_GROUND_DEPARTURE});
  EXPECT_THAT(Choices(Told()),
              ElementsAre(Response::CHOICE_ASK_MUNICIPALITY, Response::CHOICE_RECORD_COPY_WITH_NUMBER));
  EXPECT_THAT(Told().sentence_ja(), HasSubstr("住民票の写し"));
}

}  // namespace
}  // namespace mynumber::notice
