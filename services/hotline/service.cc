#include "services/hotline/service.h"

#include "libs/serving/received_call.h"

namespace mynumber::hotline {
namespace {

constexpr const char* kService = v1::HotlineService::service_full_name();

}  // namespace

template <class Request, class Response>
void HotlineService::Receive(const char* name,
                             Reactor* (HotlineService::*method)(Context*, const Request*, Response*)) {
  MarkMethodCallback(serving::MethodIndex(kService, name),
                     serving::ReceivingHandler(context_, kService, name, this, method));
}

HotlineService::HotlineService(ServiceContext* context) : context_(context) {
  Receive("GetOpenLines", &HotlineService::GetOpenLines);
  Receive("GetCase", &HotlineService::GetCase);
  Receive("ListCases", &HotlineService::ListCases);
  Receive("OpenCase", &HotlineService::OpenCase);
  Receive("RecordPoliceReport", &HotlineService::RecordPoliceReport);
  Receive("AddNote", &HotlineService::AddNote);
  Receive("CloseCase", &HotlineService::CloseCase);
  Receive("LiftSuspension", &HotlineService::LiftSuspension);
  Receive("IdentifyCaller", &HotlineService::IdentifyCaller);
  Receive("SuspendCard", &HotlineService::SuspendCard);
}

}  // namespace mynumber::hotline
