#ifndef MYNUMBER_SERVICES_NOTICE_DOMAIN_DECIDE_MAIL_H_
#define MYNUMBER_SERVICES_NOTICE_DOMAIN_DECIDE_MAIL_H_

// What the post office's side is decided on. These commands see and change more than their own subject: a piece is a
// resident's and a tracking number's at once.

#include "services/notice/domain/notice.h"

namespace mynumber::notice {

using DecidedEvents = std::vector<eventsourcing::EventOf<events::v1::NoticeEvent>>;

// The next free number of the partition's share becomes a piece of the notice, with what the carrier has said of it.
absl::StatusOr<DecidedEvents> DecideMail(const Given& given, const rows::v1::NoticeState& resident,
                                         const PostNotice& command, const NoticeDomain::Context& context);
// Goes to the piece that had the number on that day; none: kept until one appears. No event: it is known already, or
// whose piece it is was erased.
absl::StatusOr<DecidedEvents> DecideMail(const Given& given, const rows::v1::NoticeState& tracking,
                                         const ReportTracking& command, const NoticeDomain::Context& context);
absl::StatusOr<DecidedEvents> DecideMail(const Given& given, const rows::v1::NoticeState& share,
                                         const RegisterRange& command, const NoticeDomain::Context& context);

}  // namespace mynumber::notice

#endif  // MYNUMBER_SERVICES_NOTICE_DOMAIN_DECIDE_MAIL_H_
