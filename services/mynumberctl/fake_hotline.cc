#include "services/mynumberctl/fake_hotline.h"

#include <utility>

namespace mynumber::mynumberctl {
namespace {

template <typename Request, typename Response>
grpc::Status Keep(const Request& request, Request* last, const Response& given, Response* response,
                  grpc::Status* next_answer) {
  *last = request;
  if (!next_answer->ok()) return std::exchange(*next_answer, grpc::Status::OK);
  *response = given;
  return grpc::Status::OK;
}

}  // namespace

using namespace hotline::v1;

grpc::Status FakeHotline::OpenCase(grpc::ServerContext*, const OpenCaseRequest* request, Case* response) {
  return Keep(*request, &last_open, shown, response, &next_answer);
}
grpc::Status FakeHotline::IdentifyCaller(grpc::ServerContext*, const IdentifyCallerRequest* request,
                                         IdentifyCallerResponse* response) {
  return Keep(*request, &last_identify, identification, response, &next_answer);
}
grpc::Status FakeHotline::SuspendCard(grpc::ServerContext*, const SuspendCardRequest* request,
                                      SuspendCardResponse* response) {
  return Keep(*request, &last_suspend, suspension, response, &next_answer);
}
grpc::Status FakeHotline::RecordPoliceReport(grpc::ServerContext*, const RecordPoliceReportRequest* request,
                                             Case* response) {
  return Keep(*request, &last_police_report, shown, response, &next_answer);
}
grpc::Status FakeHotline::AddNote(grpc::ServerContext*, const AddNoteRequest* request, Case* response) {
  return Keep(*request, &last_note, shown, response, &next_answer);
}
grpc::Status FakeHotline::CloseCase(grpc::ServerContext*, const CloseCaseRequest* request, Case* response) {
  return Keep(*request, &last_close, shown, response, &next_answer);
}
grpc::Status FakeHotline::GetCase(grpc::ServerContext*, const GetCaseRequest* request, Case* response) {
  return Keep(*request, &last_get, shown, response, &next_answer);
}
grpc::Status FakeHotline::ListCases(grpc::ServerContext*, const ListCasesRequest* request,
                                    ListCasesResponse* response) {
  last_list = *request;
  *response->add_cases() = shown;
  return grpc::Status::OK;
}
grpc::Status FakeHotline::GetOpenLines(grpc::ServerContext*, const GetOpenLinesRequest* request,
                                       GetOpenLinesResponse* response) {
  return Keep(*request, &last_lines, lines, response, &next_answer);
}

}  // namespace mynumber::mynumberctl
