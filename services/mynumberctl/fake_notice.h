#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_FAKE_NOTICE_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_FAKE_NOTICE_H_

#include <grpcpp/grpcpp.h>

#include <vector>

#include "mynumber/notice/v1/notice_service.grpc.pb.h"

namespace mynumber::mynumberctl {

// Answers what it was given, and keeps what it was asked.
class FakeNotice final : public notice::v1::NoticeService::Service {
 public:
  grpc::Status next_answer;  // not OK: the next call ends with it
  std::vector<notice::v1::Notice> notices;  // the first one is every unary call's answer
  std::vector<notice::v1::Work> work;
  notice::v1::ExplainNoticeResponse explanation;
  std::vector<notice::v1::WatchNoticesResponse> changes;

  notice::v1::ListNoticesRequest last_list;
  notice::v1::RenderNoticeRequest last_render;
  notice::v1::RequestResendRequest last_resend;
  notice::v1::RecordCounterHandoverRequest last_handover;
  notice::v1::MailAgainRequest last_mail_again;
  notice::v1::RecordDestructionRequest last_destruction;
  notice::v1::DisputeDeliveryRequest last_dispute;
  notice::v1::RecordInvestigationRequest last_investigation;
  notice::v1::ClaimWorkRequest last_claim;
  notice::v1::ResolveWorkRequest last_resolve;
  notice::v1::WatchNoticesRequest last_watch;

  grpc::Status GetNotice(grpc::ServerContext*, const notice::v1::GetNoticeRequest* request,
                         notice::v1::Notice* response) override;
  grpc::Status ListNotices(grpc::ServerContext*, const notice::v1::ListNoticesRequest* request,
                           notice::v1::ListNoticesResponse* response) override;
  grpc::Status ExplainNotice(grpc::ServerContext*, const notice::v1::ExplainNoticeRequest* request,
                             notice::v1::ExplainNoticeResponse* response) override;
  grpc::Status RenderNotice(grpc::ServerContext*, const notice::v1::RenderNoticeRequest* request,
                            notice::v1::RenderNoticeResponse* response) override;
  grpc::Status RequestResend(grpc::ServerContext*, const notice::v1::RequestResendRequest* request,
                             notice::v1::Notice* response) override {
    return Keep(*request, &last_resend, response);
  }
  grpc::Status RecordCounterHandover(grpc::ServerContext*, const notice::v1::RecordCounterHandoverRequest* request,
                                     notice::v1::Notice* response) override {
    return Keep(*request, &last_handover, response);
  }
  grpc::Status MailAgain(grpc::ServerContext*, const notice::v1::MailAgainRequest* request,
                         notice::v1::Notice* response) override {
    return Keep(*request, &last_mail_again, response);
  }
  grpc::Status RecordDestruction(grpc::ServerContext*, const notice::v1::RecordDestructionRequest* request,
                                 notice::v1::Notice* response) override {
    return Keep(*request, &last_destruction, response);
  }
  grpc::Status DisputeDelivery(grpc::ServerContext*, const notice::v1::DisputeDeliveryRequest* request,
                               notice::v1::Notice* response) override {
    return Keep(*request, &last_dispute, response);
  }
  grpc::Status RecordInvestigation(grpc::ServerContext*, const notice::v1::RecordInvestigationRequest* request,
                                   notice::v1::Notice* response) override {
    return Keep(*request, &last_investigation, response);
  }
  grpc::Status ListWork(grpc::ServerContext*, const notice::v1::ListWorkRequest* request,
                        notice::v1::ListWorkResponse* response) override;
  grpc::Status ClaimWork(grpc::ServerContext*, const notice::v1::ClaimWorkRequest* request,
                         notice::v1::Work* response) override;
  grpc::Status ResolveWork(grpc::ServerContext*, const notice::v1::ResolveWorkRequest* request,
                           notice::v1::Work* response) override;
  grpc::Status WatchNotices(grpc::ServerContext*, const notice::v1::WatchNoticesRequest* request,
                            grpc::ServerWriter<notice::v1::WatchNoticesResponse>* writer) override;

 private:
  template <typename Request>
  grpc::Status Keep(const Request& request, Request* last, notice::v1::Notice* response) {
    *last = request;
    return Answer(response);
  }
  grpc::Status Answer(notice::v1::Notice* response);
};

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_FAKE_NOTICE_H_
