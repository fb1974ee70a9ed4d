// What number issuance's and the notice service's events mean here.

#include "gtest/gtest.h"
#include "libs/calendar/date.h"
#include "mynumber/issuance/events/v1/events.pb.h"
#include "mynumber/notice/events/v1/events.pb.h"
#include "services/card/domain/made_up.h"

namespace mynumber::card {
namespace {

using issuance::events::v1::IssuanceEvent;
using notice::events::v1::NoticeEvent;

class ReactionsTest : public ::testing::Test {
 protected:
  // As the engine does it: asked only for what ReactsTo names.
  template <class Event>
  absl::Status Hear(const std::string& service, const Event& event) {
    const auto* field = Event::descriptor()->FindFieldByNumber(event.event_case());
    const std::string payload = event.SerializeAsString();
    eventsourcing::ForeignEvent foreign;
    foreign.service = service;
    foreign.type = field->name();
    foreign.subject = made_up::Resident('a');
    foreign.payload = payload;
    heard_ = office_.domain.ReactsTo(foreign.service, foreign.type);
    if (!heard_) return absl::OkStatus();
    const auto reactions = office_.domain.React(foreign);
    if (!reactions.ok()) return reactions.status();
    for (const auto& reaction : *reactions) {
      const absl::Status status = office_.When(reaction.subject, reaction.command);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  void HearOfRegistration() {
    IssuanceEvent event;
    auto* registered = event.mutable_resident_registered();
    auto* details = registered->mutable_details();
    details->set_full_name("見本 花子");
    details->set_name_kana("ミホン ハナコ");
    *details->mutable_birth_date() = made_up::Date(1990, 4, 1);
    details->set_address("架空町1-2-3");
    details->set_municipality_code(made_up::kMunicipality);
    registered->set_resident_record_code("50000000007");
    registered->set_name_hash(std::string(16, 'n'));
    registered->set_kana_hash(std::string(16, 'k'));
    ASSERT_EQ(Hear("issuance", event), absl::OkStatus());
  }
  void HearOfNotice() {
    NoticeEvent event;
    auto* prepared = event.mutable_notice_prepared();
    prepared->set_notice(1);
    prepared->mutable_addressee()->set_full_name("見本 花子");
    prepared->mutable_addressee()->set_address("架空町1-2-3");
    ASSERT_EQ(Hear("notice", event), absl::OkStatus());
  }

  made_up::Office office_;
  bool heard_ = false;
};

TEST_F(ReactionsTest, WhoHasANumberAndANoticeMayApply) {
  HearOfRegistration();
  HearOfNotice();
  NoticeEvent posted;
  posted.mutable_notice_posted()->set_notice(1);
  ASSERT_EQ(Hear("notice", posted), absl::OkStatus());
  EXPECT_TRUE(office_.FileOf().forms(0).is_posted());
  EXPECT_EQ(office_.FileOf().ten_free_digits(), "5000000000");
  EXPECT_EQ(office_.RowsWith("n"), 2u) << "by name and by kana";
  office_.Apply();
}

TEST_F(ReactionsTest, TheNoticesLogMayBeReadFirst) {
  HearOfNotice();
  HearOfRegistration();
  office_.Apply();
}

TEST_F(ReactionsTest, AChangedAddresseeIsAFormPrintedAnew) {
  HearOfRegistration();
  HearOfNotice();
  NoticeEvent changed;
  changed.mutable_addressee_changed()->mutable_addressee()->set_full_name("架空 花子");
  ASSERT_EQ(Hear("notice", changed), absl::OkStatus());
  EXPECT_EQ(office_.FileOf().forms(0).printed().full_name(), "架空 花子");
}

TEST_F(ReactionsTest, MovesCorrectionsAndReturnsChangeTheHolder) {
  HearOfRegistration();
  IssuanceEvent moved;
  moved.mutable_resident_moved()->set_address("別の町9");
  moved.mutable_resident_moved()->set_municipality_code(made_up::kOtherMunicipality);
  *moved.mutable_resident_moved()->mutable_move_date() = made_up::Date(2026, 11, 20);
  ASSERT_EQ(Hear("issuance", moved), absl::OkStatus());
  EXPECT_EQ(office_.FileOf().person().full_name(), "見本 花子");
  EXPECT_EQ(office_.FileOf().person().municipality_code(), made_up::kOtherMunicipality);
  EXPECT_EQ(office_.FileOf().moved_date().day(), 20);

  IssuanceEvent departed;
  departed.mutable_resident_departed();
  ASSERT_EQ(Hear("issuance", departed), absl::OkStatus());
  EXPECT_EQ(office_.FileOf().departure(), events::v1::DEPARTURE_LEFT_JAPAN);

  IssuanceEvent returned;
  returned.mutable_resident_returned()->mutable_details()->set_full_name("見本 花子");
  ASSERT_EQ(Hear("issuance", returned), absl::OkStatus());
  EXPECT_EQ(office_.FileOf().departure(), events::v1::DEPARTURE_UNSPECIFIED);
}

TEST_F(ReactionsTest, ACardFallsWithItsGround) {
  const auto ground_after = [](const IssuanceEvent& event) {
    made_up::Office office;
    office.Issue();
    const std::string payload = event.SerializeAsString();
    eventsourcing::ForeignEvent foreign;
    foreign.service = "issuance";
    foreign.type = IssuanceEvent::descriptor()->FindFieldByNumber(event.event_case())->name();
    foreign.subject = made_up::Resident('a');
    foreign.payload = payload;
    EXPECT_TRUE(office.domain.ReactsTo(foreign.service, foreign.type)) << foreign.type;
    const auto reactions = office.domain.React(foreign);
    EXPECT_TRUE(office.When(foreign.subject, reactions->at(0).command).ok());
    return office.CardOf().revoked_ground();
  };
  IssuanceEvent event;
  event.mutable_number_replaced();
  EXPECT_EQ(ground_after(event), events::v1::REVOCATION_GROUND_NUMBER_REPLACED);
  event.mutable_record_code_changed();
  EXPECT_EQ(ground_after(event), events::v1::REVOCATION_GROUND_RECORD_CODE_CHANGED);
  event.mutable_resident_died();
  EXPECT_EQ(ground_after(event), events::v1::REVOCATION_GROUND_DEATH);
  event.mutable_registration_voided();
  EXPECT_EQ(ground_after(event), events::v1::REVOCATION_GROUND_REGISTRATION_VOIDED);
}

TEST_F(ReactionsTest, WhoIsErasedThereIsErasedHereForGood) {
  HearOfRegistration();
  HearOfNotice();
  IssuanceEvent erased;
  erased.mutable_resident_erased()->set_reference("file 7");
  ASSERT_EQ(Hear("issuance", erased), absl::OkStatus());
  EXPECT_TRUE(heard_);
  EXPECT_TRUE(office_.states.at(std::string(16, 'a')).has_erased());
  EXPECT_TRUE(office_.rows.empty());
  ASSERT_EQ(Hear("issuance", erased), absl::OkStatus());
  HearOfRegistration();
  HearOfNotice();
  EXPECT_TRUE(office_.states.at(std::string(16, 'a')).has_erased()) << "whatever is said of them later";
  EXPECT_TRUE(office_.rows.empty());
}

TEST_F(ReactionsTest, WhatMeansNothingHereIsPassedOver) {
  IssuanceEvent event;
  event.mutable_number_disclosed();
  ASSERT_EQ(Hear("issuance", event), absl::OkStatus());
  EXPECT_FALSE(heard_);
  NoticeEvent reported;
  reported.mutable_tracking_reported();
  ASSERT_EQ(Hear("notice", reported), absl::OkStatus());
  EXPECT_FALSE(heard_);
}

TEST_F(ReactionsTest, WhatCannotBeReadIsAnError) {
  eventsourcing::ForeignEvent foreign;
  foreign.service = "issuance";
  foreign.type = "resident_registered";
  foreign.payload = "\xff\xff\xff";
  EXPECT_EQ(office_.domain.React(foreign).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace mynumber::card
