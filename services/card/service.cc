#include "services/card/service.h"

#include "libs/serving/received_call.h"

namespace mynumber::card {
namespace {

constexpr const char* kService = v1::CardService::service_full_name();

int IndexOf(const char* method) { return serving::MethodIndex(kService, method); }

}  // namespace

template <class Request, class Response>
void CardService::Receive(const char* name, Reactor* (CardService::*method)(Context*, const Request*, Response*)) {
  MarkMethodCallback(IndexOf(name), serving::ReceivingHandler(context_, kService, name, this, method));
}

CardService::CardService(ServiceContext* context) : context_(context) {
  Receive("StartApplication", &CardService::StartApplication);
  Receive("ConfirmEmail", &CardService::ConfirmEmail);
  Receive("WithdrawApplication", &CardService::WithdrawApplication);
  Receive("StartReview", &CardService::StartReview);
  Receive("ReviewPhoto", &CardService::ReviewPhoto);
  Receive("SubmitApplication", &CardService::SubmitApplication);
  Receive("RecordMailedApplication", &CardService::RecordMailedApplication);
  Receive("Renew", &CardService::Renew);
  Receive("Reissue", &CardService::Reissue);
  Receive("GetApplicationStatus", &CardService::GetApplicationStatus);
  Receive("GetApplication", &CardService::GetApplication);
  Receive("ReportProduction", &CardService::ReportProduction);
  Receive("RecordArrival", &CardService::RecordArrival);
  Receive("SetUpCard", &CardService::SetUpCard);
  Receive("SendIssueNotice", &CardService::SendIssueNotice);
  Receive("RemindOfPickUp", &CardService::RemindOfPickUp);
  Receive("DestroyCard", &CardService::DestroyCard);
  Receive("IssueCard", &CardService::IssueCard);
  Receive("RecordChange", &CardService::RecordChange);
  Receive("ContinueUse", &CardService::ContinueUse);
  Receive("ExtendValidity", &CardService::ExtendValidity);
  Receive("RegisterHealthInsurance", &CardService::RegisterHealthInsurance);
  Receive("LockPin", &CardService::LockPin);
  Receive("UnlockPin", &CardService::UnlockPin);
  Receive("IssueCertificate", &CardService::IssueCertificate);
  Receive("RevokeCertificate", &CardService::RevokeCertificate);
  Receive("SetCodeWord", &CardService::SetCodeWord);
  Receive("SuspendCard", &CardService::SuspendCard);
  Receive("ReportLoss", &CardService::ReportLoss);
  Receive("ReportFound", &CardService::ReportFound);
  Receive("LiftSuspension", &CardService::LiftSuspension);
  Receive("RevokeCard", &CardService::RevokeCard);
  Receive("ReturnCard", &CardService::ReturnCard);
  Receive("GetCard", &CardService::GetCard);
  Receive("GetCardStatus", &CardService::GetCardStatus);
  Receive("ListCards", &CardService::ListCards);
  Receive("ListApplications", &CardService::ListApplications);
  Receive("ListDeadlines", &CardService::ListDeadlines);
  Receive("FindHolders", &CardService::FindHolders);
  Receive("ConfirmHolder", &CardService::ConfirmHolder);
  Receive("SetMunicipality", &CardService::SetMunicipality);
  Receive("GetMunicipality", &CardService::GetMunicipality);
  Receive("ListServices", &CardService::ListServices);
  Receive("GetTransitions", &CardService::GetTransitions);
  MarkMethodCallback(IndexOf("GetProductionBatch"),
                     serving::ReceivingStreamHandler<v1::GetProductionBatchRequest, v1::GetProductionBatchResponse>(
                         context_, kService, "GetProductionBatch",
                         [this](Context* call, const rpc::Received<v1::GetProductionBatchRequest>& received) {
                           return OpenBatch(call, received);
                         }));
  MarkMethodCallback(IndexOf("WatchSuspensions"),
                     serving::ReceivingStreamHandler<v1::WatchSuspensionsRequest, v1::WatchSuspensionsResponse>(
                         context_, kService, "WatchSuspensions",
                         [this](Context* call, const rpc::Received<v1::WatchSuspensionsRequest>& received) {
                           return OpenWatch(call, received);
                         }));
}

}  // namespace mynumber::card
