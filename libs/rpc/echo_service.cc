#include "libs/rpc/echo_service.h"

#include "libs/rpc/status_details.h"

namespace mynumber::rpc {
namespace {

using testing::v1::EchoRequest;
using testing::v1::EchoResponse;

grpc::Status StatusFor(const EchoRequest& request) {
  if (request.refuse_with_code() == 0) return grpc::Status::OK;
  return ToGrpc(absl::Status(static_cast<absl::StatusCode>(request.refuse_with_code()), "refused as asked"));
}

class EchoStreamReactor : public grpc::ServerBidiReactor<EchoRequest, EchoResponse> {
 public:
  EchoStreamReactor() { StartRead(&request_); }

  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    const grpc::Status status = StatusFor(request_);
    if (!status.ok()) return Finish(status);
    response_.set_payload(request_.payload());
    StartWrite(&response_);
  }
  void OnWriteDone(bool ok) override { ok ? StartRead(&request_) : Finish(grpc::Status::CANCELLED); }
  void OnDone() override { delete this; }

 private:
  EchoRequest request_;
  EchoResponse response_;
};

}  // namespace

grpc::ServerUnaryReactor* EchoService::Echo(grpc::CallbackServerContext* context, const EchoRequest* request,
                                            EchoResponse* response) {
  if (observer_) observer_(*context);
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const auto answer = [=] {
    response->set_payload(request->payload());
    reactor->Finish(StatusFor(*request));
  };
  {
    std::lock_guard lock(mutex_);
    if (is_holding_) {
      held_.push_back(answer);
      return reactor;
    }
  }
  answer();
  return reactor;
}

grpc::ServerBidiReactor<EchoRequest, EchoResponse>* EchoService::EchoStream(grpc::CallbackServerContext*) {
  return new EchoStreamReactor;
}

void EchoService::Hold() {
  std::lock_guard lock(mutex_);
  is_holding_ = true;
}

void EchoService::Release() {
  std::vector<std::function<void()>> held;
  {
    std::lock_guard lock(mutex_);
    is_holding_ = false;
    held.swap(held_);
  }
  for (const auto& answer : held) answer();
}

size_t EchoService::Held() const {
  std::lock_guard lock(mutex_);
  return held_.size();
}

}  // namespace mynumber::rpc
