#ifndef MYNUMBER_SERVICES_NOTICE_DOMAIN_NOTICE_H_
#define MYNUMBER_SERVICES_NOTICE_DOMAIN_NOTICE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/eventsourcing/aggregate.h"
#include "libs/identifiers/tracking_number.h"
#include "mynumber/notice/events/v1/events.pb.h"
#include "mynumber/notice/rows/v1/rows.pb.h"
#include "services/notice/domain/commands.h"

namespace mynumber::notice {

// After the number was issued (domain.md B.1): by then the carrier should have been seen to have it.
constexpr int kScanExpectedDays = 21;
constexpr int kCustodyMonths = 3;
// So long before the end of custody somebody is told.
constexpr int kCustodyEndingDays = 14;
// The carrier answers for a piece about so long (domain.md B.3), and does not use its number again before.
constexpr int kTrackingDays = 100;
// How long a delivery can be disputed, and how long the carrier has to answer.
constexpr int kDisputeDays = 60;
constexpr int kInvestigationDays = 21;
constexpr int kReportsMax = 256;
constexpr int kPiecesMax = 10;
constexpr int kRangesMax = 64;

// What decisions need of the cluster. Pure functions of their arguments; called by several threads.
struct Given {
  uint32_t partition_count = 1;
  // 23 digits: of a resident record code's ten free digits, and which of the resident's notices (0, 1, ...).
  std::function<std::string(std::string_view ten_free_digits, int serial)> application_id_for;
  // How long a municipality keeps a returned notice; kCustodyMonths if empty.
  std::function<int(std::string_view municipality_code)> custody_months;
};

// Three aggregates: a resident's notices, a tracking number, and a partition's share of the carrier's ranges. Shape:
// libs/eventsourcing/aggregate.h.
struct NoticeDomain {
  using State = rows::v1::NoticeState;
  using Event = events::v1::NoticeEvent;
  using Command = notice::Command;
  using Context = eventsourcing::ReachContext<State>;

  Given given;

  absl::StatusOr<std::vector<eventsourcing::EventOf<Event>>> Decide(const State& state, const Command& command,
                                                                    const Context& context) const;
  void Evolve(const Event& event, const eventsourcing::EventMeta& meta, State* state) const;
  void Project(const State& before, const State& after, const Event& event, const eventsourcing::EventMeta& meta,
               std::vector<eventsourcing::RowChange>* changes) const;
  static bool Erases(const Event& event) { return event.has_resident_erased(); }
  // Its own rows hold nothing of a person.
  static constexpr std::string_view kSealedTables = "";
  static std::string_view EventType(const Event& event);
  // A report's answer needs no state; all others tell the notice as it was.
  static bool AnswerStaysInState(const Event& event) {
    return event.has_tracking_reported() || event.has_unmatched_report_kept() || event.has_tracking_range_registered();
  }

  // reactions.cc: issuance's events.
  bool ReactsTo(std::string_view service, std::string_view type) const;
  absl::StatusOr<std::vector<eventsourcing::Reaction<Command>>> React(const eventsourcing::ForeignEvent& event) const;
  Command WhenDue(const eventsourcing::Deadline& deadline) const;
};

// In the partition `serial mod P` (design.md section 3).
eventsourcing::SubjectId TrackingSubject(const identifiers::TrackingNumber& number);
eventsourcing::SubjectId ShareSubject(uint32_t partition);

// The deadline's mark in its row: what is due for which notice.
char DeadlineMark(uint32_t notice, events::v1::DeadlineKind kind);

}  // namespace mynumber::notice

#endif  // MYNUMBER_SERVICES_NOTICE_DOMAIN_NOTICE_H_
