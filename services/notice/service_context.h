#ifndef MYNUMBER_SERVICES_NOTICE_SERVICE_CONTEXT_H_
#define MYNUMBER_SERVICES_NOTICE_SERVICE_CONTEXT_H_

#include <string>
#include <vector>

#include "libs/serving/call.h"
#include "libs/serving/context.h"
#include "libs/serving/receipts.h"
#include "services/notice/domain/notice.h"
#include "services/notice/domain/refusals.h"
#include "services/notice/domain/validate.h"

namespace mynumber::notice {

using Request = eventsourcing::Request<NoticeDomain>;
using Prepared = eventsourcing::Prepared<rows::v1::NoticeState>;
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

// What is printed on every notice of this cluster.
struct NoticeParts {
  // A QR code opens it with the application ID appended.
  std::string application_url = "https://card.example.invalid/apply?id=";
  std::string enquiry_phone = "0120-00-0000";
  std::string enquiry_name = "マイナンバー総合窓口（見本）";
  std::vector<std::string> enquiry_hours = {"平日 9:30～20:00", "土日祝 9:30～17:30（年末年始を除く）"};
};

using ServiceContext = serving::Context<NoticeDomain, NoticeParts>;

}  // namespace mynumber::notice

#endif  // MYNUMBER_SERVICES_NOTICE_SERVICE_CONTEXT_H_
