#ifndef MYNUMBER_SERVICES_ISSUANCE_PROJECTIONS_MADE_UP_REGISTER_H_
#define MYNUMBER_SERVICES_ISSUANCE_PROJECTIONS_MADE_UP_REGISTER_H_

// All made-up residents of a partition with their rows, in memory. For tests.

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "services/issuance/domain/made_up.h"

namespace mynumber::issuance::made_up {

struct Recorded {
  events::v1::IssuanceEvent event;
  eventsourcing::EventMeta meta;
};

// Rows as the engine keeps them, but for the sealing.
struct Rows {
  std::map<std::string, std::string> rows;
  std::map<std::string, eventsourcing::Sum> sums;

  void Apply(const std::vector<eventsourcing::RowChange>& changes);
  // Keys of one table, in order.
  std::vector<std::string> Keys(char table) const;
};

class Register {
 public:
  // Decides; what follows is evolved and projected. `written`, if given: how many events.
  absl::Status Ask(const eventsourcing::SubjectId& subject, const Command& command, size_t* written = nullptr);
  void Write(const eventsourcing::SubjectId& subject, const events::v1::IssuanceEvent& event);
  // Partition time from here on.
  void SetTime(int64_t micros) { time_micros_ = micros; }

  // Default constructed if nobody is known under this id.
  const rows::v1::ResidentState& Of(const eventsourcing::SubjectId& subject) const;
  // By raw id.
  const std::map<std::string, rows::v1::ResidentState>& states() const { return states_; }
  const std::vector<Recorded>& log() const { return log_; }
  const Rows& rows() const { return rows_; }

 private:
  Issuance issuance_ = Service();
  int64_t time_micros_ = RegistrationMicros();
  std::map<std::string, rows::v1::ResidentState> states_;
  std::vector<Recorded> log_;
  Rows rows_;
};

}  // namespace mynumber::issuance::made_up

#endif  // MYNUMBER_SERVICES_ISSUANCE_PROJECTIONS_MADE_UP_REGISTER_H_
