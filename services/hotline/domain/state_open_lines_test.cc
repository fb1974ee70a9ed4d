// The leaflet's table, line by line, at minutes on both sides of each boundary.

#include "services/hotline/domain/state_open_lines.h"

#include "gtest/gtest.h"
#include "libs/calendar/office_days.h"

namespace mynumber::hotline {
namespace {

using calendar::Day;

constexpr int64_t kMinute = 60'000'000;

// A Wednesday, a Saturday, a Sunday, a holiday on a Tuesday (Culture Day), and the turn of the year.
const Day kWeekday(2026, 11, 11), kSaturday(2026, 11, 14), kSunday(2026, 11, 15), kHoliday(2026, 11, 3);
const Day kBeforeClosure(2026, 12, 28), kClosure(2026, 12, 29), kNewYearsEve(2026, 12, 31), kNewYear(2027, 1, 1),
    kLastOfClosure(2027, 1, 3), kAfterClosure(2027, 1, 4);

int64_t At(Day day, int hour, int minute) { return calendar::StartOfDayMicros(day) + (hour * 60 + minute) * kMinute; }

std::optional<OpenLine> Line(std::string_view number, std::string_view language, int64_t micros,
                             const LineSettings& settings = {}) {
  for (const OpenLine& line : LinesAt(micros, language, settings).lines) {
    if (line.number == number) return line;
  }
  return std::nullopt;
}

Takes TakesOf(std::string_view number, std::string_view language, int64_t micros) {
  const auto line = Line(number, language, micros);
  EXPECT_TRUE(line) << number << " " << language;
  return line ? line->takes : Takes::kNothing;
}

// Open for all calls from the first minute of the hours to the last, and `outside` a minute before and after.
void ExpectHours(std::string_view number, std::string_view language, Day day, Hours hours, Takes outside) {
  SCOPED_TRACE(testing::Message() << number << " " << language << " " << absl::FormatCivilTime(day));
  EXPECT_EQ(TakesOf(number, language, At(day, 0, hours.from_minute - 1)), outside);
  EXPECT_EQ(TakesOf(number, language, At(day, 0, hours.from_minute)), Takes::kAll);
  EXPECT_EQ(TakesOf(number, language, At(day, 0, hours.to_minute - 1)), Takes::kAll);
  EXPECT_EQ(TakesOf(number, language, At(day, 0, hours.to_minute) - 1), Takes::kAll) << "to the last microsecond";
  EXPECT_EQ(TakesOf(number, language, At(day, 0, hours.to_minute)), outside);
}

void ExpectAllDay(std::string_view number, std::string_view language, Day day, Takes takes) {
  SCOPED_TRACE(testing::Message() << number << " " << language << " " << absl::FormatCivilTime(day));
  for (int minute = 0; minute < 24 * 60; ++minute) ASSERT_EQ(TakesOf(number, language, At(day, 0, minute)), takes);
}

constexpr Hours kLong = {9 * 60 + 30, 20 * 60}, kShort = {9 * 60 + 30, 17 * 60 + 30};
constexpr Hours kToSix = {10 * 60, 18 * 60}, kToSeven = {10 * 60, 19 * 60};

TEST(OpenLinesTest, TheJapaneseLineKeepsOfficeHoursAndTakesSuspensionsAlways) {
  const char number[] = "0120-95-0178";
  for (const Day day : {kWeekday, kBeforeClosure, kAfterClosure}) {
    ExpectHours(number, "ja", day, kLong, Takes::kSuspensionsOnly);
  }
  for (const Day day : {kSaturday, kSunday, kHoliday}) ExpectHours(number, "ja", day, kShort, Takes::kSuspensionsOnly);
  for (const Day day : {kClosure, kNewYearsEve, kNewYear, kLastOfClosure}) {
    ExpectAllDay(number, "ja", day, Takes::kSuspensionsOnly);
  }
}

TEST(OpenLinesTest, FiveLanguagesTakeSuspensionsAlwaysAndAllByDay) {
  for (const auto* language : {"en", "zh", "ko", "es", "pt"}) {
    for (const Day day : {kWeekday, kSaturday, kHoliday, kNewYearsEve, kNewYear, kAfterClosure}) {
      ExpectHours("0120-0178-27", language, day, kLong, Takes::kSuspensionsOnly);
    }
  }
}

TEST(OpenLinesTest, FourLanguagesHaveHoursOfTheirOwnEveryDay) {
  for (const Day day : {kWeekday, kSaturday, kHoliday, kNewYearsEve, kNewYear, kAfterClosure}) {
    for (const auto* language : {"th", "ne"}) ExpectHours("0120-0178-27", language, day, kToSix, Takes::kNothing);
    for (const auto* language : {"vi", "tl"}) ExpectHours("0120-0178-27", language, day, kToSeven, Takes::kNothing);
  }
}

TEST(OpenLinesTest, IndonesianIsListedWithoutHours) {
  ExpectAllDay("0120-0178-27", "id", kWeekday, Takes::kNothing);
  const auto never = Line("0120-0178-27", "id", At(kWeekday, 12, 0));
  EXPECT_FALSE(never->until_micros || never->opens_next_micros);
  LineSettings settings;
  settings.indonesian = kToSix;
  EXPECT_EQ(Line("0120-0178-27", "id", At(kWeekday, 9, 59), settings)->takes, Takes::kNothing);
  EXPECT_EQ(Line("0120-0178-27", "id", At(kWeekday, 10, 0), settings)->takes, Takes::kAll);
  EXPECT_EQ(Line("0120-0178-27", "id", At(kNewYear, 17, 59), settings)->takes, Takes::kAll);
}

TEST(OpenLinesTest, TheLineForTheSystemKeepsOfficeHoursInTenLanguages) {
  const char number[] = "0120-0178-26";
  for (const auto* language : {"en", "zh", "ko", "es", "pt", "vi", "th", "id", "tl", "ne"}) {
    for (const Day day : {kWeekday, kBeforeClosure, kAfterClosure}) {
      ExpectHours(number, language, day, kLong, Takes::kNothing);
    }
    for (const Day day : {kSaturday, kSunday, kHoliday}) ExpectHours(number, language, day, kShort, Takes::kNothing);
    for (const Day day : {kClosure, kNewYearsEve, kNewYear, kLastOfClosure}) {
      ExpectAllDay(number, language, day, Takes::kNothing);
    }
    EXPECT_FALSE(Line(number, language, At(kWeekday, 12, 0))->takes_suspensions());
  }
  EXPECT_FALSE(Line(number, "ja", At(kWeekday, 12, 0)));
}

TEST(OpenLinesTest, SaysUntilWhenAndWhenItOpensNext) {
  const auto evening = Line("0120-95-0178", "ja", At(Day(2026, 11, 13), 23, 40));  // a Friday
  EXPECT_EQ(evening->until_micros, At(kSaturday, 9, 30));
  EXPECT_EQ(evening->opens_next_micros, At(kSaturday, 9, 30));
  const auto year_end = Line("0120-95-0178", "ja", At(kBeforeClosure, 20, 0));
  EXPECT_EQ(year_end->opens_next_micros, At(kAfterClosure, 9, 30)) << "over the whole closure";
  const auto by_day = Line("0120-0178-26", "ko", At(kSaturday, 12, 0));
  EXPECT_EQ(by_day->until_micros, At(kSaturday, 17, 30));
  EXPECT_FALSE(by_day->opens_next_micros) << "it is open";
}

TEST(OpenLinesTest, ASuspensionIsTakenInAnotherLanguageIfNotInTheCallers) {
  const OpenLines night = LinesAt(At(kSaturday, 23, 40), "th", {});
  EXPECT_FALSE(night.suspension_in_language);
  ASSERT_EQ(night.suspension_lines.size(), 2u);
  EXPECT_EQ(night.suspension_lines[0].language, "ja");
  EXPECT_EQ(night.suspension_lines[1].language, "en");
  const OpenLines day = LinesAt(At(kSaturday, 10, 0), "th", {});
  EXPECT_TRUE(day.suspension_in_language);
  ASSERT_EQ(day.suspension_lines.size(), 1u);
  EXPECT_EQ(day.suspension_lines[0].number, "0120-0178-27");
}

// At every minute of these days, in every language.
TEST(OpenLinesTest, ALineForSuspensionsIsAlwaysNamedAndWhatIsSaidOfLaterIsTrue) {
  const Day days[] = {kWeekday,        kSaturday,        kSunday,       kHoliday,     kBeforeClosure,
                      kClosure,        kNewYearsEve,     kNewYear,      kLastOfClosure, kAfterClosure,
                      Day(2026, 5, 6), Day(2026, 9, 22), Day(2028, 2, 29)};
  for (const Day day : days) {
    for (int minute = 0; minute < 24 * 60; ++minute) {
      const int64_t now = At(day, 0, minute);
      for (const std::string_view language : Languages()) {
        const OpenLines open = LinesAt(now, language, {});
        ASSERT_FALSE(open.suspension_lines.empty());
        for (const OpenLine& line : open.suspension_lines) ASSERT_TRUE(line.takes_suspensions());
        for (const OpenLine& line : open.lines) {
          if (!line.until_micros) continue;
          ASSERT_GT(*line.until_micros, now);
          ASSERT_EQ(Line(line.number, language, *line.until_micros - 1)->takes, line.takes);
          ASSERT_NE(Line(line.number, language, *line.until_micros)->takes, line.takes);
          if (!line.opens_next_micros) continue;
          ASSERT_EQ(Line(line.number, language, *line.opens_next_micros)->takes, Takes::kAll);
          ASSERT_NE(Line(line.number, language, *line.opens_next_micros - 1)->takes, Takes::kAll);
        }
      }
    }
  }
}

TEST(LanguagesTest, ATagMeansOneOfTheEleven) {
  EXPECT_EQ(Languages().size(), 11u);
  EXPECT_EQ(FindLanguage("en"), "en");
  EXPECT_EQ(FindLanguage("EN-GB"), "en");
  EXPECT_EQ(FindLanguage("zh-Hant-TW"), "zh");
  EXPECT_EQ(FindLanguage("fil"), "tl");
  for (const auto* unknown : {"", "de", "x", "english", "e", "-en"}) EXPECT_FALSE(FindLanguage(unknown)) << unknown;
}

}  // namespace
}  // namespace mynumber::hotline
