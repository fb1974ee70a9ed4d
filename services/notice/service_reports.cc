// What the carrier says, by stream, and its words that nobody knows.

#include <algorithm>
#include <utility>

#include "libs/eventsourcing/sealed_rows.h"
#include "libs/rpc/status_details.h"
#include "libs/serving/batch_stream.h"
#include "libs/serving/received_call.h"
#include "services/notice/domain/state_mail.h"
#include "services/notice/projections/tables.h"
#include "services/notice/service.h"
#include "services/notice/service_post_office.h"

namespace mynumber::notice {
namespace {

using postoffice::v1::ReportedEvent;
using postoffice::v1::ReportTrackingEventsRequest;
using postoffice::v1::ReportTrackingEventsResponse;
using Reports = serving::BatchStream<ReportTrackingEventsRequest, ReportTrackingEventsResponse>;

constexpr const char* kPostOffice = postoffice::v1::PostOfficeService::service_full_name();
constexpr int kReportsInBatchMax = 1000;

constexpr char kMethod[] = "ReportTrackingEvents";

struct OneReport {
  const grpc::CallbackServerContext* call;
  Reports* stream;
  Reports::BatchPtr batch;
  int row;

  void End(ReportedEvent::Outcome outcome) const { batch->response.mutable_events(row)->set_outcome(outcome); }
  void Refuse(const ServiceContext& context, const absl::Status& why) const {
    End(ReportedEvent::OUTCOME_REFUSED);
    const type::Actor& actor = batch->received.message.actor();
    *batch->response.mutable_events(row)->mutable_error() =
        rpc::ToRpc(serving::Refuse(context, *call, kMethod, actor, why));
  }
};

ReportedEvent::Outcome OutcomeOf(const Prepared& prepared, const events::v1::TrackingReport& report) {
  if (prepared.already) return ReportedEvent::OUTCOME_DUPLICATE;
  return UseFor(prepared.state.tracking(), report) == nullptr ? ReportedEvent::OUTCOME_KEPT_UNMATCHED
                                                              : ReportedEvent::OUTCOME_ACCEPTED;
}

// The report's command, or why there is none.
absl::StatusOr<Request> MakeReport(ServiceContext* context, const OneReport& one,
                                   const std::shared_ptr<const Origin>& origin) {
  const auto& message = one.batch->received.message.reports(one.row);
  auto number = ValidateTrackingNumber(message.tracking_number(), "tracking_number");
  absl::Status status = number.ok() ? ValidateReport(message.report()) : number.status();
  if (!status.ok()) return status;
  Request request;
  request.subject = TrackingSubject(*number);
  request.command = ReportTracking{std::string(number->digits()), message.report()};
  request.origin = origin;
  request.prepare = [one, &message](const Prepared& prepared) { one.End(OutcomeOf(prepared, message.report())); };
  request.finish = [context, one](const absl::Status& done) {
    if (!done.ok()) one.Refuse(*context, done);
    one.stream->Done(one.batch);
  };
  return request;
}

absl::Status CheckBatch(const ServiceContext& context, const ReportTrackingEventsRequest& message, int row) {
  if (context.stopping.begun()) return kRefusals.ShuttingDown();
  if (row >= kReportsInBatchMax) return kRefusals.TooManyItems("reports", kReportsInBatchMax);
  return ValidatePostOffice(message.actor());
}

// One command for each report, all of a partition handed over together.
void Submit(ServiceContext* context, const grpc::CallbackServerContext& call, Reports* stream,
            const Reports::BatchPtr& batch) {
  const ReportTrackingEventsRequest& message = batch->received.message;
  batch->response.set_batch_id(message.batch_id());
  const auto origin = OriginWithoutReceipt(*context, call, kMethod, message.actor());
  std::vector<std::vector<Request>> requests(context->host->partition_count());
  for (int row = 0; row < message.reports_size(); ++row) batch->response.add_events();
  for (int row = 0; row < message.reports_size(); ++row) {
    const OneReport one{&call, stream, batch, row};
    const absl::Status status = CheckBatch(*context, message, row);
    auto request = status.ok() ? MakeReport(context, one, origin) : absl::StatusOr<Request>(status);
    if (request.ok()) {
      requests[context->PartitionOf(request->subject)].push_back(*std::move(request));
    } else {
      one.Refuse(*context, request.status());
    }
  }
  for (const auto& of_partition : requests) batch->left += of_partition.size();
  for (uint32_t p = 0; p < requests.size(); ++p) {
    if (!requests[p].empty()) context->Submit(p, std::move(requests[p]));
  }
}

absl::Status ReadUnknownWords(const ServiceContext& context, postoffice::v1::ListUnknownWordsResponse* response) {
  std::map<std::string, int64_t> counts;
  for (const eventsourcing::Rows* rows : context.rows) {
    const auto add = [&](std::string_view key, std::string_view value) {
      counts[std::string(key.substr(1))] += eventsourcing::DecodeSum(value).count;
      return true;
    };
    const absl::Status status = rows->Scan(TableOf(kUnknownWordTable, ""), "", add);
    if (!status.ok()) return status;
  }
  for (const auto& [word, count] : counts) {
    auto* one = response->add_words();
    one->set_status(word);
    one->set_count(static_cast<uint64_t>(count));
  }
  return absl::OkStatus();
}

}  // namespace

grpc::ServerBidiReactor<rpc::Received<ReportTrackingEventsRequest>, ReportTrackingEventsResponse>*
PostOfficeService::OpenReports(Context* call) {
  return new Reports(&context_->stopping, context_->refusals,
                     rpc::CountedCall((*context_->calls)[kMethod]),
                     [context = context_, call](const ReportTrackingEventsRequest& message, bool is_first) {
                       return serving::AdmitNoted(*context, *call, kPostOffice, kMethod, message.actor(), is_first);
                     },
                     [context = context_, call](Reports* stream, const Reports::BatchPtr& batch) {
                       Submit(context, *call, stream, batch);
                     });
}

PostOfficeService::Reactor* PostOfficeService::ListUnknownWords(
    Context* rpc_call, const postoffice::v1::ListUnknownWordsRequest* request,
    postoffice::v1::ListUnknownWordsResponse* response) {
  const UnaryCall call(context_, rpc_call, "ListUnknownWords", *request);
  OnWorker(context_, call, [context = context_, request, response] {
    absl::Status status = ValidatePostOffice(request->actor());
    return status.ok() ? ReadUnknownWords(*context, response) : status;
  });
  return call.reactor();
}

}  // namespace mynumber::notice
