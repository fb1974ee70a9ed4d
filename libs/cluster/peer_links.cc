#include "libs/cluster/peer_links.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <limits>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/log/log.h"
#include "libs/rpc/channel.h"
#include "libs/runtime/process.h"

namespace mynumber::cluster {
namespace {

// Beats come five times as often; a machine that is loaded may delay some.
constexpr int64_t kSilentMicros = 1'000'000;
constexpr int64_t kUnusedMicros = 60'000'000;
constexpr int kReconnectMillis = 20;

std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address,
                                         const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  rpc::ChannelOptions options;
  options.credentials = credentials;
  options.max_message_bytes = kPeerMessageBytesMax;
  options.first_reconnect_millis = kReconnectMillis;
  options.connect_millis = 1000;
  options.reconnect_millis_max = 200;
  options.own_connection = true;
  // Whoever sends knows better when to send again, and to whom.
  options.retries = false;
  // The health stream says whether the other lives.
  options.keepalive_millis = std::numeric_limits<int>::max();
  return rpc::MakeChannel(address, options);
}

}  // namespace

std::string PartitionInBeat(const std::string& service, uint32_t partition) {
  return absl::StrCat(service, "/", partition);
}

bool PeerSeen::Leaves(const std::string& service, uint32_t partition) const {
  if (leaving.empty()) return false;
  return leaving.count(service) > 0 || leaving.count(PartitionInBeat(service, partition)) > 0;
}

class PeerLinks::Link {
 public:
  Link(std::string address, std::string instance, const std::shared_ptr<grpc::ChannelCredentials>& credentials,
       std::function<void()> changed)
      : address_(std::move(address)),
        instance_(std::move(instance)),
        changed_(std::move(changed)),
        channel_(ChannelTo(address_, credentials)),
        stub_(v1::PeerService::NewStub(channel_)) {
    seen_.lost_micros = runtime::SteadyMicros();
    thread_ = std::thread([this] { Run(); });
  }

  ~Link() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      is_stopping_ = true;
      if (watch_ != nullptr) watch_->TryCancel();
    }
    changed_to_stop_.notify_all();
    thread_.join();
  }

  PeerSeen See() {
    used_micros_ = runtime::SteadyMicros();
    return SeeNow();
  }
  bool IsConnected() { return SeeNow().is_connected; }

  PeerSeen SeeNow() {
    const int64_t now_micros = runtime::SteadyMicros();
    std::lock_guard<std::mutex> lock(mutex_);
    PeerSeen seen = seen_;
    if (seen.is_connected && now_micros - beat_micros_ > kSilentMicros) {
      seen.is_connected = false;
      seen.lost_micros = beat_micros_;
    }
    return seen;
  }

  int64_t used_micros() const { return used_micros_; }

  // As its last beat had it; nothing while it does not beat.
  v1::Beat Beat() {
    if (!IsConnected()) return {};
    std::lock_guard<std::mutex> lock(mutex_);
    return beat_;
  }

  absl::StatusOr<v1::ReadRowsResponse> ReadRows(const v1::ReadRowsRequest& request, int64_t timeout_micros) {
    used_micros_ = runtime::SteadyMicros();
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::microseconds(timeout_micros));
    v1::ReadRowsResponse response;
    const grpc::Status status = stub_->ReadRows(&context, request, &response);
    if (!status.ok()) return absl::UnavailableError("the owner of the rows was not reached");
    return response;
  }

  // Keeps itself alive until the answer is there.
  static void Submit(const std::shared_ptr<Link>& link, const v1::SubmitRequest& request, int64_t timeout_micros,
                     Answered answered) {
    struct Sent {
      grpc::ClientContext context;
      v1::SubmitRequest request;
      v1::SubmitResponse response;
    };
    link->used_micros_ = runtime::SteadyMicros();
    auto sent = std::make_shared<Sent>();
    sent->request = request;
    sent->context.set_deadline(std::chrono::system_clock::now() + std::chrono::microseconds(timeout_micros));
    link->stub_->async()->Submit(&sent->context, &sent->request, &sent->response,
                                 [sent, channel = link->channel_, answered = std::move(answered)](grpc::Status status) {
                                   answered(status, sent->response);
                                 });
  }

 private:
  void Run() {
    while (WatchOnce()) {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_to_stop_.wait_for(lock, std::chrono::milliseconds(kReconnectMillis), [this] { return is_stopping_; });
    }
  }

  // Reads beats until the stream ends; false: to stop.
  bool WatchOnce() {
    grpc::ClientContext context;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (is_stopping_) return false;
      watch_ = &context;
    }
    v1::WatchRequest request;
    request.set_instance(instance_);
    auto stream = stub_->Watch(&context, request);
    v1::Beat beat;
    while (stream->Read(&beat)) Take(beat);
    (void)stream->Finish();
    std::lock_guard<std::mutex> lock(mutex_);
    watch_ = nullptr;
    if (seen_.is_connected) {
      seen_.is_connected = false;
      seen_.lost_micros = runtime::SteadyMicros();
      log::Info("peer_lost", {{"address", address_}});
      changed_();
    }
    return !is_stopping_;
  }

  void Take(const v1::Beat& beat) {
    std::set<std::string> leaving(beat.leaving().begin(), beat.leaving().end());
    std::lock_guard<std::mutex> lock(mutex_);
    beat_micros_ = runtime::SteadyMicros();
    const bool is_news = !seen_.is_connected || leaving != seen_.leaving || Serves(beat) != Serves(beat_);
    beat_ = beat;
    if (!seen_.is_connected) log::Info("peer_found", {{"address", address_}, {"instance", beat.instance()}});
    seen_.is_connected = seen_.was_connected = true;
    seen_.lost_micros = 0;
    seen_.leaving = std::move(leaving);
    if (is_news) changed_();
  }

  // The claims under which it serves.
  static std::vector<std::string_view> Serves(const v1::Beat& beat) {
    std::vector<std::string_view> claims;
    for (const v1::Served& one : beat.served()) claims.push_back(one.claim_id());
    return claims;
  }

  const std::string address_;
  const std::string instance_;
  const std::function<void()> changed_;
  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<v1::PeerService::Stub> stub_;
  std::atomic<int64_t> used_micros_{0};
  std::mutex mutex_;
  std::condition_variable changed_to_stop_;
  bool is_stopping_ = false;
  grpc::ClientContext* watch_ = nullptr;
  PeerSeen seen_;
  v1::Beat beat_;
  int64_t beat_micros_ = 0;
  std::thread thread_;
};

PeerLinks::PeerLinks(std::string instance, std::shared_ptr<grpc::ChannelCredentials> credentials,
                     std::function<void()> changed)
    : instance_(std::move(instance)), credentials_(std::move(credentials)), changed_(std::move(changed)) {}

PeerLinks::~PeerLinks() = default;

std::shared_ptr<PeerLinks::Link> PeerLinks::Get(const std::string& address) {
  std::lock_guard<std::mutex> lock(mutex_);
  std::shared_ptr<Link>& link = links_[address];
  if (!link) link = std::make_shared<Link>(address, instance_, credentials_, changed_);
  return link;
}

PeerSeen PeerLinks::See(const std::string& address) {
  const PeerSeen seen = Get(address)->See();
  ForgetUnused(runtime::SteadyMicros());
  return seen;
}

void PeerLinks::ForgetUnused(int64_t now_micros) {
  std::vector<std::shared_ptr<Link>> unused;
  std::lock_guard<std::mutex> lock(mutex_);
  for (auto it = links_.begin(); it != links_.end();) {
    if (now_micros - it->second->used_micros() < kUnusedMicros) {
      ++it;
      continue;
    }
    unused.push_back(std::move(it->second));
    it = links_.erase(it);
  }
}

void PeerLinks::Submit(const std::string& address, const v1::SubmitRequest& request, int64_t timeout_micros,
                       Answered answered) {
  Link::Submit(Get(address), request, timeout_micros, std::move(answered));
}

absl::StatusOr<v1::ReadRowsResponse> PeerLinks::ReadRows(const std::string& address,
                                                         const v1::ReadRowsRequest& request, int64_t timeout_micros) {
  return Get(address)->ReadRows(request, timeout_micros);
}

std::vector<ServedBy> PeerLinks::Served(const std::string& service, uint32_t partition_count) {
  std::vector<ServedBy> served(partition_count);
  std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [address, link] : links_) {
    const v1::Beat beat = link->Beat();
    for (const v1::Served& one : beat.served()) {
      if (one.service() != service || one.partition() >= partition_count) continue;
      ServedBy& best = served[one.partition()];
      if (!best.address.empty() && best.sequence >= one.sequence()) continue;
      best = {address, beat.instance(), one.claim_id(), one.sequence()};
    }
  }
  return served;
}

std::vector<std::string> PeerLinks::StayingInstances(const std::string& service, uint32_t partition) {
  std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::string> instances;
  for (const auto& [address, link] : links_) {
    const PeerSeen seen = link->SeeNow();
    if (seen.is_connected && !seen.Leaves(service, partition)) instances.push_back(link->Beat().instance());
  }
  return instances;
}

int PeerLinks::ConnectedCount() {
  std::lock_guard<std::mutex> lock(mutex_);
  int count = 0;
  for (const auto& [address, link] : links_) count += link->IsConnected() ? 1 : 0;
  return count;
}

std::string PeerLinks::AnyConnected() {
  std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::string> connected;
  for (const auto& [address, link] : links_) {
    if (link->IsConnected()) connected.push_back(address);
  }
  return connected.empty() ? std::string() : connected[turn_++ % connected.size()];
}

}  // namespace mynumber::cluster
