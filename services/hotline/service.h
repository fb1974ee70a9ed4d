#ifndef MYNUMBER_SERVICES_HOTLINE_SERVICE_H_
#define MYNUMBER_SERVICES_HOTLINE_SERVICE_H_

#include "libs/rpc/received.h"
#include "mynumber/hotline/v1/hotline_service.grpc.pb.h"
#include "services/hotline/service_context.h"

namespace mynumber::hotline {

// mynumber.hotline.v1: request -> command, row -> response, and what the card service is asked. Handlers never block.
// Spread over service_writes.cc, service_identify.cc, service_suspend.cc and service_reads.cc.
class HotlineService final : public v1::HotlineService::CallbackService {
 public:
  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  explicit HotlineService(ServiceContext* context);

  Reactor* GetOpenLines(Context*, const v1::GetOpenLinesRequest*, v1::GetOpenLinesResponse*) override;
  Reactor* GetCase(Context*, const v1::GetCaseRequest*, v1::Case*) override;
  Reactor* ListCases(Context*, const v1::ListCasesRequest*, v1::ListCasesResponse*) override;

  Reactor* OpenCase(Context*, const v1::OpenCaseRequest*, v1::Case*) override;
  Reactor* RecordPoliceReport(Context*, const v1::RecordPoliceReportRequest*, v1::Case*) override;
  Reactor* AddNote(Context*, const v1::AddNoteRequest*, v1::Case*) override;
  Reactor* CloseCase(Context*, const v1::CloseCaseRequest*, v1::Case*) override;
  Reactor* LiftSuspension(Context*, const v1::LiftSuspensionRequest*, v1::LiftSuspensionResponse*) override;

  Reactor* IdentifyCaller(Context*, const v1::IdentifyCallerRequest*, v1::IdentifyCallerResponse*) override;
  Reactor* SuspendCard(Context*, const v1::SuspendCardRequest*, v1::SuspendCardResponse*) override;

 private:
  template <class Request, class Response>
  void Receive(const char* name, Reactor* (HotlineService::*method)(Context*, const Request*, Response*));

  ServiceContext* context_;
};

}  // namespace mynumber::hotline

#endif  // MYNUMBER_SERVICES_HOTLINE_SERVICE_H_
