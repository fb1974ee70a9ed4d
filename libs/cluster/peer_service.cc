#include "libs/cluster/peer_service.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "libs/log/log.h"
#include "libs/rpc/tls.h"

namespace mynumber::cluster {
namespace {

constexpr int kBeatMillis = 200;

// Commands come as somebody's whom the sender has let in: only a service is believed that. Without certificates peers
// are on loopback.
grpc::Status Believed(const grpc::ServerContextBase& call) {
  const auto uri = rpc::PeerUri(call);
  const std::string_view service = rpc::kAnyService;
  if (uri.ok() ? uri->substr(0, service.size()) == service : absl::IsNotFound(uri.status())) return grpc::Status::OK;
  log::Warn("peer_refused", {{"why", "its certificate is no service's"}});
  return grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "only instances of the services may call here");
}

}  // namespace

// One watch; its members are guarded by the service's mutex.
class PeerService::Watcher : public grpc::ServerWriteReactor<v1::Beat> {
 public:
  explicit Watcher(PeerService* service) : service_(service) {}

  // By mutex. A watcher that is slow misses beats.
  void Beat() {
    if (is_writing_ || is_finished_) return;
    beat_.Clear();
    beat_.set_instance(service_->instance_);
    for (const std::string& leaving : service_->leaving_) beat_.add_leaving(leaving);
    for (const auto& [service, served] : service_->served_) {
      for (const v1::Served& one : served) *beat_.add_served() = one;
    }
    is_writing_ = true;
    StartWrite(&beat_);
  }
  void End(const grpc::Status& status = grpc::Status::CANCELLED) {
    if (is_finished_) return;
    is_finished_ = true;
    Finish(status);
  }

  void OnWriteDone(bool ok) override {
    std::lock_guard<std::mutex> lock(service_->mutex_);
    is_writing_ = false;
    if (!ok) End();
  }
  void OnCancel() override {
    std::lock_guard<std::mutex> lock(service_->mutex_);
    End();
  }
  void OnDone() override {
    {
      std::lock_guard<std::mutex> lock(service_->mutex_);
      service_->watchers_.erase(this);
    }
    delete this;
  }

 private:
  PeerService* const service_;
  v1::Beat beat_;
  bool is_writing_ = false;
  bool is_finished_ = false;
};

PeerService::PeerService(std::string instance) : instance_(std::move(instance)), thread_([this] { BeatOn(); }) {}

PeerService::~PeerService() { Stop(); }

void PeerService::Serve(const std::string& service, Receive receive, ReadRowsOf read) {
  std::lock_guard<std::mutex> lock(mutex_);
  services_[service] = {std::move(receive), std::move(read)};
}

PeerService::Served PeerService::Find(const std::string& service) {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto found = services_.find(service);
  return found == services_.end() ? Served() : found->second;
}

void PeerService::SetServed(const std::string& service, std::vector<v1::Served> served) {
  std::lock_guard<std::mutex> lock(mutex_);
  std::vector<v1::Served>& told = served_[service];
  const bool is_news = !std::equal(told.begin(), told.end(), served.begin(), served.end(),
                                   [](const auto& a, const auto& b) { return a.claim_id() == b.claim_id(); });
  told = std::move(served);
  if (!is_news) return;
  for (Watcher* watcher : watchers_) watcher->Beat();
}

void PeerService::SetLeaving(const std::string& what, bool is_leaving) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (is_leaving ? !leaving_.insert(what).second : leaving_.erase(what) == 0) return;
  for (Watcher* watcher : watchers_) watcher->Beat();
}

void PeerService::Stop() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    is_stopping_ = true;
    for (Watcher* watcher : watchers_) watcher->End();
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void PeerService::BeatOn() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!is_stopping_) {
    for (Watcher* watcher : watchers_) watcher->Beat();
    changed_.wait_for(lock, std::chrono::milliseconds(kBeatMillis), [this] { return is_stopping_; });
  }
}

grpc::ServerUnaryReactor* PeerService::Submit(grpc::CallbackServerContext* context, const v1::SubmitRequest* request,
                                              v1::SubmitResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (const grpc::Status believed = Believed(*context); !believed.ok()) {
    reactor->Finish(believed);
    return reactor;
  }
  const Receive receive = Find(request->service()).receive;
  if (!receive) {
    reactor->Finish({grpc::StatusCode::UNAVAILABLE, "this instance does not serve that service"});
    return reactor;
  }
  receive(*request, [reactor, response](v1::SubmitResponse answer) {
    *response = std::move(answer);
    reactor->Finish(grpc::Status::OK);
  });
  return reactor;
}

grpc::ServerUnaryReactor* PeerService::ReadRows(grpc::CallbackServerContext* context,
                                                const v1::ReadRowsRequest* request, v1::ReadRowsResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  grpc::Status status = Believed(*context);
  const ReadRowsOf read = status.ok() ? Find(request->service()).read : nullptr;
  if (read) {
    const absl::Status done = read(*request, response);
    if (!done.ok()) status = {grpc::StatusCode::UNAVAILABLE, std::string(done.message())};
  }
  reactor->Finish(status);
  return reactor;
}

grpc::ServerWriteReactor<v1::Beat>* PeerService::Watch(grpc::CallbackServerContext* context, const v1::WatchRequest*) {
  auto* watcher = new Watcher(this);
  const grpc::Status believed = Believed(*context);
  std::lock_guard<std::mutex> lock(mutex_);
  if (!believed.ok()) {
    watcher->End(believed);
    return watcher;
  }
  watchers_.insert(watcher);
  is_stopping_ ? watcher->End() : watcher->Beat();
  return watcher;
}

}  // namespace mynumber::cluster
