#include "services/card/domain/state_validity.h"

#include "gtest/gtest.h"
#include "libs/calendar/date.h"
#include "mynumber/issuance/events/v1/events.pb.h"
#include "services/card/domain/made_up.h"
#include "services/card/domain/state_standing.h"

namespace mynumber::card {
namespace {

using calendar::Day;

events::v1::Person Born(int year, int month, int day) {
  events::v1::Person person = made_up::Hanako();
  *person.mutable_birth_date() = made_up::Date(year, month, day);
  return person;
}

struct Case {
  const char* what;
  events::v1::Person person;
  Day made;
  Day received;
  Day until;
};

TEST(ValidityTest, OfCards) {
  const Day today(2026, 11, 27);
  const Case cases[] = {
      {"the tenth birthday", Born(1990, 4, 1), today, today, Day(2036, 4, 1)},
      {"a birthday today does not count", Born(1990, 11, 27), today, today, Day(2036, 11, 27)},
      {"a birthday tomorrow counts", Born(1990, 11, 28), today, today, Day(2035, 11, 28)},
      {"17 years old: the fifth", Born(2008, 11, 28), today, today, Day(2030, 11, 28)},
      {"18 today: the tenth", Born(2008, 11, 27), today, today, Day(2036, 11, 27)},
      {"19, applied for before April 2022: the fifth", Born(2003, 1, 1), Day(2022, 5, 1), Day(2022, 3, 31),
       Day(2027, 1, 1)},
      {"19, applied for since: the tenth", Born(2003, 1, 1), Day(2022, 5, 1), Day(2022, 4, 1), Day(2032, 1, 1)},
      {"born on 29 February, a leap year at the end", Born(1992, 2, 29), Day(2026, 3, 1), Day(2026, 3, 1),
       Day(2036, 2, 29)},
      {"born on 29 February, a common year at the end", Born(1992, 2, 29), Day(2025, 3, 1), Day(2025, 3, 1),
       Day(2035, 2, 28)},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(CardValidity(one.person, one.made, one.received).until, one.until) << one.what;
  }
}

TEST(ValidityTest, EndsWithThePeriodOfStayOfThoseWhoHaveOne) {
  const Day today(2026, 11, 27);
  const auto validity = CardValidity(made_up::Foreigner(made_up::Date(2028, 6, 30)), today, today);
  EXPECT_EQ(validity.until, Day(2028, 6, 30));
  EXPECT_EQ(validity.limit, events::v1::VALIDITY_LIMIT_PERIOD_OF_STAY);
  const auto capped = CardValidity(made_up::Foreigner(made_up::Date(2040, 1, 1)), today, today);
  EXPECT_EQ(capped.until, Day(2036, 4, 1));
  EXPECT_EQ(capped.limit, events::v1::VALIDITY_LIMIT_TENTH_BIRTHDAY);
  for (const auto status : {issuance::events::v1::RESIDENCE_STATUS_PERMANENT_RESIDENT,
                            issuance::events::v1::RESIDENCE_STATUS_HIGHLY_SKILLED_PROFESSIONAL_II,
                            issuance::events::v1::RESIDENCE_STATUS_SPECIAL_PERMANENT_RESIDENT}) {
    events::v1::Person person = made_up::Foreigner(made_up::Date(2028, 6, 30));
    person.set_residence_status(status);
    EXPECT_EQ(CardValidity(person, today, today).until, Day(2036, 4, 1)) << "as Japanese";
  }
}

TEST(ValidityTest, CertificatesEndWithTheFifthBirthdayOrTheCard) {
  const Day today(2026, 11, 27);
  EXPECT_EQ(CertificateValidUntil(Born(1990, 4, 1), today, Day(2036, 4, 1)), Day(2031, 4, 1));
  EXPECT_EQ(CertificateValidUntil(Born(1990, 4, 1), today, Day(2028, 6, 30)), Day(2028, 6, 30));
}

TEST(ValidityTest, RenewableFromTheDayAfterThreeMonthsBefore) {
  EXPECT_EQ(RenewableFrom(Day(2027, 6, 30)), Day(2027, 3, 31));
  EXPECT_EQ(RenewableFrom(Day(2027, 4, 1)), Day(2027, 1, 2));
  EXPECT_EQ(RenewableFrom(Day(2027, 5, 31)), Day(2027, 3, 1)) << "28 February is the day three months before";
  EXPECT_EQ(RenewableFrom(Day(2027, 1, 15)), Day(2026, 10, 16));
}

TEST(ValidityTest, NobodyUnderFifteenSigns) {
  EXPECT_FALSE(MayHaveSignatureCertificate(Born(2011, 11, 28), Day(2026, 11, 27)));
  EXPECT_TRUE(MayHaveSignatureCertificate(Born(2011, 11, 27), Day(2026, 11, 27)));
}

// The public's words are those of the row.
TEST(ValidityTest, ApplicationStagesAndStatesAreTheSameNumbers) {
  const auto* stages = rows::v1::ApplicationStage_descriptor();
  ASSERT_EQ(stages->value_count(), v1::Application::State_descriptor()->value_count());
  for (int i = 0; i < stages->value_count(); ++i) {
    const std::string word = stages->value(i)->name().substr(std::string("APPLICATION_STAGE_").size());
    EXPECT_EQ(v1::Application::State_Name(stages->value(i)->number()), "STATE_" + word);
  }
}

}  // namespace
}  // namespace mynumber::card
