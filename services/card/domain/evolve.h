#ifndef MYNUMBER_SERVICES_CARD_DOMAIN_EVOLVE_H_
#define MYNUMBER_SERVICES_CARD_DOMAIN_EVOLVE_H_

// Private to evolve*.cc.

#include "services/card/domain/card.h"

namespace mynumber::card {

// evolve_cards.cc: an event of one card; the card is known.
void EvolveCard(const events::v1::CardEvent& event, const eventsourcing::EventMeta& meta, rows::v1::Card* card);
// What a move or another name means for the cards in use.
void EvolveCardsOfChange(const events::v1::HolderChanged& event, const events::v1::Person& before, int64_t time_micros,
                         rows::v1::HolderFile* file);

}  // namespace mynumber::card

#endif  // MYNUMBER_SERVICES_CARD_DOMAIN_EVOLVE_H_
