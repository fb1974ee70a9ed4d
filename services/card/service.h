#ifndef MYNUMBER_SERVICES_CARD_SERVICE_H_
#define MYNUMBER_SERVICES_CARD_SERVICE_H_

#include "libs/rpc/received.h"
#include "mynumber/card/v1/card_service.grpc.pb.h"
#include "services/card/service_context.h"

namespace mynumber::rpc {

// A photograph of 7 MiB, and what goes with it.
inline constexpr size_t kPhotoRequestBytesMax = 8 << 20;
template <>
inline constexpr size_t kBytesMaxOf<card::v1::SubmitApplicationRequest> = kPhotoRequestBytesMax;
template <>
inline constexpr size_t kBytesMaxOf<card::v1::RecordMailedApplicationRequest> = kPhotoRequestBytesMax;
template <>
inline constexpr size_t kBytesMaxOf<card::v1::RenewRequest> = kPhotoRequestBytesMax;
template <>
inline constexpr size_t kBytesMaxOf<card::v1::ReissueRequest> = kPhotoRequestBytesMax;

}  // namespace mynumber::rpc

namespace mynumber::card {

// mynumber.card.v1: request -> command, row -> response. Handlers never block: commands wait in their partition, longer
// reads run on workers, and photographs are judged by threads of their own. Spread over service_*.cc by subject.
class CardService final : public v1::CardService::CallbackService {
 public:
  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  explicit CardService(ServiceContext* context);

  // service_applications.cc
  Reactor* StartApplication(Context*, const v1::StartApplicationRequest*, v1::Application*) override;
  Reactor* ConfirmEmail(Context*, const v1::ConfirmEmailRequest*, v1::Application*) override;
  Reactor* WithdrawApplication(Context*, const v1::WithdrawApplicationRequest*, v1::Application*) override;
  Reactor* StartReview(Context*, const v1::StartReviewRequest*, v1::StartReviewResponse*) override;
  Reactor* ReviewPhoto(Context*, const v1::ReviewPhotoRequest*, v1::Application*) override;

  // service_submissions.cc: with a photograph.
  Reactor* SubmitApplication(Context*, const v1::SubmitApplicationRequest*, v1::Application*) override;
  Reactor* RecordMailedApplication(Context*, const v1::RecordMailedApplicationRequest*, v1::Application*) override;
  Reactor* Renew(Context*, const v1::RenewRequest*, v1::Application*) override;
  Reactor* Reissue(Context*, const v1::ReissueRequest*, v1::Application*) override;

  // service_status.cc
  Reactor* GetApplicationStatus(Context*, const v1::GetApplicationStatusRequest*,
                                v1::GetApplicationStatusResponse*) override;
  Reactor* GetApplication(Context*, const v1::GetApplicationRequest*, v1::Application*) override;

  // service_production.cc
  grpc::ServerWriteReactor<v1::GetProductionBatchResponse>* OpenBatch(
      Context*, const rpc::Received<v1::GetProductionBatchRequest>&);
  Reactor* ReportProduction(Context*, const v1::ReportProductionRequest*, v1::ReportProductionResponse*) override;

  // service_counter.cc
  Reactor* RecordArrival(Context*, const v1::RecordArrivalRequest*, v1::Card*) override;
  Reactor* SetUpCard(Context*, const v1::SetUpCardRequest*, v1::Card*) override;
  Reactor* SendIssueNotice(Context*, const v1::SendIssueNoticeRequest*, v1::Card*) override;
  Reactor* RemindOfPickUp(Context*, const v1::RemindOfPickUpRequest*, v1::Card*) override;
  Reactor* DestroyCard(Context*, const v1::DestroyCardRequest*, v1::Card*) override;
  Reactor* IssueCard(Context*, const v1::IssueCardRequest*, v1::Card*) override;

  // service_use.cc
  Reactor* RecordChange(Context*, const v1::RecordChangeRequest*, v1::Card*) override;
  Reactor* ContinueUse(Context*, const v1::ContinueUseRequest*, v1::Card*) override;
  Reactor* ExtendValidity(Context*, const v1::ExtendValidityRequest*, v1::Card*) override;
  Reactor* RegisterHealthInsurance(Context*, const v1::RegisterHealthInsuranceRequest*, v1::Card*) override;
  Reactor* LockPin(Context*, const v1::LockPinRequest*, v1::Card*) override;
  Reactor* UnlockPin(Context*, const v1::UnlockPinRequest*, v1::Card*) override;
  Reactor* IssueCertificate(Context*, const v1::IssueCertificateRequest*, v1::Card*) override;
  Reactor* RevokeCertificate(Context*, const v1::RevokeCertificateRequest*, v1::Card*) override;
  Reactor* SetCodeWord(Context*, const v1::SetCodeWordRequest*, v1::SetCodeWordResponse*) override;

  // service_loss.cc
  Reactor* SuspendCard(Context*, const v1::SuspendCardRequest*, v1::SuspendCardResponse*) override;
  Reactor* ReportLoss(Context*, const v1::ReportLossRequest*, v1::Card*) override;
  Reactor* ReportFound(Context*, const v1::ReportFoundRequest*, v1::Card*) override;
  Reactor* LiftSuspension(Context*, const v1::LiftSuspensionRequest*, v1::Card*) override;
  Reactor* RevokeCard(Context*, const v1::RevokeCardRequest*, v1::Card*) override;
  Reactor* ReturnCard(Context*, const v1::ReturnCardRequest*, v1::Card*) override;

  // service_reads.cc, service_watch.cc
  Reactor* GetCard(Context*, const v1::GetCardRequest*, v1::Card*) override;
  Reactor* GetCardStatus(Context*, const v1::GetCardStatusRequest*, v1::CardStatus*) override;
  Reactor* ListCards(Context*, const v1::ListCardsRequest*, v1::ListCardsResponse*) override;
  Reactor* ListApplications(Context*, const v1::ListApplicationsRequest*, v1::ListApplicationsResponse*) override;
  Reactor* ListDeadlines(Context*, const v1::ListDeadlinesRequest*, v1::ListDeadlinesResponse*) override;
  grpc::ServerWriteReactor<v1::WatchSuspensionsResponse>* OpenWatch(
      Context*, const rpc::Received<v1::WatchSuspensionsRequest>&);

  // service_holders.cc: for the hotline.
  Reactor* FindHolders(Context*, const v1::FindHoldersRequest*, v1::FindHoldersResponse*) override;
  Reactor* ConfirmHolder(Context*, const v1::ConfirmHolderRequest*, v1::ConfirmHolderResponse*) override;

  // service_settings.cc
  Reactor* SetMunicipality(Context*, const v1::SetMunicipalityRequest*, v1::Municipality*) override;
  Reactor* GetMunicipality(Context*, const v1::GetMunicipalityRequest*, v1::Municipality*) override;
  Reactor* ListServices(Context*, const v1::ListServicesRequest*, v1::ListServicesResponse*) override;
  Reactor* GetTransitions(Context*, const v1::GetTransitionsRequest*, v1::GetTransitionsResponse*) override;

 private:
  template <class Request, class Response>
  void Receive(const char* name, Reactor* (CardService::*method)(Context*, const Request*, Response*));

  ServiceContext* context_;
};

}  // namespace mynumber::card

#endif  // MYNUMBER_SERVICES_CARD_SERVICE_H_
