#ifndef MYNUMBER_SERVICES_NOTICE_DOMAIN_VALIDATE_H_
#define MYNUMBER_SERVICES_NOTICE_DOMAIN_VALIDATE_H_

// What can be said of a request by itself. The first thing that is wrong, as a refusal that names the field.

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/eventsourcing/subject.h"
#include "libs/identifiers/tracking_number.h"
#include "mynumber/notice/events/v1/events.pb.h"
#include "mynumber/type/type.pb.h"

namespace mynumber::notice {

// "residents/{32 hex digits}/notices/{number or -}".
struct NoticeName {
  eventsourcing::SubjectId resident;
  // 0: the current one.
  uint32_t notice = 0;
};
std::string FormatNoticeName(const NoticeName& name);
absl::StatusOr<NoticeName> ValidateNoticeName(std::string_view name, std::string_view field);

// Of Simple Registered Mail, with or without hyphens.
absl::StatusOr<identifiers::TrackingNumber> ValidateTrackingNumber(std::string_view text, std::string_view field);
absl::Status ValidateDate(const type::Date& date, std::string_view field);
absl::Status ValidateReport(const events::v1::TrackingReport& report);
absl::Status ValidateResend(events::v1::ResendWay way, events::v1::ResendWindow window, const type::Date& day);
// What a clerk writes down: 1 to 200 characters.
absl::Status ValidateRecord(std::string_view record);
absl::Status ValidateText(std::string_view text, std::string_view field, int characters_max);

}  // namespace mynumber::notice

#endif  // MYNUMBER_SERVICES_NOTICE_DOMAIN_VALIDATE_H_
