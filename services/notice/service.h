#ifndef MYNUMBER_SERVICES_NOTICE_SERVICE_H_
#define MYNUMBER_SERVICES_NOTICE_SERVICE_H_

#include "libs/rpc/received.h"
#include "mynumber/notice/v1/notice_service.grpc.pb.h"
#include "mynumber/postoffice/v1/postoffice_service.grpc.pb.h"
#include "services/notice/service_context.h"

namespace mynumber::notice {

// mynumber.notice.v1, for municipalities: request -> command, row -> response. Handlers never block: commands wait in
// their partition, longer reads and drawing run on workers. Spread over service_writes.cc, service_render.cc,
// service_reads.cc and service_watch.cc.
class NoticeService final : public v1::NoticeService::CallbackService {
 public:
  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  explicit NoticeService(ServiceContext* context);

  Reactor* GetNotice(Context*, const v1::GetNoticeRequest*, v1::Notice*) override;
  Reactor* ListNotices(Context*, const v1::ListNoticesRequest*, v1::ListNoticesResponse*) override;
  Reactor* ExplainNotice(Context*, const v1::ExplainNoticeRequest*, v1::ExplainNoticeResponse*) override;

  Reactor* RenderNotice(Context*, const v1::RenderNoticeRequest*, v1::RenderNoticeResponse*) override;
  Reactor* RequestResend(Context*, const v1::RequestResendRequest*, v1::Notice*) override;
  Reactor* RecordCounterHandover(Context*, const v1::RecordCounterHandoverRequest*, v1::Notice*) override;
  Reactor* MailAgain(Context*, const v1::MailAgainRequest*, v1::Notice*) override;
  Reactor* RecordDestruction(Context*, const v1::RecordDestructionRequest*, v1::Notice*) override;
  Reactor* DisputeDelivery(Context*, const v1::DisputeDeliveryRequest*, v1::Notice*) override;
  Reactor* RecordInvestigation(Context*, const v1::RecordInvestigationRequest*, v1::Notice*) override;

  Reactor* ListWork(Context*, const v1::ListWorkRequest*, v1::ListWorkResponse*) override;
  Reactor* ClaimWork(Context*, const v1::ClaimWorkRequest*, v1::Work*) override;
  Reactor* ResolveWork(Context*, const v1::ResolveWorkRequest*, v1::Work*) override;

  grpc::ServerWriteReactor<v1::WatchNoticesResponse>* OpenWatch(Context*,
                                                                const rpc::Received<v1::WatchNoticesRequest>&);

 private:
  template <class Request, class Response>
  void Receive(const char* name, Reactor* (NoticeService::*method)(Context*, const Request*, Response*));

  ServiceContext* context_;
};

// mynumber.postoffice.v1: service_manifest.cc, service_reports.cc.
class PostOfficeService final : public postoffice::v1::PostOfficeService::CallbackService {
 public:
  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  explicit PostOfficeService(ServiceContext* context);

  Reactor* RegisterTrackingRange(Context*, const postoffice::v1::RegisterTrackingRangeRequest*,
                                 postoffice::v1::RegisterTrackingRangeResponse*) override;
  Reactor* ListUnknownWords(Context*, const postoffice::v1::ListUnknownWordsRequest*,
                            postoffice::v1::ListUnknownWordsResponse*) override;
  grpc::ServerWriteReactor<postoffice::v1::GetManifestResponse>* OpenManifest(
      Context*, const rpc::Received<postoffice::v1::GetManifestRequest>&);
  grpc::ServerBidiReactor<rpc::Received<postoffice::v1::ReportTrackingEventsRequest>,
                          postoffice::v1::ReportTrackingEventsResponse>*
  OpenReports(Context*);

 private:
  template <class Request, class Response>
  void Receive(const char* name, Reactor* (PostOfficeService::*method)(Context*, const Request*, Response*));

  ServiceContext* context_;
};

}  // namespace mynumber::notice

#endif  // MYNUMBER_SERVICES_NOTICE_SERVICE_H_
