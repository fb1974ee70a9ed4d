#ifndef MYNUMBER_LIBS_SIMULATED_POST_OFFICE_ROUTE_H_
#define MYNUMBER_LIBS_SIMULATED_POST_OFFICE_ROUTE_H_

#include <vector>

#include "libs/simulated_post_office/simulated_post_office.h"

namespace mynumber::simulated_post_office {

// What happened, and when: minutes since the posting day began.
struct Happening {
  int minute = 0;
  notice::events::v1::TrackingReport report;
};

Route DrawRoute(const Settings& settings, const Piece& piece);

// All that happens on this route, in the order of events, with the further reports that faults add.
std::vector<Happening> Happenings(const Settings& settings, const Piece& piece, Route route);

}  // namespace mynumber::simulated_post_office

#endif  // MYNUMBER_LIBS_SIMULATED_POST_OFFICE_ROUTE_H_
