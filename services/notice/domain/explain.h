#ifndef MYNUMBER_SERVICES_NOTICE_DOMAIN_EXPLAIN_H_
#define MYNUMBER_SERVICES_NOTICE_DOMAIN_EXPLAIN_H_

#include <cstdint>

#include "mynumber/notice/rows/v1/rows.pb.h"
#include "mynumber/notice/v1/notice_service.pb.h"

namespace mynumber::notice {

// What a clerk or the hotline tells a resident who asks where the notice is: where, until when, what can be done now,
// as data and as a sentence in Japanese and English. Shows nothing of the resident.
v1::ExplainNoticeResponse Explain(const rows::v1::Notice& notice, int64_t now_micros);

}  // namespace mynumber::notice

#endif  // MYNUMBER_SERVICES_NOTICE_DOMAIN_EXPLAIN_H_
