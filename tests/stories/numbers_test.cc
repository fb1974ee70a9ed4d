// Looks at numbers, replacements, verdicts.

#include <set>

#include "tests/stories/story.h"

namespace mynumber::stories {
namespace {

using ::testing::ElementsAre;
using events::NumberDisclosed;
using Response = v1::ValidateNumbersResponse;

class NumberStory : public Story {
 protected:
  std::vector<v1::Disclosure> Disclosures(const std::string& name, int page_size = 0) {
    std::vector<v1::Disclosure> all;
    v1::ListDisclosuresRequest request = city_.Disclosures(name, page_size);
    for (int pages = 0; pages < 100; ++pages) {
      const auto page = client_.Call(request);
      EXPECT_THAT(page, IsOk());
      if (!page.ok()) break;
      all.insert(all.end(), page->disclosures().begin(), page->disclosures().end());
      request.set_page_token(page->next_page_token());
      if (request.page_token().empty()) break;
    }
    return all;
  }
  std::vector<int> Verdicts(const std::vector<std::string>& numbers) {
    const auto answers = client_.Call(std::vector{city_.Validation(numbers)});
    EXPECT_THAT(answers, IsOk());
    return {answers->at(0).verdicts().begin(), answers->at(0).verdicts().end()};
  }
};

TEST_F(NumberStory, ADisclosureShowsTheNumberAndIsRecorded) {
  const v1::Resident resident = Registered(Somebody());
  const City colleague{kChiyoda, "clerk-8"};
  const v1::DiscloseNumberRequest request = colleague.Disclosure(resident.name());
  const auto shown = client_.Call(request);
  ASSERT_THAT(shown, IsOk());
  EXPECT_EQ(shown->name(), resident.name());
  EXPECT_EQ(shown->individual_number(), resident.individual_number());
  EXPECT_EQ(shown->version(), 1) << "a look is no change of the resident";
  EXPECT_EQ(client_.Call(request)->SerializeAsString(), shown->SerializeAsString());

  const std::vector<v1::Disclosure> looks = Disclosures(resident.name());
  ASSERT_EQ(looks.size(), 2) << "the registration's own look, and this one, once";
  EXPECT_TRUE(looks[0].by_designation());
  EXPECT_EQ(looks[0].actor().authority(), city_.authority());
  EXPECT_EQ(looks[0].actor().clerk_id(), "clerk-7");
  EXPECT_FALSE(looks[1].by_designation());
  EXPECT_EQ(looks[1].way(), NumberDisclosed::WAY_SHOWN);
  EXPECT_EQ(looks[1].purpose(), events::PURPOSE_TAX);
  EXPECT_EQ(looks[1].reference(), "tax file 41");
  EXPECT_EQ(looks[1].actor().authority(), city_.authority());
  EXPECT_EQ(looks[1].actor().clerk_id(), "clerk-8");
  EXPECT_GE(looks[1].time().seconds(), looks[0].time().seconds());
}

TEST_F(NumberStory, EveryDisclosureIsOneOfItsOwn) {
  const std::string name = Registered(Somebody()).name();
  for (int i = 0; i < 6; ++i) ASSERT_THAT(client_.Call(city_.Disclosure(name)), IsOk());
  for (int page_size : {1, 2, 3, 6, 7, 8, 0}) {
    const std::vector<v1::Disclosure> looks = Disclosures(name, page_size);
    EXPECT_EQ(looks.size(), 7) << page_size;
    EXPECT_TRUE(looks.front().by_designation());
  }
}

TEST_F(NumberStory, TheResidentsOwnRequestNeedsTheirIdentityConfirmed) {
  const std::string name = Registered(Somebody()).name();
  v1::DiscloseNumberRequest request = city_.Disclosure(name);
  request.set_purpose(events::PURPOSE_RESIDENT_REQUEST);
  EXPECT_THAT(client_.Call(request), IsRefused(StatusCode::kFailedPrecondition, "IDENTITY_NOT_CONFIRMED"));
  EXPECT_EQ(Disclosures(name).size(), 1);
  request.set_identity_confirmed(true);
  EXPECT_THAT(client_.Call(request), IsOk());
  EXPECT_EQ(Disclosures(name).back().purpose(), events::PURPOSE_RESIDENT_REQUEST);
}

TEST_F(NumberStory, TheResidentIsGivenTheWholeHistoryAndThatIsItsLastLine) {
  const std::string name = Registered(Somebody()).name();
  ASSERT_THAT(client_.Call(city_.Disclosure(name)), IsOk());
  v1::ExportAccessHistoryRequest request = city_.History(name);
  request.set_identity_confirmed(false);
  EXPECT_THAT(client_.Call(request), IsRefused(StatusCode::kFailedPrecondition, "IDENTITY_NOT_CONFIRMED"));
  EXPECT_EQ(Disclosures(name).size(), 2);
  request.set_identity_confirmed(true);
  const auto given = client_.Call(request);
  ASSERT_THAT(given, IsOk());
  ASSERT_EQ(given->disclosures_size(), 3);
  EXPECT_TRUE(given->disclosures(0).by_designation());
  EXPECT_EQ(given->disclosures(1).reference(), "tax file 41");
  EXPECT_EQ(given->disclosures(2).way(), NumberDisclosed::WAY_HISTORY_GIVEN);
  EXPECT_EQ(given->disclosures(2).purpose(), events::PURPOSE_RESIDENT_REQUEST);
  EXPECT_EQ(given->disclosures(2).reference(), "application 12");
  EXPECT_EQ(given->next_page_token(), "");

  ASSERT_THAT(client_.Call(city_.Disclosure(name)), IsOk());
  EXPECT_EQ(client_.Call(request)->SerializeAsString(), given->SerializeAsString()) << "whatever was looked at since";
  EXPECT_EQ(client_.Call(city_.History(name))->disclosures_size(), 5);
}

TEST_F(NumberStory, AnotherMunicipalityIsGivenNoHistory) {
  const std::string name = Registered(Somebody()).name();
  EXPECT_THAT(client_.Call(sapporo_.History(name)), IsRefused(StatusCode::kPermissionDenied, "MUNICIPALITY_NOT_YOURS"));
  EXPECT_EQ(Disclosures(name).size(), 1) << "it is no look";
  EXPECT_THAT(client_.Call(city_.History("residents/" + std::string(32, '0'))),
              IsRefused(StatusCode::kNotFound, "RESIDENT_UNKNOWN"));
}

TEST_F(NumberStory, ANumberFindsItsResidentAndTheSearchIsRecorded) {
  const v1::Resident resident = Registered(Somebody());
  const v1::FindResidentByNumberRequest search = city_.Search(resident.individual_number());
  const auto found = client_.Call(search);
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->resident().name(), resident.name());
  EXPECT_EQ(found->resident().individual_number(), "") << "the caller has it already";
  EXPECT_FALSE(found->former());
  EXPECT_EQ(client_.Call(search)->SerializeAsString(), found->SerializeAsString());
  EXPECT_EQ(Disclosures(resident.name()).back().way(), NumberDisclosed::WAY_SEARCHED);
  EXPECT_EQ(Disclosures(resident.name()).back().purpose(), events::PURPOSE_SOCIAL_SECURITY);
  EXPECT_EQ(Disclosures(resident.name()).size(), 2);
}

TEST_F(NumberStory, ANumberThatIsNobodysFindsNobody) {
  const std::string sample = "123456789018";
  EXPECT_EQ(Verdicts({sample}), std::vector<int>{Response::VERDICT_NOT_ISSUED}) << "the leaflet's sample";
  EXPECT_THAT(client_.Call(city_.Search(sample)), IsRefused(StatusCode::kNotFound, "NUMBER_NOT_ISSUED"));
  EXPECT_THAT(client_.Call(city_.Search("000000000000")), IsRefused(StatusCode::kNotFound, "NUMBER_NOT_ISSUED"));
}

TEST_F(NumberStory, AReplacementNeedsALeakEvidenceAndADecision) {
  const std::string name = Registered(Somebody()).name();
  v1::ReplaceNumberRequest wish = city_.Replacement(name);
  wish.set_ground(v1::REPLACEMENT_GROUND_WISH);
  const auto refused = client_.Call(wish);
  ASSERT_THAT(refused, IsRefused(StatusCode::kFailedPrecondition, "REPLACEMENT_NEEDS_LEAK"));
  EXPECT_THAT(std::string(refused.status().message()), ::testing::HasSubstr("at the resident's wish"));
  v1::ReplaceNumberRequest without_evidence = city_.Replacement(name);
  without_evidence.clear_evidence();
  EXPECT_THAT(client_.Call(without_evidence), IsRefused(StatusCode::kInvalidArgument, "EVIDENCE_MISSING"));
  v1::ReplaceNumberRequest undecided = city_.Replacement(name);
  undecided.clear_decision();
  EXPECT_THAT(client_.Call(undecided), IsRefused(StatusCode::kInvalidArgument, "DECISION_MISSING"));
  EXPECT_EQ(Seen(name).version(), 1);
}

TEST_F(NumberStory, AFormerNumberStillFindsItsResidentMarkedAsFormer) {
  const v1::Resident resident = Registered(Somebody());
  const v1::ReplaceNumberRequest request = city_.Replacement(resident.name());
  const auto replaced = client_.Call(request);
  ASSERT_THAT(replaced, IsOk());
  EXPECT_NE(replaced->individual_number(), resident.individual_number());
  EXPECT_EQ(replaced->masked_individual_number(), "********" + replaced->individual_number().substr(8));
  EXPECT_EQ(client_.Call(request)->SerializeAsString(), replaced->SerializeAsString());

  const auto by_former = client_.Call(city_.Search(resident.individual_number()));
  ASSERT_THAT(by_former, IsOk());
  EXPECT_EQ(by_former->resident().name(), resident.name());
  EXPECT_TRUE(by_former->former());
  const auto by_current = client_.Call(city_.Search(replaced->individual_number()));
  ASSERT_THAT(by_current, IsOk());
  EXPECT_FALSE(by_current->former());
  EXPECT_EQ(client_.Call(city_.Disclosure(resident.name()))->individual_number(), replaced->individual_number());
  EXPECT_EQ(Verdicts({resident.individual_number(), replaced->individual_number()}),
            (std::vector<int>{Response::VERDICT_FORMER, Response::VERDICT_ISSUED}));
  const std::vector<v1::Disclosure> looks = Disclosures(resident.name());
  ASSERT_EQ(looks.size(), 5);
  EXPECT_TRUE(looks[1].by_designation()) << "the replacement showed the new number";
}

TEST_F(NumberStory, TheTenthReplacementIsRefused) {
  const v1::Resident resident = Registered(Somebody());
  std::set<std::string> numbers = {resident.individual_number()};
  for (int i = 0; i < 9; ++i) {
    const auto replaced = client_.Call(city_.Replacement(resident.name()));
    ASSERT_THAT(replaced, IsOk());
    numbers.insert(replaced->individual_number());
  }
  EXPECT_EQ(numbers.size(), 10);
  EXPECT_THAT(client_.Call(city_.Replacement(resident.name())),
              IsRefused(StatusCode::kFailedPrecondition, "REPLACEMENTS_EXHAUSTED"));
  for (const std::string& number : numbers) {
    EXPECT_EQ(client_.Call(city_.Search(number))->resident().name(), resident.name());
  }
}

TEST_F(NumberStory, EveryItemOfAValidationGetsItsVerdict) {
  const v1::Resident resident = Registered(Somebody());
  const v1::Resident mistake = Registered(Somebody());
  ASSERT_THAT(client_.Call(city_.Voiding(mistake.name())), IsOk());
  std::string wrong_digit = resident.individual_number();
  wrong_digit.back() = static_cast<char>('0' + (wrong_digit.back() - '0' + 1) % 10);
  EXPECT_EQ(Verdicts({resident.individual_number(), "12345", "12345678901x", "１２３４", "", wrong_digit,
                      mistake.individual_number(), "123456789018"}),
            (std::vector<int>{Response::VERDICT_ISSUED, Response::VERDICT_WRONG_LENGTH, Response::VERDICT_NOT_DIGITS,
                              Response::VERDICT_NOT_DIGITS, Response::VERDICT_WRONG_LENGTH,
                              Response::VERDICT_WRONG_CHECK_DIGIT, Response::VERDICT_VOIDED,
                              Response::VERDICT_NOT_ISSUED}));
}

TEST_F(NumberStory, AValidationIsAStreamOfAnyLength) {
  const v1::Resident resident = Registered(Somebody());
  const std::vector<std::string> many(10'000, resident.individual_number());
  const auto answers = client_.Call(std::vector{city_.Validation(many), city_.Validation({}), city_.Validation({"1"})});
  ASSERT_THAT(answers, IsOk());
  ASSERT_EQ(answers->size(), 3);
  EXPECT_EQ(answers->at(0).verdicts_size(), 10'000);
  EXPECT_EQ(answers->at(0).verdicts(9'999), Response::VERDICT_ISSUED);
  EXPECT_EQ(answers->at(1).verdicts_size(), 0);
  EXPECT_THAT(answers->at(2).verdicts(), ElementsAre(Response::VERDICT_WRONG_LENGTH));
  const std::vector<std::string> too_many(10'001, "1");
  EXPECT_THAT(client_.Call(std::vector{city_.Validation(too_many)}),
              IsRefused(StatusCode::kInvalidArgument, "TOO_MANY_ITEMS"));
}

TEST_F(NumberStory, ADisclosurePageTokenIsTakenAsItWasGivenOnly) {
  const std::string name = Registered(Somebody()).name();
  ASSERT_THAT(client_.Call(city_.Disclosure(name)), IsOk());
  v1::ListDisclosuresRequest request = city_.Disclosures(name, 1);
  const std::string token = client_.Call(request)->next_page_token();
  ASSERT_NE(token, "");
  for (const std::string& bad : {std::string("x"), token + "00", std::string(token.size(), 'z'), token.substr(2)}) {
    request.set_page_token(bad);
    EXPECT_THAT(client_.Call(request), IsRefused(StatusCode::kInvalidArgument, "PAGE_TOKEN_MALFORMED")) << bad;
  }
}

TEST_F(NumberStory, NumbersOfPeopleAbroadAndOfTheDeceasedCanBeLookedAt) {
  for (const bool died : {false, true}) {
    const v1::Resident resident = Registered(Somebody());
    if (died) ASSERT_THAT(client_.Call(city_.Death(resident.name())), IsOk());
    if (!died) ASSERT_THAT(client_.Call(city_.Departure(resident.name())), IsOk());
    EXPECT_EQ(client_.Call(city_.Disclosure(resident.name()))->individual_number(), resident.individual_number());
    EXPECT_EQ(client_.Call(city_.Search(resident.individual_number()))->resident().name(), resident.name());
  }
}

}  // namespace
}  // namespace mynumber::stories
