#ifndef MYNUMBER_SERVICES_CARD_DOMAIN_CARD_H_
#define MYNUMBER_SERVICES_CARD_DOMAIN_CARD_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/eventsourcing/aggregate.h"
#include "mynumber/card/events/v1/events.pb.h"
#include "mynumber/card/rows/v1/rows.pb.h"
#include "services/card/domain/commands.h"

namespace mynumber::card {

// How long the link of a mail opens an application.
constexpr int64_t kLinkMicros = int64_t{24} * 3600 * 1'000'000;
// Wrong birth dates for one application ID on one day.
constexpr uint32_t kMissedMax = 5;
// How long the public can ask for a status (domain.md C.1).
constexpr int kStatusMonths = 6;
// A photograph's age, and of a mailed one.
constexpr int kPhotoMonths = 6;
constexpr int kRepresentedUnderAge = 15;
constexpr int kPhotoFromAge = 1;
// A renewal is taken from three months before the last day (domain.md C.3).
constexpr int kRenewalMonths = 3;
// Within so many days of its ground a card can be had by express (domain.md C.6).
constexpr int kExpressDays = 30;
constexpr uint32_t kReissueFeeYen = 1000;
constexpr uint32_t kExpressReissueFeeYen = 2000;
// Name and address (Number Act art. 17(8)), and continued use after a move (domain.md C.5).
constexpr int kChangeDays = 14;
constexpr int kMoveInDays = 14;
constexpr int kMoveOutDays = 30;
constexpr int kContinuationDays = 90;
// Defaults of a municipality's settings (domain.md C.2).
constexpr uint32_t kPickUpMonths = 3;
constexpr uint32_t kReminderMonths = 3;
constexpr uint32_t kKeepMonths = 12;
constexpr int kSettingMonthsMax = 36;
// Deadlines have five bits for a card's number.
constexpr int kCardsMax = 31;
// Ended applications beyond this are forgotten, the oldest first.
constexpr int kApplicationsMax = 8;

// What decisions need of the cluster. Pure functions of their arguments; called by several threads.
struct Given {
  uint32_t partition_count = 1;
  // 20 digits: of a resident record code's ten free digits, and which of the resident's cards (0, 1, ...).
  std::function<std::string(std::string_view ten_free_digits, int card)> serial_for;
  // Keyed hash of what a link opens an application with.
  std::function<std::string(const eventsourcing::SubjectId&, uint32_t application, uint32_t link)> token_hash_for;
  // Whether Japanese nationals keep their cards when they leave Japan (Number Act art. 16-2(4)); others never do.
  bool nationals_abroad_keep_cards = true;
};

// Two aggregates: a resident's forms, applications and cards, and a municipality's settings, which stand in every
// partition. Shape: libs/eventsourcing/aggregate.h.
struct CardDomain {
  using State = rows::v1::CardState;
  using Event = events::v1::CardEvent;
  using Command = card::Command;
  using Context = eventsourcing::ReachContext<State>;

  Given given;

  absl::StatusOr<std::vector<eventsourcing::EventOf<Event>>> Decide(const State& state, const Command& command,
                                                                    const Context& context) const;
  void Evolve(const Event& event, const eventsourcing::EventMeta& meta, State* state) const;
  void Project(const State& before, const State& after, const Event& event, const eventsourcing::EventMeta& meta,
               std::vector<eventsourcing::RowChange>* changes) const;
  static std::string_view EventType(const Event& event);
  // Answers tell the card or the application as it was.
  static bool AnswerStaysInState(const Event& event) {
    return event.has_municipality_set() || event.has_code_word_set() || event.has_birth_date_missed();
  }

  // Leaves of a resident's state only that it was erased, and of the rows only the list for terminals, which has the
  // end of every card from the card_revoked before it.
  static bool Erases(const Event& event) { return event.has_resident_erased(); }
  static constexpr std::string_view kSealedTables = "";

  // reactions.cc: number issuance's and the notice service's events.
  bool ReactsTo(std::string_view service, std::string_view type) const;
  absl::StatusOr<std::vector<eventsourcing::Reaction<Command>>> React(const eventsourcing::ForeignEvent& event) const;
  Command WhenDue(const eventsourcing::Deadline& deadline) const;
};

// Where a partition has a municipality's settings; six digits.
eventsourcing::SubjectId SettingsSubject(std::string_view municipality_code, uint32_t partition);

// The deadline's mark in its row: what is due for which card.
char DeadlineMark(uint32_t card, events::v1::DeadlineKind kind);

}  // namespace mynumber::card

#endif  // MYNUMBER_SERVICES_CARD_DOMAIN_CARD_H_
