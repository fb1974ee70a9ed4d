#ifndef MYNUMBER_SERVICES_ISSUANCE_DOMAIN_STATE_MUNICIPALITY_H_
#define MYNUMBER_SERVICES_ISSUANCE_DOMAIN_STATE_MUNICIPALITY_H_

#include <string_view>

#include "absl/status/status.h"
#include "mynumber/issuance/rows/v1/rows.pb.h"
#include "services/issuance/domain/commands.h"

namespace mynumber::issuance {

// A municipality sees its own residents alone: after a move the new one sees them, and the old one what it did itself,
// which receipts tell. Nobody else calls here, but for what stands in the access policy.

// Whether the state is a resident's, whatever became of them: not of an id that nobody knows, of a code that leads to a
// resident elsewhere, or of an access record.
bool IsResident(const rows::v1::ResidentState& state);

// `caller`: as "municipality/131016". OK, or MUNICIPALITY_NOT_YOURS; OK for residents that nobody knows.
absl::Status MaySee(const rows::v1::ResidentState& state, std::string_view caller);

// The same for what is asked for: a resident may come to the caller by just this command.
absl::Status MayAsk(const rows::v1::ResidentState& state, const Command& command, std::string_view caller);

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_DOMAIN_STATE_MUNICIPALITY_H_
