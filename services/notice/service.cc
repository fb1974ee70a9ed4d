#include "services/notice/service.h"

#include "libs/serving/received_call.h"

namespace mynumber::notice {
namespace {

constexpr const char* kService = v1::NoticeService::service_full_name();
constexpr const char* kPostOffice = postoffice::v1::PostOfficeService::service_full_name();

int IndexOf(const char* method) { return serving::MethodIndex(kService, method); }
int IndexAtPostOffice(const char* method) { return serving::MethodIndex(kPostOffice, method); }

}  // namespace

template <class Request, class Response>
void NoticeService::Receive(const char* name, Reactor* (NoticeService::*method)(Context*, const Request*, Response*)) {
  MarkMethodCallback(IndexOf(name), serving::ReceivingHandler(context_, kService, name, this, method));
}

NoticeService::NoticeService(ServiceContext* context) : context_(context) {
  Receive("GetNotice", &NoticeService::GetNotice);
  Receive("ListNotices", &NoticeService::ListNotices);
  Receive("ExplainNotice", &NoticeService::ExplainNotice);
  Receive("RenderNotice", &NoticeService::RenderNotice);
  Receive("RequestResend", &NoticeService::RequestResend);
  Receive("RecordCounterHandover", &NoticeService::RecordCounterHandover);
  Receive("MailAgain", &NoticeService::MailAgain);
  Receive("RecordDestruction", &NoticeService::RecordDestruction);
  Receive("DisputeDelivery", &NoticeService::DisputeDelivery);
  Receive("RecordInvestigation", &NoticeService::RecordInvestigation);
  Receive("ListWork", &NoticeService::ListWork);
  Receive("ClaimWork", &NoticeService::ClaimWork);
  Receive("ResolveWork", &NoticeService::ResolveWork);
  MarkMethodCallback(IndexOf("WatchNotices"),
                     serving::ReceivingStreamHandler<v1::WatchNoticesRequest, v1::WatchNoticesResponse>(
                         context_, kService, "WatchNotices",
                         [this](Context* call, const rpc::Received<v1::WatchNoticesRequest>& received) {
                           return OpenWatch(call, received);
                         }));
}

template <class Request, class Response>
void PostOfficeService::Receive(const char* name,
                                Reactor* (PostOfficeService::*method)(Context*, const Request*, Response*)) {
  MarkMethodCallback(IndexAtPostOffice(name), serving::ReceivingHandler(context_, kPostOffice, name, this, method));
}

PostOfficeService::PostOfficeService(ServiceContext* context) : context_(context) {
  using postoffice::v1::GetManifestRequest;
  using postoffice::v1::GetManifestResponse;
  using postoffice::v1::ReportTrackingEventsRequest;
  using postoffice::v1::ReportTrackingEventsResponse;
  Receive("RegisterTrackingRange", &PostOfficeService::RegisterTrackingRange);
  Receive("ListUnknownWords", &PostOfficeService::ListUnknownWords);
  MarkMethodCallback(IndexAtPostOffice("GetManifest"),
                     serving::ReceivingStreamHandler<GetManifestRequest, GetManifestResponse>(
                         context_, kPostOffice, "GetManifest",
                         [this](Context* call, const rpc::Received<GetManifestRequest>& received) {
                           return OpenManifest(call, received);
                         }));
  MarkMethodCallback(IndexAtPostOffice("ReportTrackingEvents"),
                     serving::ReceivingBidiHandler<ReportTrackingEventsRequest, ReportTrackingEventsResponse>(
                         [this](Context* call) { return OpenReports(call); }));
}

}  // namespace mynumber::notice
