#include "libs/calendar/birthday.h"

#include <cassert>

namespace mynumber::calendar {
namespace {

Day BirthdayIn(int64_t year, Day birth) {
  // 1 March stands in place of a 29 February that is missing.
  const Day same(year, birth.month(), birth.day());
  return same.month() == birth.month() ? same : same - 1;
}

}  // namespace

Day BirthdayAfter(Day birth, Day from, int nth) {
  assert(from >= birth && nth >= 1 && "birthdays follow the birth");
  const int64_t years_passed = BirthdayIn(from.year(), birth) > from ? 0 : 1;
  return BirthdayIn(from.year() + years_passed + nth - 1, birth);
}

int AgeOn(Day birth, Day day) {
  assert(day >= birth && "nobody has an age before the birth");
  const int64_t years = day.year() - birth.year();
  return static_cast<int>(BirthdayIn(day.year(), birth) > day ? years - 1 : years);
}

}  // namespace mynumber::calendar
