#include "libs/cluster/cluster.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/log/log.h"
#include "libs/runtime/process.h"

namespace mynumber::cluster {
namespace {

constexpr int kTickMillis = 20;
// How long a service that could not serve stays out of its group, at first and at most.
constexpr int64_t kOutMicros = 15'000'000;
constexpr int64_t kOutMicrosMax = 300'000'000;
// A claim must have had its time.
constexpr int64_t kTryMicros = 2'000'000;
constexpr int64_t kFindMicros = 2'000'000;
// Of all services: whoever takes over has each sooner if they do not all come at once.
constexpr int kOfferedAtOnce = 6;
constexpr char kWrongClock[] = "its clock is wrong";

int64_t Random(int64_t below) {
  thread_local std::mt19937_64 generator{std::random_device()()};
  return below <= 0 ? 0 : static_cast<int64_t>(generator() % static_cast<uint64_t>(below));
}

// The same in every instance, whatever it was built by: FNV-1a.
uint64_t Weight(const std::string& service, uint32_t partition, const std::string& instance) {
  uint64_t weight = 14695981039346656037u;
  for (const char c : absl::StrCat(service, "/", partition, "/", instance)) {
    weight = (weight ^ static_cast<uint8_t>(c)) * 1099511628211u;
  }
  return weight;
}

}  // namespace

struct Cluster::Member {
  ClusterService service;
  std::unique_ptr<Claimer> claimer;
  LeaveGroup leave;
  metrics::Counter takeovers;
  metrics::Histogram takeover_seconds;
  std::vector<metrics::Gauge> assigned;
  // Out of the group since it cannot serve: until when (steady), and for how long this time.
  bool is_out = false;
  int64_t out_until_micros = 0;
  int64_t out_micros = kOutMicros;
  int64_t entered_micros = 0;
};

Cluster::Cluster(ClusterOptions options)
    : options_(std::move(options)),
      service_(options_.instance),
      links_(options_.instance, options_.channel_credentials, [this] { Wake(); }) {}

void Cluster::Wake() {
  std::lock_guard<std::mutex> lock(mutex_);
  has_news_ = true;
  changed_.notify_all();
}

absl::StatusOr<std::unique_ptr<Cluster>> Cluster::Start(const ClusterOptions& options, metrics::Registry* registry) {
  std::unique_ptr<Cluster> cluster(new Cluster(options));
  rpc::ServerOptions server;
  server.address = options.listen;
  server.credentials = options.server_credentials;
  server.max_message_bytes = kPeerMessageBytesMax;
  server.max_connection_age_millis = 0;
  server.max_concurrent_streams = 10'000;
  auto started = rpc::Server::Start(server, {{v1::PeerService::service_full_name(), &cluster->service_}});
  if (!started.ok()) return started.status();
  cluster->server_ = *std::move(started);
  const std::string host = options.listen.substr(0, options.listen.rfind(':'));
  cluster->address_ = options.advertise.empty() ? absl::StrCat(host, ":", cluster->server_->Port()) : options.advertise;
  cluster->registry_ = registry;
  cluster->peers_ = registry->AddGauge("mynumber_peers", "Other instances whose health stream beats.");
  return cluster;
}

Cluster::~Cluster() { Stop(); }

void Cluster::Serve(ClusterService service) {
  auto member = std::make_unique<Member>();
  const metrics::Labels labels = {{"service", service.name}};
  member->takeovers = registry_->AddCounter("mynumber_takeovers_total",
                                            "Partitions taken over from lost or leaving peers.", labels);
  member->takeover_seconds =
      registry_->AddHistogram("mynumber_takeover_seconds", "From the loss of a peer, as seen here, to serving for it.",
                              metrics::SecondsBuckets(), labels);
  for (uint32_t p = 0; p < service.partition_count; ++p) {
    member->assigned.push_back(registry_->AddGauge("mynumber_partition_assigned",
                                                   "1 while the group assigns the partition to this instance.",
                                                   {{"service", service.name}, {"partition", absl::StrCat(p)}}));
  }
  const auto read_rows = [count = service.partition_count, read = service.read_rows](
                             const v1::ReadRowsRequest& request, v1::ReadRowsResponse* response) -> absl::Status {
    if (request.partition() >= count) return absl::InvalidArgumentError("there is no such partition");
    return read(request.partition(), request, response);
  };
  service_.Serve(service.name, service.receive, read_rows);
  if (service.tell_owner) follows_all_ = false;
  ClaimerOptions options;
  options.service = service.name;
  options.instance = options_.instance;
  options.partition_count = service.partition_count;
  Claimer::Around around;
  around.want = service.want;
  around.see = [this](const std::string& address) { return address == address_ ? PeerSeen{} : links_.See(address); };
  around.random = Random;
  if (service.tell_owner) {
    around.rank = [this, name = service.name](uint32_t partition) { return RankFor(name, partition); };
  }
  around.took_over = [one = member.get()](int64_t micros) {
    one->takeovers.Increment();
    one->takeover_seconds.Observe(static_cast<double>(micros) / 1e6);
  };
  member->claimer = std::make_unique<Claimer>(options, around);
  member->service = std::move(service);
  members_.push_back(std::move(member));
}

void Cluster::Join(JoinGroup join, FindPeers find) {
  join_ = std::move(join);
  find_ = std::move(find);
  for (auto& member : members_) Enter(member.get());
  thread_ = std::thread([this] { Run(); });
}

// A group that cannot be entered is tried again: standbys take over without one, too.
void Cluster::Enter(Member* member) {
  auto left = join_(member->service.name, [this, member](uint32_t partition, bool is_assigned) {
    if (partition >= member->service.partition_count) return;
    member->claimer->Told(partition, is_assigned);
    member->assigned[partition].Set(is_assigned ? 1 : 0);
    Wake();
  });
  if (left.ok()) {
    member->leave = *std::move(left);
    member->is_out = false;
    member->entered_micros = runtime::SteadyMicros();
    service_.SetLeaving(member->service.name, false);
    return;
  }
  log::Warn("group_not_entered", {{"service", member->service.name}, {"why", left.status().message()}});
  member->is_out = true;
  member->out_until_micros = runtime::SteadyMicros() + kOutMicros;
}

const char* Cluster::WhyItCannotServe(const std::vector<runtime::PartitionSnapshot>& seen) {
  size_t stopped = 0;
  for (const runtime::PartitionSnapshot& one : seen) {
    if (!one.stopped.ok()) {
      ++stopped;
      continue;
    }
    if (one.clock_is_wrong) return kWrongClock;
    if (absl::IsResourceExhausted(one.trouble)) return "the disk is full";
  }
  return stopped > 0 && stopped == seen.size() ? "all partitions have stopped" : nullptr;
}

void Cluster::LeaveGroups() {
  for (auto& member : members_) LeaveGroupOf(member.get());
}

void Cluster::LeaveGroupOf(Member* member) {
  if (member->leave) std::exchange(member->leave, nullptr)();
}

void Cluster::LeaveOrEnter(Member* member, const char* why, int64_t now_micros) {
  if (member->is_out) {
    if (now_micros < member->out_until_micros) return;
    member->out_until_micros = now_micros + member->out_micros;
    // Whether a clock is right again is found out by a claim alone.
    if (why == nullptr || why == kWrongClock) Enter(member);
    return;
  }
  if (why == nullptr || now_micros - member->entered_micros < kTryMicros) return;
  log::Error("group_left", {{"service", member->service.name}, {"why", why}});
  service_.SetLeaving(member->service.name, true);
  LeaveGroupOf(member);
  member->is_out = true;
  member->out_until_micros = now_micros + member->out_micros;
  member->out_micros = std::min(member->out_micros * 2, kOutMicrosMax);
}

void Cluster::Tick(Member* member, int64_t now_micros) {
  std::vector<runtime::PartitionSnapshot> seen;
  for (uint32_t p = 0; p < member->service.partition_count; ++p) {
    seen.push_back(member->service.snapshot(p));
    if (!seen.back().stopped.ok()) service_.SetLeaving(PartitionInBeat(member->service.name, p), true);
  }
  std::vector<v1::Served> served;
  for (uint32_t p = 0; p < seen.size(); ++p) {
    if (!seen[p].serving()) continue;
    v1::Served& one = served.emplace_back();
    one.set_service(member->service.name);
    one.set_partition(p);
    one.set_claim_id(seen[p].head.claim_id());
    one.set_sequence(seen[p].head.sequence());
  }
  service_.SetServed(member->service.name, std::move(served));
  if (member->service.tell_owner) TellOwners(member, &seen);
  if (!is_leaving_) LeaveOrEnter(member, WhyItCannotServe(seen), now_micros);
  member->claimer->Tick(seen, now_micros, is_leaving_ || member->is_out);
}

void Cluster::TellOwners(Member* member, std::vector<runtime::PartitionSnapshot>* seen) {
  const std::vector<ServedBy> served = links_.Served(member->service.name, member->service.partition_count);
  for (uint32_t p = 0; p < seen->size(); ++p) {
    if (!(*seen)[p].rests || served[p].address.empty()) continue;
    member->service.tell_owner(p, {served[p].claim_id, served[p].instance, served[p].address});
    (*seen)[p] = member->service.snapshot(p);
  }
}

void Cluster::FindOthers(int64_t now_micros) {
  std::vector<std::string> found;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    found = found_;
    if (!is_finding_ && find_ && now_micros - find_micros_ > kFindMicros) {
      is_finding_ = true;
      find_micros_ = now_micros;
    } else {
      now_micros = 0;
    }
  }
  // Watched for as long as they are members.
  for (const std::string& address : found) {
    if (address != address_) (void)links_.See(address);
  }
  if (now_micros == 0) return;
  find_([this](std::vector<std::string> addresses) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!addresses.empty()) found_ = std::move(addresses);
    is_finding_ = false;
    changed_.notify_all();
  });
}

int Cluster::RankFor(const std::string& service, uint32_t partition) {
  const auto own = std::make_pair(Weight(service, partition, options_.instance), options_.instance);
  int before = 0;
  for (const std::string& peer : links_.StayingInstances(service, partition)) {
    if (std::make_pair(Weight(service, partition, peer), peer) < own) ++before;
  }
  return before;
}

void Cluster::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!is_stopping_) {
    has_news_ = false;
    lock.unlock();
    const int64_t now_micros = runtime::SteadyMicros();
    if (!follows_all_) FindOthers(now_micros);
    for (auto& member : members_) Tick(member.get(), now_micros);
    peers_.Set(links_.ConnectedCount());
    lock.lock();
    changed_.wait_for(lock, std::chrono::milliseconds(kTickMillis), [this] { return is_stopping_ || has_news_; });
  }
}

int Cluster::OfferSome() {
  int served = 0, offered = 0;
  for (auto& member : members_) {
    for (uint32_t p = 0; p < member->service.partition_count; ++p) {
      if (!member->service.snapshot(p).serving()) continue;
      ++served;
      if (offered == kOfferedAtOnce) continue;
      ++offered;
      service_.SetLeaving(PartitionInBeat(member->service.name, p), true);
    }
  }
  return served;
}

void Cluster::Leave(int64_t patience_millis) {
  if (is_leaving_.exchange(true)) return;
  const int64_t until_micros = runtime::SteadyMicros() + patience_millis * 1000;
  while (OfferSome() > 0 && links_.ConnectedCount() > 0 && runtime::SteadyMicros() < until_micros) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  for (auto& member : members_) service_.SetLeaving(member->service.name, true);
  LeaveGroups();
}

void Cluster::Stop() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return !is_finding_; });
  }
  LeaveGroups();
  service_.Stop();
  if (server_) server_->Drain(1000);
}

}  // namespace mynumber::cluster
