// What a municipality records of a resident later: moves, departure, return, death, corrections, a registration made by
// mistake.

#include <set>

#include "tests/stories/story.h"

namespace mynumber::stories {
namespace {

class LifeStory : public Story {
 protected:
  std::vector<std::string> Household(int people) {
    std::vector<std::string> names;
    for (int i = 0; i < people; ++i) names.push_back(Registered(Somebody()).name());
    return names;
  }
  std::string NumberOf(const std::string& name) {
    return client_.Call(city_.Disclosure(name)).value().individual_number();
  }
};

TEST_F(LifeStory, APersonMoves) {
  const v1::Resident before = Registered(Somebody());
  const v1::RecordMoveRequest move = city_.Move({before.name()});
  const auto moved = client_.Call(move);
  ASSERT_THAT(moved, IsOk());
  ASSERT_EQ(moved->results_size(), 1);
  const v1::Resident& after = moved->results(0).resident();
  EXPECT_EQ(after.version(), 2);
  EXPECT_EQ(after.details().address(), move.address());
  EXPECT_EQ(after.details().municipality_code(), kSapporo);
  EXPECT_EQ(after.details().full_name(), before.details().full_name());
  EXPECT_EQ(after.masked_individual_number(), before.masked_individual_number());
  EXPECT_EQ(Seen(before.name()).details().SerializeAsString(), after.details().SerializeAsString());
}

TEST_F(LifeStory, AHouseholdOfAllPartitionsMovesUnderOneRequestId) {
  const std::vector<std::string> household = Household(50);
  const v1::RecordMoveRequest move = city_.Move(household);
  const auto moved = client_.Call(move);
  ASSERT_THAT(moved, IsOk());
  ASSERT_EQ(moved->results_size(), 50);
  std::set<std::string> partitions;
  for (int i = 0; i < 50; ++i) {
    ASSERT_THAT(ErrorOf(moved->results(i)), IsOk());
    EXPECT_EQ(moved->results(i).resident().name(), household[static_cast<size_t>(i)]);
    EXPECT_EQ(moved->results(i).resident().version(), 2);
    partitions.insert(moved->results(i).resident().position().substr(0, 1));
  }
  EXPECT_EQ(partitions.size(), 4) << "the household does not cross partitions";
  EXPECT_EQ(client_.Call(move)->SerializeAsString(), moved->SerializeAsString());
  EXPECT_EQ(Seen(household[3]).version(), 2);
}

TEST_F(LifeStory, OfAHouseholdOnlyWhoCannotMoveStays) {
  std::vector<std::string> household = Household(3);
  ASSERT_THAT(client_.Call(city_.Death(household[1])), IsOk());
  household.push_back("residents/00000000000000000000000000000000");
  const auto moved = client_.Call(city_.Move(household));
  ASSERT_THAT(moved, IsOk());
  EXPECT_THAT(ErrorOf(moved->results(0)), IsOk());
  EXPECT_THAT(ErrorOf(moved->results(1)), IsRefused(StatusCode::kFailedPrecondition, "RESIDENT_DECEASED"));
  EXPECT_THAT(ErrorOf(moved->results(2)), IsOk());
  EXPECT_THAT(ErrorOf(moved->results(3)), IsRefused(StatusCode::kNotFound, "RESIDENT_UNKNOWN"));
  EXPECT_FALSE(moved->results(1).has_resident());
}

TEST_F(LifeStory, WhoeverIsNamedTwiceMovesOnce) {
  const std::string name = Registered(Somebody()).name();
  const auto moved = client_.Call(city_.Move({name, name}));
  ASSERT_THAT(moved, IsOk());
  EXPECT_EQ(moved->results(0).SerializeAsString(), moved->results(1).SerializeAsString());
  EXPECT_EQ(Seen(name).version(), 2);
}

TEST_F(LifeStory, AMoveToWhereTheResidentLivesChangesNothing) {
  const std::string name = Registered(Somebody()).name();
  ASSERT_THAT(client_.Call(city_.Move({name})), IsOk());
  const auto again = client_.Call(sapporo_.Move({name}));
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->results(0).resident().version(), 2);
}

TEST_F(LifeStory, ADepartureAndAReturnKeepTheNumber) {
  const Person person = Somebody();
  const v1::Resident resident = Registered(person);
  const auto departed = client_.Call(city_.Departure(resident.name()));
  ASSERT_THAT(departed, IsOk());
  EXPECT_EQ(departed->state(), v1::Resident::STATE_DEPARTED);
  EXPECT_EQ(departed->version(), 2);
  const auto moved = client_.Call(city_.Move({resident.name()}));
  EXPECT_THAT(ErrorOf(moved->results(0)), IsRefused(StatusCode::kFailedPrecondition, "RESIDENT_DEPARTED"));
  EXPECT_THAT(client_.Call(city_.Departure(resident.name(), Today())), IsOk()) << "already so";

  events::ResidentDetails details = person.details;
  details.set_address("帰国町1番");
  const auto back = client_.Call(city_.Return(resident.name(), details));
  ASSERT_THAT(back, IsOk());
  EXPECT_EQ(back->state(), v1::Resident::STATE_REGISTERED);
  EXPECT_EQ(back->version(), 3);
  EXPECT_EQ(back->details().address(), "帰国町1番");
  EXPECT_EQ(NumberOf(resident.name()), resident.individual_number());
  details.set_address("帰国町2番");
  EXPECT_THAT(client_.Call(city_.Return(resident.name(), details)),
              IsRefused(StatusCode::kFailedPrecondition, "RESIDENT_NOT_DEPARTED"));
}

TEST_F(LifeStory, ADeathEndsWhatCanBeRecorded) {
  const Person person = Somebody();
  const std::string name = Registered(person).name();
  const auto died = client_.Call(city_.Death(name));
  ASSERT_THAT(died, IsOk());
  EXPECT_EQ(died->state(), v1::Resident::STATE_DECEASED);
  EXPECT_THAT(client_.Call(city_.Death(name)), IsOk()) << "already so";
  const auto deceased = IsRefused(StatusCode::kFailedPrecondition, "RESIDENT_DECEASED");
  EXPECT_THAT(ErrorOf(client_.Call(city_.Move({name}))->results(0)), deceased);
  EXPECT_THAT(client_.Call(city_.Departure(name)), deceased);
  EXPECT_THAT(client_.Call(city_.Return(name, person.details)), deceased);
  EXPECT_THAT(client_.Call(city_.Replacement(name)), deceased);
  EXPECT_EQ(Seen(name).version(), 2);
}

TEST_F(LifeStory, ACorrectionTakesTheDetailsAsTheyShouldBe) {
  Person person = Somebody();
  const std::string name = Registered(person).name();
  person.details.set_full_name("例示 訂正");
  const auto corrected = client_.Call(city_.Correction(name, person.details));
  ASSERT_THAT(corrected, IsOk());
  EXPECT_EQ(corrected->details().full_name(), "例示 訂正");
  EXPECT_EQ(corrected->version(), 2);
  const auto found = client_.Call(city_.Find("例示訂正", person.details.birth_date()));
  ASSERT_THAT(found, IsOk());
  ASSERT_EQ(found->candidates_size(), 1);
  EXPECT_EQ(found->candidates(0).name(), name);
}

TEST_F(LifeStory, ACorrectionOfAnOldVersionIsRefused) {
  Person person = Somebody();
  const std::string name = Registered(person).name();
  ASSERT_THAT(client_.Call(city_.Move({name})), IsOk());
  person.details.set_name_kana("テイセイ");
  v1::CorrectResidentRequest correction = sapporo_.Correction(name, person.details);
  correction.set_expected_version(1);
  const auto refused = client_.Call(correction);
  ASSERT_THAT(refused, IsRefused(StatusCode::kFailedPrecondition, "VERSION_CHANGED"));
  EXPECT_EQ(MetadataOf(refused.status(), "version"), "2");
  correction.set_expected_version(2);
  correction.set_request_id(NewRequestId());
  EXPECT_EQ(client_.Call(correction)->version(), 3);
}

TEST_F(LifeStory, ARefusedRequestIdMayBeUsedForTheCorrectedRequest) {
  // A refusal leaves no receipt: the id is free.
  const Person person = Somebody();
  v1::RegisterResidentRequest request = city_.Registration(person);
  request.mutable_details()->set_postal_code("123");
  ASSERT_THAT(client_.Call(request), IsRefused(StatusCode::kInvalidArgument, "POSTAL_CODE_MALFORMED"));
  *request.mutable_details() = person.details;
  EXPECT_THAT(client_.Call(request), IsOk());
}

TEST_F(LifeStory, ARegistrationMadeByMistakeIsVoidedAndItsNumberNeverUsedAgain) {
  const Person person = Somebody();
  const v1::Resident mistake = Registered(person);
  const auto voided = client_.Call(city_.Voiding(mistake.name()));
  ASSERT_THAT(voided, IsOk());
  EXPECT_EQ(voided->state(), v1::Resident::STATE_VOIDED);
  const auto is_voided = IsRefused(StatusCode::kFailedPrecondition, "REGISTRATION_VOIDED");
  EXPECT_THAT(ErrorOf(client_.Call(city_.Move({mistake.name()}))->results(0)), is_voided);
  EXPECT_THAT(client_.Call(city_.Disclosure(mistake.name())), is_voided);
  EXPECT_THAT(client_.Call(city_.Voiding(mistake.name())), IsOk()) << "already so";

  Person right = person;
  right.details.set_full_name("例示 正当");
  const auto anew = client_.Call(city_.Registration(right));
  ASSERT_THAT(anew, IsOk());
  EXPECT_EQ(anew->name(), mistake.name()) << "the code is the same";
  EXPECT_NE(anew->individual_number(), mistake.individual_number());
  EXPECT_EQ(anew->version(), 3);
  const std::vector<std::string> numbers = {mistake.individual_number(), anew->individual_number()};
  const auto verdicts = client_.Call(std::vector{city_.Validation(numbers)});
  ASSERT_THAT(verdicts, IsOk());
  EXPECT_THAT(verdicts->at(0).verdicts(), ::testing::ElementsAre(v1::ValidateNumbersResponse::VERDICT_FORMER,
                                                                 v1::ValidateNumbersResponse::VERDICT_ISSUED));
}

TEST_F(LifeStory, NothingIsDatedBeforeTheRecord) {
  const Person person = Somebody();
  const std::string name = Registered(person).name();
  v1::RecordMoveRequest move = city_.Move({name});
  *move.mutable_move_date() = Today(-1);
  EXPECT_THAT(ErrorOf(client_.Call(move)->results(0)),
              IsRefused(StatusCode::kFailedPrecondition, "DATE_BEFORE_RECORD"));
  EXPECT_THAT(client_.Call(city_.Departure(name, Today(-1))),
              IsRefused(StatusCode::kFailedPrecondition, "DATE_BEFORE_RECORD"));
  EXPECT_THAT(client_.Call(city_.Departure(name, Day(1800, 1, 1))),
              IsRefused(StatusCode::kInvalidArgument, "DATE_BEFORE_BIRTH"));
  v1::RecordDeathRequest death = city_.Death(name);
  *death.mutable_death_date() = Today(-1);
  EXPECT_THAT(client_.Call(death), IsRefused(StatusCode::kFailedPrecondition, "DATE_BEFORE_RECORD"));
  EXPECT_EQ(Seen(name).version(), 1);
}

}  // namespace
}  // namespace mynumber::stories
