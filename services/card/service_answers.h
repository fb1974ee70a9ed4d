#ifndef MYNUMBER_SERVICES_CARD_SERVICE_ANSWERS_H_
#define MYNUMBER_SERVICES_CARD_SERVICE_ANSWERS_H_

#include <string>
#include <string_view>

#include "libs/eventsourcing/position.h"
#include "libs/eventsourcing/subject.h"
#include "mynumber/card/rows/v1/rows.pb.h"
#include "mynumber/card/v1/card_service.pb.h"
#include "services/card/domain/validate.h"

namespace mynumber::card {

// `position` may be null.
void FillApplication(const rows::v1::CardState& state, const eventsourcing::SubjectId& resident,
                     const rows::v1::Application& application, const eventsourcing::Position* position,
                     v1::Application* answer);
void FillCard(const rows::v1::CardState& state, const eventsourcing::SubjectId& resident, const rows::v1::Card& card,
              int64_t now_micros, const eventsourcing::Position* position, v1::Card* answer);
void FillStatus(const eventsourcing::SubjectId& resident, const rows::v1::Card& card, int64_t now_micros,
                const eventsourcing::Position* position, v1::CardStatus* answer);
// Of any card of a resident who was erased: how it stood nobody knows any more, and it is good for nothing.
void FillErasedStatus(const NumberedName& name, const rows::v1::ErasedHolder& erased,
                      const eventsourcing::Position* position, v1::CardStatus* answer);
void FillCandidate(const eventsourcing::SubjectId& resident, const rows::v1::HolderFile& file,
                   v1::Candidate* candidate);

// The first character of each part, the rest as stars: "見** 花**" gives no length away either.
std::string MaskedName(std::string_view name);

// Where the card lies before its hand-over; the holder's municipality from then on.
const std::string& MunicipalityOfCard(const rows::v1::HolderFile& file, const rows::v1::Card& card);

}  // namespace mynumber::card

#endif  // MYNUMBER_SERVICES_CARD_SERVICE_ANSWERS_H_
