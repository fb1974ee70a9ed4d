#ifndef MYNUMBER_SERVICES_ISSUANCE_SERVICE_PLACES_H_
#define MYNUMBER_SERVICES_ISSUANCE_SERVICE_PLACES_H_

// Sealed rows in the order of the log: with their subject, or in the access records of the months.

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "services/issuance/service_context.h"

namespace mynumber::issuance {

// A row whose key ends with the place of its event.
struct PlacedRow {
  // Sequence and index, 12 bytes: PlaceKey.
  std::string place;
  std::string plain;
};

struct PlacesAsked {
  // Rows behind this place; zeros: from the first on.
  std::string last = std::string(12, '\0');
  // The last one to be told; empty: whatever is there.
  std::string until = {};
  // How many at most.
  size_t count = 0;
};

// The place that a page token says, or that nothing was told yet if it is empty. False: no answer gave that token.
bool ParsePlace(const std::string& page_token, std::string* place);

// Adds the subject's own rows of the table.
absl::Status ReadOwn(const ServiceContext& context, char table, const SubjectId& id,
                     const eventsourcing::SubjectKey& key, const PlacesAsked& asked, std::vector<PlacedRow>* rows);

// Adds what the month's access record in `id`'s partition has under `id`, until `rows` are as many as were asked for.
absl::Status ReadRecord(const ServiceContext& context, char table, const SubjectId& id, absl::CivilMonth month,
                        const PlacesAsked& asked, std::vector<PlacedRow>* rows);

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_SERVICE_PLACES_H_
