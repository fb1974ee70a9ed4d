#include "services/mynumberctl/fake_server.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/rpc/status_details.h"

namespace mynumber::mynumberctl {

namespace v1 = mynumber::issuance::v1;
namespace ops = mynumber::operations::v1;

namespace {

rpc::Problem MakeProblem(absl::StatusCode code, const std::string& reason, const std::string& sentence) {
  rpc::Problem problem;
  problem.code = code;
  problem.reason = reason;
  problem.domain = "issuance.mynumber";
  problem.sentence = sentence;
  return problem;
}

v1::Resident MakeResident(const v1::RegisterResidentRequest& request) {
  v1::Resident resident;
  const std::string& code = request.resident_record_code();
  resident.set_name(absl::StrCat("residents/", std::string(32 - code.size(), '0'), code));
  resident.set_state(v1::Resident::STATE_REGISTERED);
  resident.set_version(1);
  *resident.mutable_details() = request.details();
  resident.set_individual_number("9" + code);
  resident.set_masked_individual_number("********" + code.substr(std::max<size_t>(4, code.size()) - 4));
  resident.mutable_register_time()->set_seconds(1'459'468'800);  // 2016-04-01 09:00 in Japan
  resident.set_position("0@1.0");
  return resident;
}

}  // namespace

grpc::Status FakeRefusal(absl::StatusCode code, const std::string& reason, const std::string& sentence,
                         const std::string& field) {
  rpc::Problem problem = MakeProblem(code, reason, sentence);
  if (!field.empty()) problem.field_violations.push_back({field, sentence});
  return rpc::ToGrpc(rpc::ToStatus(problem));
}

std::vector<v1::RegisterResidentRequest> FakeIssuance::Received() const {
  std::lock_guard lock(mutex_);
  return received_;
}

std::map<std::string, v1::Resident> FakeIssuance::residents() const {
  std::lock_guard lock(mutex_);
  return residents_;
}

grpc::Status FakeIssuance::TakeNextAnswer() { return std::exchange(next_answer, grpc::Status::OK); }

const v1::Resident* FakeIssuance::Find(const std::string& name) const {
  for (const auto& [code, resident] : residents_) {
    if (resident.name() == name) return &resident;
  }
  return nullptr;
}

v1::RegisteredRow FakeIssuance::Register(const v1::RegisterResidentRequest& request) {
  std::lock_guard lock(mutex_);
  received_.push_back(request);
  v1::RegisteredRow row;
  if (rows_not_now > 0) {
    --rows_not_now;
    rpc::Problem problem = MakeProblem(absl::StatusCode::kResourceExhausted, "QUEUE_FULL", "the queue is full");
    problem.retry_millis = 1;
    *row.mutable_error() = rpc::ToRpc(rpc::ToStatus(problem));
    return row;
  }
  if (request.details().full_name().empty()) {
    *row.mutable_error() = rpc::ToRpc(rpc::ToStatus(MakeProblem(absl::StatusCode::kInvalidArgument, "NAME_EMPTY",
                                                                "full_name is empty: write the name as registered")));
    return row;
  }
  const v1::Resident& resident =
      residents_.try_emplace(request.resident_record_code(), MakeResident(request)).first->second;
  row.set_name(resident.name());
  row.set_version(resident.version());
  row.set_individual_number(resident.individual_number());
  row.set_masked_individual_number(resident.masked_individual_number());
  row.set_position(resident.position());
  return row;
}

grpc::Status FakeIssuance::RegisterResident(grpc::ServerContext*, const v1::RegisterResidentRequest* request,
                                            v1::Resident* response) {
  const grpc::Status answer = TakeNextAnswer();
  if (!answer.ok() && !do_it_though) return answer;
  const v1::RegisteredRow row = Register(*request);
  if (!answer.ok()) return answer;
  if (row.has_error()) return rpc::ToGrpc(rpc::FromRpc(row.error()));
  *response = residents().at(request->resident_record_code());
  return grpc::Status::OK;
}

grpc::Status FakeIssuance::RegisterResidents(
    grpc::ServerContext*,
    grpc::ServerReaderWriter<v1::RegisterResidentsResponse, v1::RegisterResidentsRequest>* stream) {
  v1::RegisterResidentsRequest batch;
  while (stream->Read(&batch)) {
    if (silent) continue;
    v1::RegisterResidentsResponse response;
    response.set_batch_id(batch.batch_id());
    for (const auto& row : batch.residents()) {
      // Some rows of the batch are registered by then, and nobody is told.
      if (rows_until_cut >= 0 && rows_until_cut-- == 0) return grpc::Status(grpc::StatusCode::UNAVAILABLE, "cut");
      *response.add_rows() = Register(row);
    }
    stream->Write(response);
  }
  return grpc::Status::OK;
}

grpc::Status FakeIssuance::GetResident(grpc::ServerContext*, const v1::GetResidentRequest* request,
                                       v1::Resident* response) {
  if (const grpc::Status answer = TakeNextAnswer(); !answer.ok()) return answer;
  std::lock_guard lock(mutex_);
  const v1::Resident* resident = Find(request->name());
  if (resident == nullptr) {
    return FakeRefusal(absl::StatusCode::kNotFound, "RESIDENT_UNKNOWN", "nobody has this name: check it");
  }
  *response = *resident;
  response->clear_individual_number();
  return grpc::Status::OK;
}

grpc::Status FakeIssuance::ListResidents(grpc::ServerContext*, const v1::ListResidentsRequest* request,
                                         v1::ListResidentsResponse* response) {
  std::lock_guard lock(mutex_);
  for (auto next = residents_.upper_bound(request->page_token());
       next != residents_.end() && response->residents_size() < request->page_size(); ++next) {
    *response->add_residents() = next->second;
    if (std::next(next) != residents_.end()) {
      response->set_next_page_token(next->first);
    } else {
      response->clear_next_page_token();
    }
  }
  return grpc::Status::OK;
}

grpc::Status FakeIssuance::RecordMove(grpc::ServerContext*, const v1::RecordMoveRequest* request,
                                      v1::RecordMoveResponse* response) {
  last_move = *request;
  std::lock_guard lock(mutex_);
  for (const std::string& name : request->names()) {
    auto* result = response->add_results();
    if (const v1::Resident* resident = Find(name)) {
      *result->mutable_resident() = *resident;
    } else {
      *result->mutable_error() = rpc::ToRpc(rpc::ToStatus(
          MakeProblem(absl::StatusCode::kNotFound, "RESIDENT_UNKNOWN", "nobody has this name: check it")));
    }
  }
  return grpc::Status::OK;
}

grpc::Status FakeIssuance::CorrectResident(grpc::ServerContext*, const v1::CorrectResidentRequest* request,
                                           v1::Resident* response) {
  last_correct = *request;
  response->set_name(request->name());
  *response->mutable_details() = request->details();
  return grpc::Status::OK;
}

grpc::Status FakeIssuance::ListErasures(grpc::ServerContext*, const v1::ListErasuresRequest* request,
                                        v1::ListErasuresResponse* response) {
  size_t at = static_cast<size_t>(std::atoi(request->page_token().c_str()));
  for (int i = 0; i < 2 && at < erasures.size(); ++i) *response->add_erasures() = erasures[at++];
  if (at < erasures.size()) response->set_next_page_token(std::to_string(at));
  return grpc::Status::OK;
}

grpc::Status FakeIssuance::ListAccessRecords(grpc::ServerContext*, const v1::ListAccessRecordsRequest* request,
                                             v1::ListAccessRecordsResponse* response) {
  last_access_records = *request;
  for (const auto& record : access_records) *response->add_access_records() = record;
  return grpc::Status::OK;
}

grpc::Status FakeIssuance::EraseAgain(grpc::ServerContext*, const v1::EraseAgainRequest* request,
                                      v1::EraseAgainResponse*) {
  if (request->record().signature() == "forged") {
    return FakeRefusal(absl::StatusCode::kInvalidArgument, "ERASURE_RECORD_NOT_OURS", "the record was changed");
  }
  erased_again.push_back(*request);
  for (const auto& known : erasures) {
    if (known.name() == request->record().name()) return grpc::Status::OK;
  }
  return FakeRefusal(absl::StatusCode::kNotFound, "RESIDENT_UNKNOWN", "nobody has this name: check it");
}

grpc::Status FakeIssuance::DiscloseNumber(grpc::ServerContext*, const v1::DiscloseNumberRequest* request,
                                          v1::DiscloseNumberResponse* response) {
  if (const grpc::Status answer = TakeNextAnswer(); !answer.ok()) return answer;
  last_disclose = *request;
  response->set_name(request->name());
  response->set_individual_number("123456789018");
  return grpc::Status::OK;
}

grpc::Status FakeIssuance::FindResidentByNumber(grpc::ServerContext*, const v1::FindResidentByNumberRequest* request,
                                                v1::FindResidentByNumberResponse* response) {
  last_find_by_number = *request;
  response->mutable_resident()->set_name("residents/00000000000000000000000000000001");
  response->set_former(true);
  return grpc::Status::OK;
}

grpc::Status FakeIssuance::ValidateNumbers(
    grpc::ServerContext*, grpc::ServerReaderWriter<v1::ValidateNumbersResponse, v1::ValidateNumbersRequest>* stream) {
  v1::ValidateNumbersRequest request;
  while (stream->Read(&request)) {
    if (const grpc::Status answer = TakeNextAnswer(); !answer.ok()) return answer;
    v1::ValidateNumbersResponse response;
    for (const std::string& number : request.individual_numbers()) {
      response.add_verdicts(number == "123456789018" ? v1::ValidateNumbersResponse::VERDICT_ISSUED
                            : number.size() == 12    ? v1::ValidateNumbersResponse::VERDICT_WRONG_CHECK_DIGIT
                                                     : v1::ValidateNumbersResponse::VERDICT_WRONG_LENGTH);
    }
    stream->Write(response);
  }
  return grpc::Status::OK;
}

grpc::Status FakeIssuance::GetOutcome(grpc::ServerContext*, const v1::GetOutcomeRequest* request,
                                      v1::GetOutcomeResponse* response) {
  response->set_outcome(v1::GetOutcomeResponse::OUTCOME_NOT_ACCEPTED);
  for (const auto& received : Received()) {
    if (received.request_id() != request->request_id()) continue;
    response->set_outcome(v1::GetOutcomeResponse::OUTCOME_ACCEPTED);
    *response->add_residents() = residents().at(received.resident_record_code());
  }
  return grpc::Status::OK;
}

grpc::Status FakeOperations::GetStatus(grpc::ServerContext*, const ops::GetStatusRequest*,
                                       ops::GetStatusResponse* response) {
  *response = status;
  return grpc::Status::OK;
}

grpc::Status FakeOperations::Verify(grpc::ServerContext*, const ops::VerifyRequest*,
                                    grpc::ServerWriter<ops::VerifyResponse>* writer) {
  for (const auto& step : verify) writer->Write(step);
  return grpc::Status::OK;
}

grpc::Status FakeOperations::ExportLog(grpc::ServerContext*, const ops::ExportLogRequest* request,
                                       grpc::ServerWriter<ops::ExportLogResponse>* writer) {
  for (const auto& entry : log[request->partition()]) writer->Write(entry);
  return grpc::Status::OK;
}

FakeServer::FakeServer(const std::vector<grpc::Service*>& services, int port) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort(absl::StrCat("127.0.0.1:", port), grpc::InsecureServerCredentials(), &port_);
  for (grpc::Service* service : services) builder.RegisterService(service);
  server_ = builder.BuildAndStart();
}

FakeServer::~FakeServer() { server_->Shutdown(std::chrono::system_clock::now()); }

}  // namespace mynumber::mynumberctl
