#ifndef MYNUMBER_SERVICES_NOTICE_DOMAIN_MADE_UP_H_
#define MYNUMBER_SERVICES_NOTICE_DOMAIN_MADE_UP_H_

// For tests: one partition of the notice service without an engine, and people who do not exist.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/notice/domain/notice.h"
#include "services/notice/domain/state_standing.h"

namespace mynumber::notice::made_up {

inline constexpr char kMunicipality[] = "131016";
inline constexpr char kOtherMunicipality[] = "271004";

eventsourcing::SubjectId Resident(char letter);
events::v1::Addressee Hanako();
type::Actor Clerk(const std::string& id = "clerk-1");
type::Actor OtherTownsClerk();
type::Date Date(int year, int month, int day);
// A moment in Tokyo.
int64_t Moment(int year, int month, int day, int hour = 9, int minute = 0);
// `minute` below 0: the carrier did not say.
events::v1::TrackingReport Report(const std::string& status, const type::Date& day, int minute = 600,
                                  const std::string& office = "架空郵便局");
PrepareNotice Preparation(int64_t issued_micros);
PostNotice Posting(uint32_t notice = 1);
// Serials 3010010000 to 3010010099: numbers of Simple Registered Mail.
RegisterRange Range(int64_t now_micros, uint64_t first_serial = 3'010'010'000, uint64_t count = 100);

class Town {
 public:
  explicit Town(uint32_t partition_count = 1);

  // Decides, evolves and projects as the engine does it; time is `now_micros`.
  absl::Status When(const eventsourcing::SubjectId& subject, const Command& command);
  absl::Status Resident(char letter, const Command& command) { return When(made_up::Resident(letter), command); }
  absl::Status Report(const std::string& tracking_number, const events::v1::TrackingReport& report);
  // Lets time pass, and meets each deadline at its moment.
  void PassTo(int64_t micros);

  // A notice that was printed and posted now.
  std::string Posted(char letter);
  const rows::v1::Notice& NoticeOf(char letter, int notice = 1) const;
  v1::Notice::State StateOf(char letter, int notice = 1) const { return notice::StateOf(NoticeOf(letter, notice)); }
  std::vector<events::v1::WorkKind> WorkKinds(char letter) const;
  size_t RowsWith(const std::string& prefix) const;

  NoticeDomain domain;
  int64_t now_micros = Moment(2026, 11, 2);
  std::map<std::string, rows::v1::NoticeState> states;
  std::map<std::string, std::string> rows;
  // Event types of the last When.
  std::vector<std::string> last;

 private:
  void Take(const eventsourcing::EventOf<events::v1::NoticeEvent>& event);
  void TakeRow(const eventsourcing::RowChange& change);

  uint64_t sequence_ = 0;
};

}  // namespace mynumber::notice::made_up

#endif  // MYNUMBER_SERVICES_NOTICE_DOMAIN_MADE_UP_H_
