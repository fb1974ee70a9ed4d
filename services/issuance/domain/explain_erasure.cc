#include "services/issuance/domain/explain_erasure.h"

#include <google/protobuf/util/time_util.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace mynumber::issuance {
namespace {

using google::protobuf::util::TimeUtil;

// Of whatever stands there: it is signed before it is believed.
std::string Seconds(const google::protobuf::Timestamp& time) {
  return absl::StrFormat("%d.%09d", time.seconds(), time.nanos());
}

std::string Person(const type::Actor& actor) { return absl::StrCat(actor.authority(), " ", actor.clerk_id()); }

}  // namespace

std::string StatementOf(const v1::ErasureRecord& record) {
  const v1::Erasure& erasure = record.erasure();
  return absl::StrCat("mynumber erasure 1\n", record.name(), "\n", static_cast<int>(erasure.ground()), "\n",
                      erasure.reference(), "\n", Person(erasure.requested_by()), "\n", Seconds(erasure.request_time()),
                      "\n", Person(erasure.approved_by()), "\n", Seconds(erasure.approve_time()), "\n",
                      Seconds(record.erase_time()), "\n");
}

events::v1::ResidentErased EventOf(const v1::ErasureRecord& record) {
  const v1::Erasure& erasure = record.erasure();
  events::v1::ResidentErased event;
  event.set_ground(erasure.ground());
  event.set_reference(erasure.reference());
  *event.mutable_requested_by() = erasure.requested_by();
  *event.mutable_approved_by() = erasure.approved_by();
  event.set_requested_micros(TimeUtil::TimestampToMicroseconds(erasure.request_time()));
  event.set_approved_micros(TimeUtil::TimestampToMicroseconds(erasure.approve_time()));
  return event;
}

}  // namespace mynumber::issuance
