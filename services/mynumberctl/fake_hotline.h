#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_FAKE_HOTLINE_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_FAKE_HOTLINE_H_

#include <grpcpp/grpcpp.h>

#include "mynumber/hotline/v1/hotline_service.grpc.pb.h"

namespace mynumber::mynumberctl {

// Answers what it was given, and keeps what it was asked.
class FakeHotline final : public hotline::v1::HotlineService::Service {
 public:
  grpc::Status next_answer;  // not OK: the next call ends with it
  hotline::v1::Case shown;
  hotline::v1::IdentifyCallerResponse identification;
  hotline::v1::SuspendCardResponse suspension;
  hotline::v1::GetOpenLinesResponse lines;

  hotline::v1::OpenCaseRequest last_open;
  hotline::v1::IdentifyCallerRequest last_identify;
  hotline::v1::SuspendCardRequest last_suspend;
  hotline::v1::RecordPoliceReportRequest last_police_report;
  hotline::v1::AddNoteRequest last_note;
  hotline::v1::CloseCaseRequest last_close;
  hotline::v1::GetCaseRequest last_get;
  hotline::v1::ListCasesRequest last_list;
  hotline::v1::GetOpenLinesRequest last_lines;

  grpc::Status OpenCase(grpc::ServerContext*, const hotline::v1::OpenCaseRequest* request,
                        hotline::v1::Case* response) override;
  grpc::Status IdentifyCaller(grpc::ServerContext*, const hotline::v1::IdentifyCallerRequest* request,
                              hotline::v1::IdentifyCallerResponse* response) override;
  grpc::Status SuspendCard(grpc::ServerContext*, const hotline::v1::SuspendCardRequest* request,
                           hotline::v1::SuspendCardResponse* response) override;
  grpc::Status RecordPoliceReport(grpc::ServerContext*, const hotline::v1::RecordPoliceReportRequest* request,
                                  hotline::v1::Case* response) override;
  grpc::Status AddNote(grpc::ServerContext*, const hotline::v1::AddNoteRequest* request,
                       hotline::v1::Case* response) override;
  grpc::Status CloseCase(grpc::ServerContext*, const hotline::v1::CloseCaseRequest* request,
                         hotline::v1::Case* response) override;
  grpc::Status GetCase(grpc::ServerContext*, const hotline::v1::GetCaseRequest* request,
                       hotline::v1::Case* response) override;
  grpc::Status ListCases(grpc::ServerContext*, const hotline::v1::ListCasesRequest* request,
                         hotline::v1::ListCasesResponse* response) override;
  grpc::Status GetOpenLines(grpc::ServerContext*, const hotline::v1::GetOpenLinesRequest* request,
                            hotline::v1::GetOpenLinesResponse* response) override;
};

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_FAKE_HOTLINE_H_
