#include "libs/rpc/health_service.h"

#include <algorithm>

#include "absl/status/status.h"
#include "libs/rpc/status_details.h"

namespace mynumber::rpc {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using ServingStatus = HealthCheckResponse::ServingStatus;

// One watch. Its members are guarded by the service's mutex; gRPC calls no reaction from within StartWrite or Finish.
class HealthService::Watcher : public grpc::ServerWriteReactor<HealthCheckResponse> {
 public:
  Watcher(HealthService* health, std::string service) : health_(health), service_(std::move(service)) {}

  // Writes the status if the client does not have it, and ends after the last one. By mutex.
  void Tell() {
    if (is_writing_ || is_finished_) return;
    const ServingStatus status = health_->StatusOf(service_);
    if (status != told_) {
      told_ = status;
      is_writing_ = true;
      response_.set_status(status);
      StartWrite(&response_);
    } else if (health_->is_stopped_) {
      End(ToGrpc(absl::UnavailableError("The server is stopping: ask another one.")));
    }
  }

  void OnWriteDone(bool ok) override {
    std::lock_guard lock(health_->mutex_);
    is_writing_ = false;
    ok ? Tell() : End(grpc::Status::CANCELLED);
  }

  void OnCancel() override {
    std::lock_guard lock(health_->mutex_);
    End(grpc::Status::CANCELLED);
  }

  void OnDone() override {
    {
      std::lock_guard lock(health_->mutex_);
      health_->watchers_.erase(this);
    }
    delete this;
  }

 private:
  void End(const grpc::Status& status) {
    if (is_finished_) return;
    is_finished_ = true;
    Finish(status);
  }

  HealthService* const health_;
  const std::string service_;
  HealthCheckResponse response_;
  ServingStatus told_ = HealthCheckResponse::UNKNOWN;
  bool is_writing_ = false;
  bool is_finished_ = false;
};

void HealthService::SetServing(const std::string& service, bool is_serving) {
  std::lock_guard lock(mutex_);
  is_serving_[service] = is_serving;
  TellWatchers();
}

void HealthService::Stop() {
  std::lock_guard lock(mutex_);
  is_stopped_ = true;
  TellWatchers();
}

grpc::ServerUnaryReactor* HealthService::Check(grpc::CallbackServerContext* context, const HealthCheckRequest* request,
                                               HealthCheckResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  std::lock_guard lock(mutex_);
  response->set_status(StatusOf(request->service()));
  reactor->Finish(response->status() == HealthCheckResponse::SERVICE_UNKNOWN
                      ? ToGrpc(absl::NotFoundError("This server has no such service: ask reflection for the names."))
                      : grpc::Status::OK);
  return reactor;
}

grpc::ServerWriteReactor<HealthCheckResponse>* HealthService::Watch(grpc::CallbackServerContext*,
                                                                    const HealthCheckRequest* request) {
  auto* watcher = new Watcher(this, request->service());
  std::lock_guard lock(mutex_);
  watchers_.insert(watcher);
  watcher->Tell();
  return watcher;
}

ServingStatus HealthService::StatusOf(const std::string& service) const {
  const auto is_well = [this](bool is_serving) {
    return is_serving && !is_stopped_ ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING;
  };
  if (service.empty()) {
    return is_well(std::all_of(is_serving_.begin(), is_serving_.end(), [](const auto& entry) { return entry.second; }));
  }
  const auto found = is_serving_.find(service);
  return found == is_serving_.end() ? HealthCheckResponse::SERVICE_UNKNOWN : is_well(found->second);
}

void HealthService::TellWatchers() {
  for (Watcher* watcher : watchers_) watcher->Tell();
}

}  // namespace mynumber::rpc
