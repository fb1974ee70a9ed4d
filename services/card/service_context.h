#ifndef MYNUMBER_SERVICES_CARD_SERVICE_CONTEXT_H_
#define MYNUMBER_SERVICES_CARD_SERVICE_CONTEXT_H_

#include "libs/metrics/metrics.h"
#include "libs/runtime/workers.h"
#include "libs/serving/call.h"
#include "libs/serving/context.h"
#include "libs/serving/receipts.h"
#include "services/card/domain/card.h"
#include "services/card/domain/refusals.h"
#include "services/card/domain/validate.h"
#include "services/card/service_keys.h"
#include "services/card/service_photos.h"

namespace mynumber::card {

using Request = eventsourcing::Request<CardDomain>;
using Prepared = eventsourcing::Prepared<rows::v1::CardState>;
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
using serving::OriginWithoutReceipt;
using serving::Readable;
using serving::Send;
using serving::UnaryCall;
using serving::UsedElsewhere;
using serving::ValidateActor;
using serving::WhenCurrent;
using serving::WhenRead;

// What this service's handlers need besides. Owns nothing.
struct CardParts {
  const ServiceKeys* keys = nullptr;
  const PhotoStore* photos = nullptr;
  // Judge photographs, few at once: one may need 256 MiB.
  runtime::Workers* judges = nullptr;
  // By "taken" and "refused".
  metrics::CounterSet judged_photos;
};
using ServiceContext = serving::Context<CardDomain, CardParts>;

}  // namespace mynumber::card

#endif  // MYNUMBER_SERVICES_CARD_SERVICE_CONTEXT_H_
