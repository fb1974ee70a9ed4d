#ifndef MYNUMBER_SERVICES_ISSUANCE_DOMAIN_RESIDENT_H_
#define MYNUMBER_SERVICES_ISSUANCE_DOMAIN_RESIDENT_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "libs/calendar/date.h"
#include "libs/eventsourcing/aggregate.h"
#include "libs/identifiers/individual_number.h"
#include "mynumber/issuance/events/v1/events.pb.h"
#include "mynumber/issuance/rows/v1/rows.pb.h"
#include "services/issuance/domain/commands.h"

namespace mynumber::issuance {

using calendar::DayNumber;

// What decisions need of the cluster's keys. Pure functions of their arguments; called by several threads.
struct Keyed {
  // The number of (ten free digits of the record code first registered, generation 0 to 9).
  std::function<identifiers::IndividualNumber(std::string_view ten_free_digits, int generation)> number_for;
  // 16 bytes of a name or kana and a birth date, for looking up.
  std::function<std::string(std::string_view name, const type::Date& birth_date)> name_hash;
  // Who has the month's looks and attempts, in the partition of `subject`.
  std::function<eventsourcing::SubjectId(const eventsourcing::SubjectId& subject, absl::CivilMonth month)>
      access_record;
  // 16 bytes of what a municipality's own register says of the resident.
  std::function<std::string(std::string_view record_code, const events::v1::ResidentDetails&)> digest;
};

// Seven years from the end of the month (Number Act art. 23 and its Enforcement Order art. 30; domain.md C.3).
inline constexpr int kAccessRetentionDays = 7 * 365 + 2;
// What reads them looks back no further.
inline constexpr int kAccessRetentionDaysMax = 20 * 365 + 5;

// The aggregate: one resident, a record code that leads to one, or a month's access record of a partition. Shape:
// libs/eventsourcing/aggregate.h.
struct Issuance {
  using State = rows::v1::ResidentState;
  using Event = events::v1::IssuanceEvent;
  using Command = issuance::Command;
  using Context = eventsourcing::ReachContext<State>;

  Keyed keyed;
  // From the end of a month until its access record is erased.
  int access_retention_days = kAccessRetentionDays;

  absl::StatusOr<std::vector<eventsourcing::EventOf<Event>>> Decide(const State& state, const Command& command,
                                                                    const Context& context) const;
  void Evolve(const Event& event, const eventsourcing::EventMeta& meta, State* state) const;
  void Project(const State& before, const State& after, const Event& event, const eventsourcing::EventMeta& meta,
               std::vector<eventsourcing::RowChange>* changes) const;
  static std::string_view EventType(const Event& event);
  // A registration's answer can be made from any later state; a changed resident's cannot.
  static bool AnswerStaysInState(const Event& event) { return event.has_resident_registered(); }
  static bool Erases(const Event& event) { return event.has_resident_erased() || event.has_access_record_erased(); }
  // Looks at numbers; look-ups and attempts.
  static constexpr std::string_view kSealedTables = "lk";
  Command WhenDue(const eventsourcing::Deadline& deadline) const;

 private:
  // Looks and attempts stand in the access record of their month, by partition time; all else with its subject.
  eventsourcing::EventOf<Event> Place(Event event, const eventsourcing::DecideContext& context) const;
};

// What the latest registration said: of the state before any change.
const events::v1::ResidentDetails& FirstDetails(const rows::v1::ResidentState& state);
// The record code first registered. Its ten free digits are those of the resident's id and of every number.
const std::string& FirstRecordCode(const rows::v1::ResidentState& state);
// The resident as the answer to a registration told them, but for the number itself: the registration that was asked
// for under `request_key`, or else the latest.
rows::v1::ResidentState AsRegistered(const rows::v1::ResidentState& state, std::string_view request_key);
// When the number was shown for the first time of all, to `designated_to`.
int64_t FirstDesignationMicros(const rows::v1::ResidentState& state);

inline std::string_view FreeDigits(std::string_view record_code) { return record_code.substr(0, 10); }

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_DOMAIN_RESIDENT_H_
