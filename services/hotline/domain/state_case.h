#ifndef MYNUMBER_SERVICES_HOTLINE_DOMAIN_STATE_CASE_H_
#define MYNUMBER_SERVICES_HOTLINE_DOMAIN_STATE_CASE_H_

// How a case stands: functions of its state.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "mynumber/hotline/rows/v1/rows.pb.h"
#include "mynumber/hotline/v1/hotline_service.pb.h"

namespace mynumber::hotline {

// Has a card in hand, and speaks for nobody.
bool HasCardInHand(events::v1::CallerKind kind);
// Nobody can be identified in it any more.
bool IsBlocked(const rows::v1::CaseState& state);
bool IsPending(const rows::v1::Suspension& suspension);
bool AnyPending(const rows::v1::CaseState& state);

v1::Case::State StateOf(const rows::v1::CaseState& state);
v1::Suspension::State StateOf(const rows::v1::Suspension& suspension);

// Null if there is none of this card.
const rows::v1::Suspension* FindSuspension(const rows::v1::CaseState& state, std::string_view card);
const events::v1::Candidate* FindCandidate(const rows::v1::CaseState& state, std::string_view resident);
// That may be suspended in this case now.
std::vector<std::string> CardsOf(const rows::v1::CaseState& state);
// OK, or why this card may not be suspended in this case.
absl::Status MaySuspend(const rows::v1::CaseState& state, std::string_view card);

}  // namespace mynumber::hotline

#endif  // MYNUMBER_SERVICES_HOTLINE_DOMAIN_STATE_CASE_H_
