#include "libs/operations/operations_service.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/time_util.h"
#include "libs/identifiers/request_id.h"
#include "libs/rpc/problem.h"
#include "libs/rpc/status_details.h"

namespace mynumber::operations {
namespace {

using eventsourcing::Ownership;

const char* PhaseName(Ownership::Phase phase) {
  switch (phase) {
    case Ownership::Phase::kReading:
      return "reading";
    case Ownership::Phase::kClaiming:
    case Ownership::Phase::kReadingClaim:
      return "claiming";
    case Ownership::Phase::kServing:
    case Ownership::Phase::kReadingGap:
      return "serving";
    case Ownership::Phase::kWaiting:
      return "waiting";
    case Ownership::Phase::kStopped:
      return "stopped";
  }
  return "";
}

grpc::Status Refuse(absl::StatusCode code, std::string reason, std::string sentence) {
  rpc::Problem problem;
  problem.code = code;
  problem.reason = std::move(reason);
  problem.domain = "operations.mynumber";
  problem.sentence = std::move(sentence);
  return rpc::ToGrpc(rpc::ToStatus(problem));
}

// Repeats nothing of what was asked for: it may be anything.
grpc::Status ServiceUnknown() {
  return Refuse(absl::StatusCode::kNotFound, "SERVICE_UNKNOWN",
                "no service of that name runs in this process: name one that GetStatus lists");
}

grpc::Status KeysUnreadable(eventsourcing::Offset offset) {
  return Refuse(absl::StatusCode::kDataLoss, "KEYS_UNREADABLE",
                absl::StrCat("the data keys of the batch at offset ", offset,
                             " cannot be read: restore the log from a copy"));
}

// What an import ends with (log_copy/log_import.h).
grpc::Status ImportProblem(const absl::Status& status) {
  const std::string sentence(status.message());
  switch (status.code()) {
    case absl::StatusCode::kDataLoss:
      return Refuse(status.code(), "EXPORT_DAMAGED", sentence);
    case absl::StatusCode::kNotFound:
      return Refuse(absl::StatusCode::kFailedPrecondition, "KEYRING_DIFFERS", sentence);
    case absl::StatusCode::kAlreadyExists:
      return Refuse(status.code(), "LOG_NOT_EMPTY", sentence);
    case absl::StatusCode::kFailedPrecondition:
      return Refuse(status.code(), "IMPORT_REFUSED", sentence);
    case absl::StatusCode::kAborted:
      return Refuse(status.code(), "LOG_WRITTEN_BY_ANOTHER", sentence);
    default:
      return rpc::ToGrpc(status);
  }
}

void Fill(const log_copy::ImportedPartition& done, v1::ImportLogResponse::Partition* out) {
  out->set_partition(done.end.partition());
  out->set_found_records(done.found_records);
  out->set_written_records(done.written_records);
  out->set_void_records(done.end.void_records());
  out->set_further_records(done.further_records);
  out->set_sequence(done.end.sequence());
  out->set_running_hash(done.end.running_hash());
}

std::string Uuid(const std::string& bytes) {
  identifiers::RequestId id{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), id.size()), id.begin());
  return identifiers::FormatRequestId(id);
}

void Fill(const runtime::PartitionSnapshot& seen, v1::PartitionStatus* out) {
  out->set_phase(seen.rests ? "resting" : PhaseName(seen.phase));
  out->set_stopped(std::string(seen.stopped.message()));
  out->set_sequence(seen.head.sequence());
  out->set_offset(seen.head.offset());
  out->set_running_hash(seen.head.running_hash());
  out->set_waiting_commands(seen.waiting);
  out->set_target_offset(seen.target);
  out->set_void_records(seen.counts.void_records);
  out->set_claims(seen.counts.claims);
  out->set_owner_instance(seen.head.owner_instance());
  if (seen.reacts_no_more()) out->set_reactions_stopped(std::string(seen.input_trouble.message()));
}

}  // namespace

const OperatedService* OperationsService::Find(const std::string& name) const {
  for (const OperatedService& service : services_) {
    if (service.name == name) return &service;
  }
  return nullptr;
}

grpc::Status OperationsService::Admitted(const grpc::ServerContextBase& call, const char* method) const {
  return admit_ ? rpc::ToGrpc(admit_(call, method)) : grpc::Status::OK;
}

grpc::Status OperationsService::GetStatus(grpc::ServerContext* context, const v1::GetStatusRequest*,
                                          v1::GetStatusResponse* response) {
  if (const grpc::Status admitted = Admitted(*context, "GetStatus"); !admitted.ok()) return admitted;
  for (const OperatedService& service : services_) {
    for (uint32_t p = 0; p < service.partition_count; ++p) {
      v1::PartitionStatus* status = response->add_partitions();
      status->set_service(service.name);
      status->set_partition(p);
      Fill(service.snapshot(p), status);
    }
  }
  return grpc::Status::OK;
}

grpc::Status OperationsService::ExportLog(grpc::ServerContext* context, const v1::ExportLogRequest* request,
                                          grpc::ServerWriter<v1::ExportLogResponse>* writer) {
  if (const grpc::Status admitted = Admitted(*context, "ExportLog"); !admitted.ok()) return admitted;
  const OperatedService* service = Find(request->service());
  if (service == nullptr) return ServiceUnknown();
  if (request->partition() >= service->partition_count || request->from_offset() < 0) {
    return Refuse(absl::StatusCode::kInvalidArgument, "PARTITION_UNKNOWN",
                  absl::StrCat("there are the partitions 0 to ", service->partition_count - 1, ", from offset 0"));
  }
  auto log = service->open_log(request->partition());
  auto end = log->End();
  if (!end.ok()) return rpc::ToGrpc(end.status());
  v1::ExportLogResponse response;
  response.set_end_offset(*end);
  for (eventsourcing::Offset next = request->from_offset(); next < *end;) {
    auto records = log->Read(next, 1 << 20);
    if (!records.ok()) return rpc::ToGrpc(records.status());
    for (eventsourcing::LogRecord& entry : *records) {
      next = entry.offset + 1;
      if (entry.offset >= *end) break;
      response.set_offset(entry.offset);
      response.clear_key_block();
      eventlog::v1::Record record;
      if (record.ParseFromString(entry.bytes) && record.has_batch()) {
        auto keys = log->ReadKeyBlock({record.batch().claim_id(), record.batch().claim_sequence()});
        if (!keys.ok() && !absl::IsNotFound(keys.status())) return rpc::ToGrpc(keys.status());
        if (keys.ok() && !response.mutable_key_block()->ParseFromString(*keys)) return KeysUnreadable(entry.offset);
      }
      response.set_record(std::move(entry.bytes));
      if (!writer->Write(response)) return grpc::Status::CANCELLED;
    }
    if (context->IsCancelled()) return grpc::Status::CANCELLED;
  }
  return grpc::Status::OK;
}

grpc::Status OperationsService::ImportLog(grpc::ServerContext* context,
                                          grpc::ServerReader<v1::ImportLogRequest>* reader,
                                          v1::ImportLogResponse* response) {
  if (const grpc::Status admitted = Admitted(*context, "ImportLog"); !admitted.ok()) return admitted;
  v1::ImportLogRequest request;
  if (!reader->Read(&request)) return ImportProblem(absl::DataLossError("the export is empty"));
  const OperatedService* service = Find(request.item().header().service());
  if (service == nullptr) return ServiceUnknown();
  if (importing_.exchange(true)) {
    return Refuse(absl::StatusCode::kResourceExhausted, "IMPORTING_ALREADY",
                  "another import is running: run this one again when it has ended, it compares what is there");
  }
  log_copy::LogImport import(&service->import_target);
  absl::Status status;
  do {
    status = import.Take(request.item());
  } while (status.ok() && reader->Read(&request));
  if (status.ok() && context->IsCancelled()) status = absl::CancelledError("the caller has gone");
  if (status.ok()) status = import.Finish();
  importing_ = false;
  if (!status.ok()) return ImportProblem(status);
  for (const auto& partition : import.partitions()) Fill(partition, response->add_partitions());
  return grpc::Status::OK;
}

grpc::Status OperationsService::Verify(grpc::ServerContext* context, const v1::VerifyRequest* request,
                                       grpc::ServerWriter<v1::VerifyResponse>* writer) {
  if (const grpc::Status admitted = Admitted(*context, "Verify"); !admitted.ok()) return admitted;
  const OperatedService* service = Find(request->service());
  if (service == nullptr) return ServiceUnknown();
  if (verifying_.exchange(true)) {
    return Refuse(absl::StatusCode::kResourceExhausted, "VERIFYING_ALREADY",
                  "another verification is running: ask again when it has ended");
  }
  const auto start = std::chrono::steady_clock::now();
  v1::VerifyReport report;
  v1::VerifyResponse response;
  const absl::Status status = service->verify(
      [&](const v1::VerifyProgress& progress) {
        *response.mutable_progress() = progress;
        return writer->Write(response) && !context->IsCancelled();
      },
      &report);
  verifying_ = false;
  if (!status.ok()) return rpc::ToGrpc(status);
  report.set_seconds(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  *response.mutable_report() = std::move(report);
  writer->Write(response);
  return grpc::Status::OK;
}

grpc::Status OperationsService::GetCheckpoints(grpc::ServerContext* context, const v1::GetCheckpointsRequest*,
                                               v1::GetCheckpointsResponse* response) {
  if (const grpc::Status admitted = Admitted(*context, "GetCheckpoints"); !admitted.ok()) return admitted;
  for (const OperatedService& service : services_) {
    for (uint32_t p = 0; sign_ && p < service.partition_count; ++p) {
      // What others own may be read here from a tail that is lost yet.
      const runtime::PartitionSnapshot seen = service.snapshot(p);
      if (!seen.serving()) continue;
      eventlog::v1::Checkpoint* checkpoint = response->add_checkpoints();
      checkpoint->set_service(service.name);
      checkpoint->set_partition(p);
      checkpoint->set_sequence(seen.head.sequence());
      checkpoint->set_running_hash(seen.head.running_hash());
      sign_(checkpoint);
    }
  }
  return grpc::Status::OK;
}

grpc::Status OperationsService::ListLostAnswers(grpc::ServerContext* context,
                                                const v1::ListLostAnswersRequest* request,
                                                grpc::ServerWriter<v1::ListLostAnswersResponse>* writer) {
  if (const grpc::Status admitted = Admitted(*context, "ListLostAnswers"); !admitted.ok()) return admitted;
  const OperatedService* service = Find(request->service());
  if (service == nullptr) return ServiceUnknown();
  for (uint32_t p = 0; p < service->partition_count; ++p) {
    if (service->snapshot(p).serving()) continue;
    return Refuse(absl::StatusCode::kUnavailable, "PARTITION_NOT_SERVING",
                  absl::StrCat("partition ", p, " does not serve, so its rows cannot be compared: ask again when "
                               "GetStatus says that it serves"));
  }
  for (uint32_t p = 0; p < service->partition_count; ++p) {
    const absl::Status status = service->lost_answers(p, [&](const std::string& folder, const LostAnswer& lost) {
      v1::ListLostAnswersResponse response;
      response.set_partition(p);
      response.set_rows_aside(folder);
      response.set_request_id(Uuid(lost.request_id));
      response.set_name(absl::StrCat(service->collection, "/", absl::BytesToHexString(lost.subject)));
      *response.mutable_time() = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(lost.time_micros);
      response.set_sequence(lost.sequence);
      response.set_index(lost.index);
      return writer->Write(response) && !context->IsCancelled();
    });
    if (!status.ok()) return rpc::ToGrpc(status);
  }
  return grpc::Status::OK;
}

}  // namespace mynumber::operations
