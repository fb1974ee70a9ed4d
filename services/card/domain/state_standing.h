#ifndef MYNUMBER_SERVICES_CARD_DOMAIN_STATE_STANDING_H_
#define MYNUMBER_SERVICES_CARD_DOMAIN_STATE_STANDING_H_

// How applications and cards stand: functions of the row alone, but for `now`.

#include <cstdint>
#include <optional>
#include <vector>

#include "libs/calendar/day.h"
#include "mynumber/card/rows/v1/rows.pb.h"
#include "mynumber/card/v1/card_service.pb.h"

namespace mynumber::card {

v1::Card::State StateOf(const rows::v1::Card& card);
// Nothing can happen to it any more but that it is given back.
bool IsFinal(v1::Card::State state);
inline bool IsFinal(const rows::v1::Card& card) { return IsFinal(StateOf(card)); }
// In use, not suspended, and its last day is not over.
bool IsUsable(const rows::v1::Card& card, int64_t now_micros);
bool IsUsable(const rows::v1::Card& card, const rows::v1::CertificateState& certificate, int64_t now_micros);

v1::Application::State StateOf(const rows::v1::Application& application);
// It may still become a card: received, and nothing is made of it yet that anybody has.
bool IsUnderWay(const rows::v1::Application& application);

// Null if there is none.
const rows::v1::Card* FindCard(const rows::v1::HolderFile& file, uint32_t card);
const rows::v1::Application* FindApplication(const rows::v1::HolderFile& file, uint32_t application);
const rows::v1::Form* FindForm(const rows::v1::HolderFile& file, uint32_t form);
// The last that was begun with this form; null if there is none.
const rows::v1::Application* ApplicationOfForm(const rows::v1::HolderFile& file, uint32_t form);
bool HasCertificate(const rows::v1::Card& card, events::v1::Certificate certificate);

// Something that falls due at the end of a day.
struct Due {
  events::v1::DeadlineKind kind = events::v1::DEADLINE_KIND_UNSPECIFIED;
  calendar::Day day;
};
std::vector<Due> DuesOf(const rows::v1::Card& card);
std::optional<Due> NextDue(const rows::v1::Card& card);
int64_t DueMicros(const Due& due);

// Settings with the defaults filled in; of a municipality that has set nothing: all defaults.
events::v1::MunicipalitySettings WithDefaults(events::v1::MunicipalitySettings settings);

// The day before which an uncollected card is not destroyed; none while its last pick-up day is not known.
std::optional<calendar::Day> DestroyableFrom(const rows::v1::Card& card);

}  // namespace mynumber::card

#endif  // MYNUMBER_SERVICES_CARD_DOMAIN_STATE_STANDING_H_
