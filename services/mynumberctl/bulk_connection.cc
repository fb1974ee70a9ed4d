#include "services/mynumberctl/bulk_connection.h"

namespace mynumber::mynumberctl {

BulkConnection::BulkConnection(v1::IssuanceService::StubInterface& stub, bool wait_for_server, BulkWindow* window)
    : window_(window) {
  context_.set_wait_for_ready(wait_for_server);
  stub.async()->RegisterResidents(&context_, this);
  AddHold();  // Send is called from outside the reactions
  StartRead(&response_);
  StartCall();
}

grpc::Status BulkConnection::Finish(bool cancel) {
  if (cancel) {
    context_.TryCancel();
  } else {
    StartWritesDone();
  }
  RemoveHold();
  return status_.get_future().get();
}

void BulkConnection::OnWriteDone(bool ok) {
  if (ok) {
    window_->OnWritten();
  } else {
    window_->OnEnded();
  }
}

void BulkConnection::OnReadDone(bool ok) {
  if (!ok) {
    window_->OnEnded();
    return;
  }
  window_->OnAnswer(response_);
  StartRead(&response_);
}

}  // namespace mynumber::mynumberctl
