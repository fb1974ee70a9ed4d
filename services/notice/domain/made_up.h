#ifndef MYNUMBER_SERVICES_NOTICE_DOMAIN_MADE_UP_H_
#define MYNUMBER_SERVICES_NOTICE_DOMAIN_MADE_UP_H_

// For tests: one partition of the notice service without an engine, and people who do not exist.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libs/testing/one_partition.h"
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

class Town : public testing::OnePartition<NoticeDomain> {
 public:
  explicit Town(uint32_t partition_count = 1);

  absl::Status Resident(char letter, const Command& command) { return When(made_up::Resident(letter), command); }
  absl::Status Report(const std::string& tracking_number, const events::v1::TrackingReport& report);

  // A notice that was printed and posted now.
  std::string Posted(char letter);
  const rows::v1::Notice& NoticeOf(char letter, int notice = 1) const;
  v1::Notice::State StateOf(char letter, int notice = 1) const { return notice::StateOf(NoticeOf(letter, notice)); }
  std::vector<events::v1::WorkKind> WorkKinds(char letter) const;
};

}  // namespace mynumber::notice::made_up

#endif  // MYNUMBER_SERVICES_NOTICE_DOMAIN_MADE_UP_H_
