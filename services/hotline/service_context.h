#ifndef MYNUMBER_SERVICES_HOTLINE_SERVICE_CONTEXT_H_
#define MYNUMBER_SERVICES_HOTLINE_SERVICE_CONTEXT_H_

#include <functional>
#include <string>
#include <string_view>

#include "libs/serving/call.h"
#include "libs/serving/context.h"
#include "libs/serving/receipts.h"
#include "services/hotline/domain/hotline_case.h"
#include "services/hotline/domain/refusals.h"
#include "services/hotline/domain/state_open_lines.h"
#include "services/hotline/domain/validate.h"
#include "services/hotline/metrics.h"
#include "services/hotline/service_cards.h"
#include "services/hotline/service_spool.h"

namespace mynumber::hotline {

using Prepared = eventsourcing::Prepared<rows::v1::CaseState>;
using eventsourcing::Origin;
using eventsourcing::SubjectId;

// The ways of a call that every service has.
using serving::Asked;
using serving::CheckAsked;
using serving::DeadlineMicros;
using serving::OnWorker;
using serving::Send;
using serving::UnaryCall;
using serving::UsedElsewhere;
using serving::ValidateActor;
using serving::WhenCurrent;
using serving::WhenRead;

// What the hotline's handlers need besides. Owns nothing.
struct HotlineParts {
  LineSettings lines;
  // How long an operator waits for the card service before the answer is "not yet in effect".
  int64_t answer_millis = 2000;
  // Caller and request id -> case.
  const sealing::KeyedHash* case_hash = nullptr;
  CardClient* cards = nullptr;
  Spool* spool = nullptr;
  // A thread of its own: a spool that waits behind other work would keep no promise.
  runtime::Workers* spool_writer = nullptr;
  HotlineMetrics metrics;
};

using ServiceContext = serving::Context<HotlineDomain, HotlineParts>;

// Of all calls but GetOpenLines.
inline absl::Status ValidateOperator(const type::Actor& actor, bool clerk_required) {
  absl::Status status = ValidateActor(kRefusals, actor, clerk_required);
  if (!status.ok()) return status;
  return actor.authority() == "hotline" ? absl::OkStatus() : refusals::HotlineOnly();
}

// Under which the card service is asked: of the case and the call's own request id.
std::string CardRequestId(const ServiceContext& context, const SubjectId& id, std::string_view request_id);
// Writes down what the card service said; `then` is told whether that is in the log. Nothing of kNone.
void RecordAnswer(ServiceContext* context, const SubjectId& id, const CardAnswer& answer,
                  std::function<void(bool written)> then);

}  // namespace mynumber::hotline

#endif  // MYNUMBER_SERVICES_HOTLINE_SERVICE_CONTEXT_H_
