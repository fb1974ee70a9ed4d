#include "services/mynumberctl/bulk_connection.h"

namespace mynumber::mynumberctl {

template <typename Kind>
BulkConnection<Kind>::BulkConnection(typename Kind::Stub& stub, bool wait_for_server, BulkWindow<Kind>* window)
    : window_(window) {
  context_.set_wait_for_ready(wait_for_server);
  Kind::Start(stub, &context_, this);
  this->AddHold();  // Send is called from outside the reactions
  this->StartRead(&response_);
  this->StartCall();
}

template <typename Kind>
grpc::Status BulkConnection<Kind>::Finish(bool cancel) {
  if (cancel) {
    context_.TryCancel();
  } else {
    this->StartWritesDone();
  }
  this->RemoveHold();
  return status_.get_future().get();
}

template <typename Kind>
void BulkConnection<Kind>::OnWriteDone(bool ok) {
  if (ok) {
    window_->OnWritten();
  } else {
    window_->OnEnded();
  }
}

template <typename Kind>
void BulkConnection<Kind>::OnReadDone(bool ok) {
  if (!ok) {
    window_->OnEnded();
    return;
  }
  window_->OnAnswer(response_);
  this->StartRead(&response_);
}

template class BulkConnection<RegisterResidents>;
template class BulkConnection<ReportTrackingEvents>;

}  // namespace mynumber::mynumberctl
