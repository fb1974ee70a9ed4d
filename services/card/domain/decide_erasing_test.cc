// Residents who are erased: nothing is left of them but that, and nothing can be done about them.

#include "gtest/gtest.h"
#include "libs/testing/matchers.h"
#include "services/card/domain/made_up.h"
#include "services/card/domain/refusals.h"
#include "services/card/projections/tables.h"

namespace mynumber::card {
namespace {

using made_up::Office;
using testing::EqualsProto;
using testing::HasReason;
using Card = v1::Card;
using Types = std::vector<std::string>;

// Each command, with nothing in it.
template <class... One>
std::vector<Command> EveryOneOf(const std::variant<One...>&) {
  return {Command(One())...};
}
template <class... One>
bool IsOneOf(const Command& command) {
  return (std::holds_alternative<One>(command) || ...);
}

class ErasingTest : public ::testing::Test {
 protected:
  const rows::v1::CardState& State() const { return office_.states.at(std::string(16, 'a')); }
  void ExpectNothingLeft(const std::string& where) const {
    rows::v1::CardState left;
    left.set_version(State().version());
    left.mutable_erased()->set_erased_micros(office_.now_micros);
    EXPECT_THAT(State(), EqualsProto(left)) << where;
    for (const auto& [key, value] : office_.rows) EXPECT_EQ(key[0], kStatusTable) << where;
  }

  Office office_;
};

TEST_F(ErasingTest, OfSomebodyUnknownNothingIsWritten) {
  office_.Must(EraseResident{});
  EXPECT_EQ(office_.last, Types{});
  EXPECT_FALSE(State().has_erased());
}

TEST_F(ErasingTest, OnceIsEnough) {
  office_.Register();
  office_.Must(EraseResident{});
  EXPECT_EQ(office_.last, Types{"resident_erased"});
  office_.Must(EraseResident{});
  EXPECT_EQ(office_.last, Types{});
}

TEST_F(ErasingTest, AFormThatWasPrintedBeforeAnybodyWasRegisteredGoesToo) {
  office_.Must(made_up::Form());
  office_.Must(EraseResident{});
  ExpectNothingLeft("a form");
}

TEST_F(ErasingTest, AnApplicationWithItsMailsGoesWhereverItStands) {
  office_.Register();
  office_.Apply();
  ASSERT_GT(office_.RowsWith(TableOf(kMailTable)), 0u);
  office_.Must(EraseResident{});
  ExpectNothingLeft("received");

  office_ = Office();
  office_.Register();
  office_.Apply();
  office_.Approve(1);
  ASSERT_EQ(office_.RowsWith(TableOf(kToBeOrderedTable)), 1u);
  office_.Must(EraseResident{});
  ExpectNothingLeft("approved");
}

TEST_F(ErasingTest, ACardEndsFirstInEveryStateThatIsNotFinalAndTerminalsAreTold) {
  for (int i = Card::STATE_IN_PRODUCTION; i <= Card::State_MAX; ++i) {
    const auto state = static_cast<Card::State>(i);
    office_ = Office();
    office_.BringTo(state);
    const bool was_final = IsFinal(state);
    office_.Must(EraseResident{});
    EXPECT_EQ(office_.last, was_final ? Types{"resident_erased"} : (Types{"card_revoked", "resident_erased"}))
        << Card::State_Name(state);
    ExpectNothingLeft(Card::State_Name(state));
    rows::v1::StatusRow told;
    ASSERT_TRUE(told.ParseFromString(office_.rows.rbegin()->second));
    EXPECT_EQ(told.state(), was_final ? state : Card::STATE_REVOKED) << Card::State_Name(state);
  }
}

TEST_F(ErasingTest, EveryOtherCommandIsRefusedByNameOrChangesNothing) {
  office_.Issue();
  office_.Must(EraseResident{});
  const rows::v1::CardState erased = State();
  int refused = 0;
  for (const Command& command : EveryOneOf(Command())) {
    const bool is_nobodys_call =
        IsOneOf<RegisterHolder, ChangeHolder, EndHolder, EndCards, EraseResident, PrintForm, ReprintForm, PostForm,
                MeetDeadline, NoteMailSent, OrderProduction>(command);
    if (IsOneOf<SetMunicipality>(command)) continue;
    const absl::Status status = office_.Do(command);
    EXPECT_EQ(office_.last, Types{});
    EXPECT_THAT(State(), EqualsProto(erased));
    if (is_nobodys_call) {
      EXPECT_EQ(status, absl::OkStatus()) << command.index();
    } else if (IsOneOf<AskStatus>(command)) {
      EXPECT_THAT(status, HasReason(v1::APPLICATION_ID_UNKNOWN)) << "the public is told nothing";
    } else {
      EXPECT_THAT(status, HasReason(v1::RESIDENT_ERASED)) << command.index();
      ++refused;
    }
  }
  EXPECT_GT(refused, 25);
}

TEST_F(ErasingTest, WhatTheFactoryAndTheHotlineSayIsRefusedForGood) {
  office_.BringTo(Card::STATE_IN_PRODUCTION);
  office_.Must(EraseResident{});
  for (const Command& command : {Command(RecordShipment{1, made_up::Date(2026, 11, 27), made_up::Factory()}),
                                 Command(RecordDelivery{1, made_up::Date(2026, 11, 27), made_up::Factory()}),
                                 Command(RecordFailure{1, "chip", made_up::Factory()}),
                                 Command(made_up::Suspension())}) {
    const absl::Status status = office_.Do(command);
    // The hotline asks again unless it is given a reason, and a code that tells of the request.
    EXPECT_THAT(status, testing::HasCode(absl::StatusCode::kFailedPrecondition));
    EXPECT_THAT(status, HasReason(v1::RESIDENT_ERASED));
  }
}

TEST_F(ErasingTest, OthersAreLeftAlone) {
  office_.Issue('a');
  office_.Issue('b');
  const auto rows_of_b = [&] {
    size_t count = 0;
    for (const auto& [key, value] : office_.rows) count += key.find(std::string(16, 'b')) != std::string::npos;
    return count;
  };
  const size_t before = rows_of_b();
  office_.Must(EraseResident{}, 'a');
  EXPECT_EQ(rows_of_b(), before);
  EXPECT_EQ(office_.StateOf('b'), Card::STATE_IN_USE);
}

TEST_F(ErasingTest, DaysThatPassMeetNothing) {
  office_.Issue();
  office_.Must(EraseResident{});
  const uint64_t version = State().version();
  office_.PassTo(made_up::Moment(2050, 1, 1));
  EXPECT_EQ(State().version(), version);
}

}  // namespace
}  // namespace mynumber::card
