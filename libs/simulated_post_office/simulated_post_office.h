#ifndef MYNUMBER_LIBS_SIMULATED_POST_OFFICE_SIMULATED_POST_OFFICE_H_
#define MYNUMBER_LIBS_SIMULATED_POST_OFFICE_SIMULATED_POST_OFFICE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/calendar/day.h"
#include "mynumber/notice/events/v1/events.pb.h"

namespace mynumber::simulated_post_office {

// The ways of a piece of Simple Registered Mail (docs/domain.md B.5).
enum class Route {
  kDelivered,
  kPickedUp,        // absent, then handed over at the counter
  kBroughtAgain,    // absent, then delivered on a day that was asked for
  kReturned,        // absent, seven days of storage, back to the sender
  kLost,            // accepted, and never seen again
  kWrongHousehold,  // "delivered", then looked for, then back to the sender
};
constexpr int kRouteCount = 6;

// "delivered", "picked-up", "brought-again", "returned", "lost", "wrong-household".
std::string_view NameOf(Route route);
std::optional<Route> FindRoute(std::string_view name);

// How often the carrier does what it should not: probabilities, 0 to 1.
struct Faults {
  // Of each report, how it is sent; what it says stays the same.
  double duplicated = 0;  // once more, up to three days later
  double shuffled = 0;    // up to three days later than others
  double late = 0;        // two to six weeks later
  // Of each report, what it says.
  double without_minute = 0;
  // What happened is first told wrongly; the right report, which takes the wrong one back, follows.
  double corrected = 0;
  // Of each piece: a further report.
  double unknown_word = 0;
  double forwarded = 0;  // though it is mail that must not be
};

struct Settings {
  uint64_t seed = 0;
  // Of each route among their sum, in the order of the enum; one of them at least is greater than 0.
  std::array<uint32_t, kRouteCount> weights = {700, 100, 90, 80, 10, 20};
  Faults faults;
};

struct Piece {
  std::string tracking_number;
  calendar::Day posting_day;
};

// A report, and when the carrier sends it: never before it happened.
struct SentReport {
  calendar::Day day;
  int minute_of_day = 0;
  notice::events::v1::TrackingReport report;
};

struct PlayedPiece {
  Route route = Route::kDelivered;
  std::vector<SentReport> sent;  // in the order of sending
};

// What becomes of a piece: always the same of the same settings and the same piece.
PlayedPiece Play(const Settings& settings, const Piece& piece);

}  // namespace mynumber::simulated_post_office

#endif  // MYNUMBER_LIBS_SIMULATED_POST_OFFICE_SIMULATED_POST_OFFICE_H_
