// What number issuance's events mean here.

#include "gtest/gtest.h"
#include "mynumber/issuance/events/v1/events.pb.h"
#include "services/notice/domain/made_up.h"

namespace mynumber::notice {
namespace {

using issuance::events::v1::IssuanceEvent;

class ReactionsTest : public ::testing::Test {
 protected:
  // As the engine does it: asked only for what ReactsTo names.
  absl::Status Hear(const IssuanceEvent& event) {
    const auto* field = IssuanceEvent::descriptor()->FindFieldByNumber(event.event_case());
    const std::string payload = event.SerializeAsString();
    eventsourcing::ForeignEvent foreign;
    foreign.service = "issuance";
    foreign.type = field->name();
    foreign.subject = made_up::Resident('r');
    foreign.time_micros = town_.now_micros;
    foreign.payload = payload;
    if (!town_.domain.ReactsTo(foreign.service, foreign.type)) return absl::OkStatus();
    const auto reactions = town_.domain.React(foreign);
    if (!reactions.ok()) return reactions.status();
    for (const auto& reaction : *reactions) {
      const absl::Status status = town_.When(reaction.subject, reaction.command);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }
  void HearOfRegistration() {
    IssuanceEvent event;
    auto* registered = event.mutable_resident_registered();
    registered->mutable_details()->set_full_name("見本 花子");
    registered->mutable_details()->set_address("架空町1-2");
    registered->mutable_details()->set_municipality_code(made_up::kMunicipality);
    registered->set_resident_record_code("50000000007");
    registered->set_individual_number("123456789018");
    ASSERT_EQ(Hear(event), absl::OkStatus());
  }

  made_up::Town town_;
};

TEST_F(ReactionsTest, ANumberIssuedIsANoticePrepared) {
  HearOfRegistration();
  const auto& notice = town_.NoticeOf('r');
  EXPECT_EQ(notice.prepared().individual_number(), "123456789018");
  EXPECT_EQ(notice.prepared().application_id().substr(0, 10), "5000000000");
  EXPECT_EQ(notice.prepared().scan_expected_by().day(), 23) << "21 days after the 2nd";
  EXPECT_EQ(notice.addressee().full_name(), "見本 花子");
}

TEST_F(ReactionsTest, ANumberReplacedIsANewNotice) {
  HearOfRegistration();
  IssuanceEvent event;
  event.mutable_number_replaced()->set_individual_number("223456789017");
  ASSERT_EQ(Hear(event), absl::OkStatus());
  EXPECT_EQ(town_.StateOf('r', 1), v1::Notice::STATE_SUPERSEDED);
  EXPECT_EQ(town_.NoticeOf('r', 2).prepared().individual_number(), "223456789017");
}

TEST_F(ReactionsTest, AMoveAndACorrectionChangeTheAddressee) {
  HearOfRegistration();
  IssuanceEvent moved, corrected;
  moved.mutable_resident_moved()->set_address("別町4-5");
  moved.mutable_resident_moved()->set_municipality_code(made_up::kOtherMunicipality);
  ASSERT_EQ(Hear(moved), absl::OkStatus());
  EXPECT_EQ(town_.NoticeOf('r').addressee().address(), "別町4-5");
  EXPECT_EQ(town_.NoticeOf('r').addressee().full_name(), "見本 花子");
  corrected.mutable_resident_corrected()->mutable_details()->set_full_name("見本 華子");
  ASSERT_EQ(Hear(corrected), absl::OkStatus());
  EXPECT_EQ(town_.NoticeOf('r').addressee().full_name(), "見本 華子");
}

TEST_F(ReactionsTest, WhoDiedLeftOrNeverWasGetsNoNotice) {
  for (int ground = 0; ground < 3; ++ground) {
    town_ = made_up::Town();
    HearOfRegistration();
    IssuanceEvent event;
    if (ground == 0) event.mutable_resident_died();
    if (ground == 1) event.mutable_resident_departed();
    if (ground == 2) event.mutable_registration_voided();
    ASSERT_EQ(Hear(event), absl::OkStatus());
    EXPECT_EQ(town_.StateOf('r'), v1::Notice::STATE_CANCELLED);
  }
}

TEST_F(ReactionsTest, WhoIsErasedThereIsErasedHere) {
  HearOfRegistration();
  IssuanceEvent event;
  event.mutable_resident_erased();
  ASSERT_EQ(Hear(event), absl::OkStatus());
  EXPECT_TRUE(town_.states[std::string(16, 'r')].has_erased());
  EXPECT_EQ(town_.last, std::vector<std::string>{"resident_erased"});
}

TEST_F(ReactionsTest, ALookAtTheNumberMeansNothingHere) {
  HearOfRegistration();
  IssuanceEvent event;
  event.mutable_number_disclosed();
  ASSERT_EQ(Hear(event), absl::OkStatus());
  EXPECT_FALSE(town_.domain.ReactsTo("issuance", "number_disclosed"));
  EXPECT_FALSE(town_.domain.ReactsTo("card", "resident_registered"));
}

// Each deadline that a notice can have leads to its own command.
TEST_F(ReactionsTest, ADeadlinesMarkSaysWhatItIsOf) {
  for (uint32_t notice = 1; notice <= 11; ++notice) {
    for (int kind = 1; kind < events::v1::DeadlineKind_ARRAYSIZE; ++kind) {
      const auto which = static_cast<events::v1::DeadlineKind>(kind);
      const Command command =
          town_.domain.WhenDue({0, made_up::Resident('r'), DeadlineMark(notice, which)});
      const auto& meet = std::get<MeetDeadline>(command);
      EXPECT_EQ(meet.notice, notice);
      EXPECT_EQ(meet.kind, which);
    }
  }
}

}  // namespace
}  // namespace mynumber::notice
