#ifndef MYNUMBER_SERVICES_NOTICE_SERVICE_ANSWERS_H_
#define MYNUMBER_SERVICES_NOTICE_SERVICE_ANSWERS_H_

#include "libs/eventsourcing/position.h"
#include "mynumber/notice/v1/notice_service.pb.h"
#include "services/notice/domain/notice.h"
#include "services/notice/domain/state_standing.h"
#include "services/notice/domain/validate.h"

namespace mynumber::notice {

// `position` may be null.
void FillNotice(const rows::v1::NoticeState& state, const eventsourcing::SubjectId& resident,
                const rows::v1::Notice& notice, const eventsourcing::Position* position, v1::Notice* answer);
void FillWork(const rows::v1::Notice& notice, const NoticeName& name, events::v1::WorkKind kind, int64_t now_micros,
              v1::Work* answer);

}  // namespace mynumber::notice

#endif  // MYNUMBER_SERVICES_NOTICE_SERVICE_ANSWERS_H_
