#ifndef MYNUMBER_SERVICES_ISSUANCE_SERVICE_CONTEXT_H_
#define MYNUMBER_SERVICES_ISSUANCE_SERVICE_CONTEXT_H_

#include <atomic>

#include "libs/identifiers/resident_record_code.h"
#include "libs/serving/call.h"
#include "libs/serving/context.h"
#include "libs/serving/receipts.h"
#include "services/issuance/domain/refusals.h"
#include "services/issuance/domain/resident.h"
#include "services/issuance/service_departed.h"
#include "services/issuance/service_keys.h"

namespace mynumber::issuance {

using Request = eventsourcing::Request<Issuance>;
using Prepared = eventsourcing::Prepared<rows::v1::ResidentState>;
using eventsourcing::Origin;
using eventsourcing::SubjectId;

// The ways of a call that every service has.
using serving::AllPartitions;
using serving::Asked;
using serving::CheckAsked;
using serving::DeadlineMicros;
using serving::MakeOrigin;
using serving::MunicipalityOf;
using serving::OnWorker;
using serving::Readable;
using serving::Send;
using serving::UnaryCall;
using serving::UsedElsewhere;
using serving::ValidateActor;
using serving::ValidateRequestId;
using serving::WhenCurrent;
using serving::WhenRead;

// What this service's handlers need besides. Owns nothing; any thread.
struct IssuanceParts {
  const ServiceKeys* keys = nullptr;
  DepartedFilter* departed = nullptr;
  identifiers::CheckDigitRule record_code_rule = identifiers::CheckDigitRule::kIgnore;
  // Set once `departed` holds everybody: before that a registration could miss somebody who looks the same.
  std::atomic<bool> knows_departed{false};
};

using ServiceContext = serving::Context<Issuance, IssuanceParts>;

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_SERVICE_CONTEXT_H_
