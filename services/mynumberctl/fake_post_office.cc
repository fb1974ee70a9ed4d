#include "services/mynumberctl/fake_post_office.h"

#include <algorithm>

#include "libs/identifiers/tracking_number.h"
#include "libs/rpc/status_details.h"
#include "services/mynumberctl/fake_server.h"

namespace mynumber::mynumberctl {

using namespace postoffice::v1;

std::map<std::string, std::vector<notice::events::v1::TrackingReport>> FakePostOffice::reports() const {
  std::lock_guard lock(mutex_);
  return reports_;
}

grpc::Status FakePostOffice::RegisterTrackingRange(grpc::ServerContext*, const RegisterTrackingRangeRequest* request,
                                                   RegisterTrackingRangeResponse* response) {
  last_range = *request;
  response->set_count(1234);
  return grpc::Status::OK;
}

grpc::Status FakePostOffice::GetManifest(grpc::ServerContext*, const GetManifestRequest* request,
                                         grpc::ServerWriter<GetManifestResponse>* writer) {
  last_manifest = *request;
  for (const ManifestPiece& piece : pieces) {
    GetManifestResponse response;
    *response.add_pieces() = piece;
    writer->Write(response);
  }
  GetManifestResponse last;
  last.set_without_number(without_number);
  writer->Write(last);
  return grpc::Status::OK;
}

ReportedEvent FakePostOffice::Take(const PieceReport& report) {
  std::lock_guard lock(mutex_);
  ReportedEvent answer;
  const auto refuse = [&](absl::StatusCode code, const char* reason, const char* sentence) {
    answer.set_outcome(ReportedEvent::OUTCOME_REFUSED);
    *answer.mutable_error() = rpc::ToRpc(rpc::FromGrpc(FakeRefusal(code, reason, sentence)));
    return answer;
  };
  if (reports_not_now > 0) {
    --reports_not_now;
    return refuse(absl::StatusCode::kResourceExhausted, "QUEUE_FULL", "the queue is full");
  }
  const auto number = identifiers::TrackingNumber::Parse(report.tracking_number());
  if (!number.ok()) {
    return refuse(absl::StatusCode::kInvalidArgument, "TRACKING_NUMBER_NOT_DIGITS", "write the number's digits");
  }
  const std::string digits(number->digits());
  auto& known = reports_[digits];
  const std::string bytes = report.report().SerializeAsString();
  const bool duplicate = std::any_of(known.begin(), known.end(),
                                     [&](const auto& other) { return other.SerializeAsString() == bytes; });
  if (!duplicate) known.push_back(report.report());
  const bool posted = std::any_of(pieces.begin(), pieces.end(),
                                  [&](const auto& piece) { return piece.tracking_number() == digits; });
  answer.set_outcome(duplicate ? ReportedEvent::OUTCOME_DUPLICATE
                     : posted  ? ReportedEvent::OUTCOME_ACCEPTED
                               : ReportedEvent::OUTCOME_KEPT_UNMATCHED);
  return answer;
}

grpc::Status FakePostOffice::ReportTrackingEvents(
    grpc::ServerContext*, grpc::ServerReaderWriter<ReportTrackingEventsResponse, ReportTrackingEventsRequest>* stream) {
  ReportTrackingEventsRequest batch;
  while (stream->Read(&batch)) {
    last_actor = batch.actor();
    batch_max = std::max<int>(batch_max, batch.reports_size());
    ReportTrackingEventsResponse response;
    response.set_batch_id(batch.batch_id());
    for (const PieceReport& report : batch.reports()) {
      // Some reports of the batch are kept by then, and nobody is told.
      if (reports_until_cut >= 0 && reports_until_cut-- == 0) return {grpc::StatusCode::UNAVAILABLE, "cut"};
      *response.add_events() = Take(report);
    }
    stream->Write(response);
  }
  return grpc::Status::OK;
}

grpc::Status FakePostOffice::ListUnknownWords(grpc::ServerContext*, const ListUnknownWordsRequest* request,
                                              ListUnknownWordsResponse* response) {
  last_actor = request->actor();
  for (const UnknownWord& word : words) *response->add_words() = word;
  return grpc::Status::OK;
}

}  // namespace mynumber::mynumberctl
