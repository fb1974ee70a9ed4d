#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_FAKE_CARD_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_FAKE_CARD_H_

#include <grpcpp/grpcpp.h>

#include <string>

#include "mynumber/card/v1/card_service.grpc.pb.h"

namespace mynumber::mynumberctl {

// Answers what it was given, and keeps what it was asked last.
class FakeCard final : public card::v1::CardService::Service {
 public:
  card::v1::Application application;
  card::v1::Card card;
  card::v1::CardStatus status;
  card::v1::GetApplicationStatusResponse public_answer;
  card::v1::StartReviewResponse review;
  card::v1::GetProductionBatchResponse batch;
  card::v1::ReportProductionResponse report;
  card::v1::SuspendCardResponse suspension;
  card::v1::ListDeadlinesResponse deadlines;

  // What the last call asked; empty if that was another call.
  template <class Request>
  Request Last() const {
    Request request;
    if (last_type_ == Request::descriptor()->full_name()) (void)request.ParseFromString(last_);
    return request;
  }

  grpc::Status StartApplication(grpc::ServerContext*, const card::v1::StartApplicationRequest* request,
                                card::v1::Application* response) override {
    return Answer(*request, application, response);
  }
  grpc::Status ConfirmEmail(grpc::ServerContext*, const card::v1::ConfirmEmailRequest* request,
                            card::v1::Application* response) override {
    return Answer(*request, application, response);
  }
  grpc::Status SubmitApplication(grpc::ServerContext*, const card::v1::SubmitApplicationRequest* request,
                                 card::v1::Application* response) override {
    return Answer(*request, application, response);
  }
  grpc::Status RecordMailedApplication(grpc::ServerContext*, const card::v1::RecordMailedApplicationRequest* request,
                                       card::v1::Application* response) override {
    return Answer(*request, application, response);
  }
  grpc::Status WithdrawApplication(grpc::ServerContext*, const card::v1::WithdrawApplicationRequest* request,
                                   card::v1::Application* response) override {
    return Answer(*request, application, response);
  }
  grpc::Status ReviewPhoto(grpc::ServerContext*, const card::v1::ReviewPhotoRequest* request,
                           card::v1::Application* response) override {
    return Answer(*request, application, response);
  }
  grpc::Status GetApplication(grpc::ServerContext*, const card::v1::GetApplicationRequest* request,
                              card::v1::Application* response) override {
    return Answer(*request, application, response);
  }
  grpc::Status GetApplicationStatus(grpc::ServerContext*, const card::v1::GetApplicationStatusRequest* request,
                                    card::v1::GetApplicationStatusResponse* response) override {
    return Answer(*request, public_answer, response);
  }
  grpc::Status StartReview(grpc::ServerContext*, const card::v1::StartReviewRequest* request,
                           card::v1::StartReviewResponse* response) override {
    return Answer(*request, review, response);
  }
  grpc::Status ReportProduction(grpc::ServerContext*, const card::v1::ReportProductionRequest* request,
                                card::v1::ReportProductionResponse* response) override {
    return Answer(*request, report, response);
  }
  grpc::Status RecordArrival(grpc::ServerContext*, const card::v1::RecordArrivalRequest* request,
                             card::v1::Card* response) override {
    return Answer(*request, this->card, response);
  }
  grpc::Status SetUpCard(grpc::ServerContext*, const card::v1::SetUpCardRequest* request,
                         card::v1::Card* response) override {
    return Answer(*request, this->card, response);
  }
  grpc::Status SendIssueNotice(grpc::ServerContext*, const card::v1::SendIssueNoticeRequest* request,
                               card::v1::Card* response) override {
    return Answer(*request, this->card, response);
  }
  grpc::Status IssueCard(grpc::ServerContext*, const card::v1::IssueCardRequest* request,
                         card::v1::Card* response) override {
    return Answer(*request, this->card, response);
  }
  grpc::Status GetCard(grpc::ServerContext*, const card::v1::GetCardRequest* request,
                       card::v1::Card* response) override {
    return Answer(*request, this->card, response);
  }
  grpc::Status LiftSuspension(grpc::ServerContext*, const card::v1::LiftSuspensionRequest* request,
                              card::v1::Card* response) override {
    return Answer(*request, this->card, response);
  }
  grpc::Status GetCardStatus(grpc::ServerContext*, const card::v1::GetCardStatusRequest* request,
                             card::v1::CardStatus* response) override {
    return Answer(*request, status, response);
  }
  grpc::Status SuspendCard(grpc::ServerContext*, const card::v1::SuspendCardRequest* request,
                           card::v1::SuspendCardResponse* response) override {
    return Answer(*request, suspension, response);
  }
  grpc::Status ListDeadlines(grpc::ServerContext*, const card::v1::ListDeadlinesRequest* request,
                             card::v1::ListDeadlinesResponse* response) override {
    return Answer(*request, deadlines, response);
  }
  grpc::Status ListApplications(grpc::ServerContext*, const card::v1::ListApplicationsRequest* request,
                                card::v1::ListApplicationsResponse* response) override {
    *response->add_applications() = application;
    return Keep(*request);
  }
  grpc::Status ListCards(grpc::ServerContext*, const card::v1::ListCardsRequest* request,
                         card::v1::ListCardsResponse* response) override {
    *response->add_cards() = card;
    return Keep(*request);
  }
  grpc::Status GetProductionBatch(grpc::ServerContext*, const card::v1::GetProductionBatchRequest* request,
                                  grpc::ServerWriter<card::v1::GetProductionBatchResponse>* writer) override {
    writer->Write(batch);
    return Keep(*request);
  }

 private:
  template <class Request>
  grpc::Status Keep(const Request& request) {
    last_type_ = Request::descriptor()->full_name();
    last_ = request.SerializeAsString();
    return grpc::Status::OK;
  }
  template <class Request, class Response>
  grpc::Status Answer(const Request& request, const Response& given, Response* response) {
    *response = given;
    return Keep(request);
  }

  std::string last_type_;
  std::string last_;
};

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_FAKE_CARD_H_
