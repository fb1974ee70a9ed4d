// A Certificate of Residence has been made: the registration of one resident.

#include "tests/stories/story.h"

namespace mynumber::stories {
namespace {

using ::testing::HasSubstr;

class RegistrationStory : public Story {
 protected:
  static std::string Masked(const std::string& number) { return "********" + number.substr(8); }
};

TEST_F(RegistrationStory, GivesAResidentAndANumberAtOnce) {
  const Person person = Hanako();
  const auto resident = client_.Call(city_.Registration(person));
  ASSERT_THAT(resident, IsOk());
  EXPECT_THAT(resident->name(), ::testing::MatchesRegex("residents/[0-9a-f]{32}"));
  EXPECT_EQ(resident->state(), v1::Resident::STATE_REGISTERED);
  EXPECT_EQ(resident->version(), 1);
  EXPECT_EQ(resident->details().SerializeAsString(), person.details.SerializeAsString());
  EXPECT_THAT(resident->individual_number(), ::testing::MatchesRegex("[0-9]{12}"));
  EXPECT_EQ(resident->masked_individual_number(), Masked(resident->individual_number()));
  EXPECT_GT(resident->register_time().seconds(), 0);
  EXPECT_NE(resident->position(), "");

  const v1::Resident seen = Seen(resident->name());
  EXPECT_EQ(seen.details().SerializeAsString(), person.details.SerializeAsString());
  EXPECT_EQ(seen.version(), 1);
  EXPECT_EQ(seen.masked_individual_number(), resident->masked_individual_number());
  EXPECT_EQ(seen.individual_number(), "") << "a look at the resident is no look at the number";
}

TEST_F(RegistrationStory, KeepsCharactersBeyondTheBasicPlaneAndForeignNames) {
  for (const Person& person : {Taro(), Alex()}) {
    const auto resident = client_.Call(city_.Registration(person));
    ASSERT_THAT(resident, IsOk());
    EXPECT_EQ(Seen(resident->name()).details().SerializeAsString(), person.details.SerializeAsString());
  }
}

TEST_F(RegistrationStory, AskedAgainWithTheSameDetailsIsTheSameResident) {
  const Person person = Somebody();
  const v1::Resident first = Registered(person);
  const auto again = client_.Call(city_.Registration(person));
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->name(), first.name());
  EXPECT_EQ(again->version(), 1);
  EXPECT_EQ(again->masked_individual_number(), first.masked_individual_number());
}

TEST_F(RegistrationStory, AskedAgainAfterAMoveIsStillTheSameResident) {
  const Person person = Somebody();
  const v1::Resident first = Registered(person);
  ASSERT_THAT(client_.Call(city_.Move({first.name()})), IsOk());
  const auto again = client_.Call(city_.Registration(person));
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->name(), first.name());
  EXPECT_EQ(again->version(), 2) << "as the resident is now";
  EXPECT_EQ(again->details().municipality_code(), kSapporo);
}

TEST_F(RegistrationStory, WithOtherDetailsIsRefusedAndNamesTheFieldsThatDiffer) {
  const Person person = Somebody();
  const v1::Resident first = Registered(person);
  Person other = person;
  other.details.set_name_kana("チガウ カナ");
  other.details.set_address("別の町1番");
  *other.details.mutable_birth_date() = Day(1970, 1, 1);
  const auto refused = client_.Call(city_.Registration(other));
  ASSERT_THAT(refused, IsRefused(StatusCode::kAlreadyExists, "REGISTERED_WITH_OTHER_DETAILS"));
  EXPECT_EQ(MetadataOf(refused.status(), "fields"), "name_kana, birth_date, address");
  EXPECT_EQ(MetadataOf(refused.status(), "resident"), first.name());
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("name_kana, birth_date, address"));
  EXPECT_EQ(Seen(first.name()).version(), 1);
}

TEST_F(RegistrationStory, TheSameCodeWithAnotherLastDigitIsRefusedByName) {
  const Person person = Somebody();
  const v1::Resident first = Registered(person);
  Person mistyped = person;
  mistyped.record_code = OtherLastDigit(person.record_code);
  const auto refused = client_.Call(city_.Registration(mistyped));
  ASSERT_THAT(refused, IsRefused(StatusCode::kAlreadyExists, "RECORD_CODE_KNOWN_WITH_OTHER_CHECK_DIGIT"));
  EXPECT_EQ(MetadataOf(refused.status(), "resident"), first.name());
}

TEST_F(RegistrationStory, TheNumberIsShownAgainOnlyToTheSameCallerWithTheSameRequestId) {
  const Person person = Somebody();
  const v1::RegisterResidentRequest request = city_.Registration(person);
  const v1::Resident first = client_.Call(request).value();

  const auto repeated = client_.Call(request);
  ASSERT_THAT(repeated, IsOk());
  EXPECT_EQ(repeated->SerializeAsString(), first.SerializeAsString()) << "the same answer, position and all";

  const auto other_id = client_.Call(city_.Registration(person));
  ASSERT_THAT(other_id, IsOk());
  EXPECT_EQ(other_id->individual_number(), "");
  EXPECT_EQ(other_id->masked_individual_number(), first.masked_individual_number());

  v1::RegisterResidentRequest other_caller = request;
  *other_caller.mutable_actor() = sapporo_.Clerk();
  const auto elsewhere = client_.Call(other_caller);
  ASSERT_THAT(elsewhere, IsOk());
  EXPECT_EQ(elsewhere->name(), first.name());
  EXPECT_EQ(elsewhere->individual_number(), "");
}

TEST_F(RegistrationStory, TheRepeatedAnswerDoesNotChangeWithTheResident) {
  const Person person = Somebody();
  const v1::RegisterResidentRequest request = city_.Registration(person);
  const v1::Resident first = client_.Call(request).value();
  ASSERT_THAT(client_.Call(city_.Move({first.name()})), IsOk());
  ASSERT_THAT(client_.Call(sapporo_.Replacement(first.name())), IsOk());
  EXPECT_EQ(client_.Call(request)->SerializeAsString(), first.SerializeAsString());
}

TEST_F(RegistrationStory, NumbersAreDistinctAndTellNothingOfTheirOrder) {
  std::vector<std::string> numbers;
  for (int i = 0; i < 20; ++i) numbers.push_back(Registered(Somebody()).individual_number());
  std::vector<std::string> sorted = numbers;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(std::unique(sorted.begin(), sorted.end()), sorted.end());
  EXPECT_FALSE(std::is_sorted(numbers.begin(), numbers.end()));
}

class LookAlikeStory : public RegistrationStory {
 protected:
  // Somebody who left Japan, and a newcomer of the same name and birth date under another code.
  LookAlikeStory() : departed_(Somebody()), newcomer_(Somebody()) {
    departed_name_ = Registered(departed_).name();
    EXPECT_THAT(client_.Call(city_.Departure(departed_name_)), IsOk());
    newcomer_.details.set_full_name(departed_.details.full_name());
    *newcomer_.details.mutable_birth_date() = departed_.details.birth_date();
  }
  Person departed_;
  Person newcomer_;
  std::string departed_name_;
};

TEST_F(LookAlikeStory, SomebodyWhoLooksLikeADepartedResidentIsAskedForByOpaqueName) {
  const auto refused = client_.Call(city_.Registration(newcomer_));
  ASSERT_THAT(refused, IsRefused(StatusCode::kFailedPrecondition, "POSSIBLE_SAME_PERSON"));
  EXPECT_EQ(MetadataOf(refused.status(), "residents"), departed_name_);
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("confirmed_distinct"));
}

TEST_F(LookAlikeStory, IsRegisteredOnceTheClerkHasLooked) {
  ASSERT_FALSE(client_.Call(city_.Registration(newcomer_)).ok());
  v1::RegisterResidentRequest confirmed = city_.Registration(newcomer_);
  confirmed.set_confirmed_distinct(true);
  const auto resident = client_.Call(confirmed);
  ASSERT_THAT(resident, IsOk());
  EXPECT_NE(resident->name(), departed_name_);
}

TEST_F(LookAlikeStory, OrTheReturnIsRecordedAndTheNumberIsTheSameOne) {
  const std::string number = client_.Call(city_.Disclosure(departed_name_))->individual_number();
  const auto back = client_.Call(city_.Return(departed_name_, newcomer_.details));
  ASSERT_THAT(back, IsOk());
  EXPECT_EQ(back->state(), v1::Resident::STATE_REGISTERED);
  EXPECT_EQ(client_.Call(city_.Disclosure(departed_name_))->individual_number(), number);
  // Nobody is departed any more, so the newcomer would be another person.
  EXPECT_THAT(client_.Call(city_.Registration(newcomer_)), IsOk());
}

TEST_F(LookAlikeStory, IsFoundByKanaInAnotherSpellingToo) {
  newcomer_.details.set_full_name("ちがう 名前");
  newcomer_.details.set_name_kana("れいじ" + departed_.details.name_kana().substr(std::string("レイジ").size()));
  EXPECT_THAT(client_.Call(city_.Registration(newcomer_)),
              IsRefused(StatusCode::kFailedPrecondition, "POSSIBLE_SAME_PERSON"));
}

TEST_F(LookAlikeStory, IsNoticedInABulkLoadAndAfterARestart) {
  const auto in_bulk = client_.Load({city_.Batch(1, {newcomer_})});
  ASSERT_THAT(in_bulk, IsOk());
  EXPECT_EQ(in_bulk->at(0).rows(0).error().code(), static_cast<int>(StatusCode::kFailedPrecondition));
  cluster_->Restart();
  EXPECT_THAT(cluster_->NewClient().Call(city_.Registration(newcomer_)),
              IsRefused(StatusCode::kFailedPrecondition, "POSSIBLE_SAME_PERSON"));
}

TEST_F(LookAlikeStory, AnotherBirthDateIsAnotherPerson) {
  *newcomer_.details.mutable_birth_date() = Day(1950, 6, 7);
  EXPECT_THAT(client_.Call(city_.Registration(newcomer_)), IsOk());
}

}  // namespace
}  // namespace mynumber::stories
