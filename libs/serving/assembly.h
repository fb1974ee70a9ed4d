#ifndef MYNUMBER_LIBS_SERVING_ASSEMBLY_H_
#define MYNUMBER_LIBS_SERVING_ASSEMBLY_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "libs/cluster/owner_rows.h"
#include "libs/cluster/receiver.h"
#include "libs/eventsourcing/ownership.h"
#include "libs/log/log.h"
#include "libs/projection/rocks_metrics.h"
#include "libs/runtime/engine_metrics.h"
#include "libs/sealing/chance.h"
#include "libs/sealing/running_hash.h"
#include "libs/sealing/subject_vault.h"
#include "libs/serving/assembly_parts.h"
#include "libs/serving/context.h"
#include "libs/serving/watched_rows.h"
#include "libs/serving/housekeeper.h"
#include "libs/serving/porter.h"
#include "libs/serving/positions.h"
#include "libs/serving/verify.h"

namespace mynumber::serving {

// For services with large loads and nobody on the line.
inline constexpr int kStandsBack = 5;

// What an Assembly must know of the service that it puts together; what it points to outlives the Assembly.
template <class S>
struct ServedService {
  // As its log is called: "issuance".
  std::string name;
  // Of the generated code: service_full_name().
  std::string full_name;
  // Of further packages that it serves.
  std::vector<std::string> also_serves = {};
  const S* domain = nullptr;
  const Refusals* refusals = nullptr;
  // Its ErrorReason.
  const google::protobuf::EnumDescriptor* reasons = nullptr;
  // Its event's, whose `oneof` names the types that are counted; null: they are counted together.
  const google::protobuf::Descriptor* events = nullptr;
  uint32_t projection_version = 1;
  // As PartitionOptions has it: fewer where a caller must not wait for others' events.
  size_t inside_commands = eventsourcing::PartitionOptions().inside_commands;
  // How far its loops stand back for those of services that must answer at once (nice(2)).
  int niceness = 0;
  // How an aggregate is called: "residents".
  std::string collection;
  // Services whose events mean something to S::React. Each partition reads theirs of the same number.
  std::vector<std::string> reacts_to = {};
  // As Housekeeper::Work has them; may be empty. `at_first` is over before serving() is true.
  std::function<bool()> at_first = {};
  std::function<void()> now_and_then = {};
  // Called with all changes to rows, whoever decided on them, before they are there; by the loops. May be empty.
  std::function<void(const eventsourcing::Changes&)> on_rows = {};
  // May be empty.
  std::function<OwnChecks<S>()> own_checks = {};
};

// All partitions of one service in this process, put together: rows, logs, loops, metrics, and the context of its
// handlers. Which log it has, it does not know.
template <class S, class Own = Nothing>
class Assembly {
 public:
  // Declares metrics; opens nothing yet.
  Assembly(ServedService<S> service, const AssemblyOptions& options, const Surroundings& around);
  // Stops.
  ~Assembly() { Stop(); }

  // For the handlers. `own` is the service's to fill, before Open.
  Context<S, Own>* context() { return &context_; }

  // Opens everything and starts to catch up; serves when serving() says so. Before any call is taken. Errors are
  // sentences for an operator.
  absl::Status Open();

  // Caught up, and serving all partitions but those that stopped and need a person; operated() tells of these.
  bool serving() const { return was_at_first_ && host_->Serving(); }
  // What keeps a partition from serving for now (a full disk); OK if nothing does.
  absl::Status trouble() const;
  // Whether this instance is to own the partition; wants none at first, and none after it was fenced.
  void Want(uint32_t partition, bool own) { host_->Want(partition, own); }
  // How long the slowest partition loop has not returned: some seconds mean that it hangs.
  int64_t LongestRoundMicros() const { return host_->LongestRoundMicros(); }
  // Without what an import begins and ends with, which is the log's.
  operations::OperatedService operated();

  // From now on new commands are refused as safe to repeat.
  void Refuse() { context_.stopping.Begin(); }
  // Ends housekeeping, loops and workers; call after the server has drained. A second call does nothing.
  void Stop();

 private:
  using Host = runtime::PartitionHost<S>;

  eventsourcing::OwnershipOptions Ownership() const;
  void EnterCluster();
  // Of an instance that follows only what it owns.
  void RestUnlessWanted();
  const eventsourcing::Rows* ReadAtTheOwner(uint32_t partition);
  absl::Status OpenPartition(uint32_t partition, std::vector<runtime::PartitionParts>* parts);
  std::unique_ptr<eventsourcing::PartitionLog> OpenOwnLog(uint32_t partition) const {
    return around_.open_log(service_.name, partition, nullptr);
  }
  void Housekeep();
  void MakeSnapshots();
  absl::Status Verify(const TellProgress& progress, operations::v1::VerifyReport* report);

  const ServedService<S> service_;
  const AssemblyOptions options_;
  const Surroundings around_;
  rpc::CallMetrics calls_;
  CountedRefusals refusals_;
  const sealing::KeyedHash request_hash_;
  runtime::EngineMetrics engine_metrics_;
  const projection::RocksMetrics rocks_metrics_;
  std::vector<std::unique_ptr<projection::RocksRows>> rows_;
  int started_from_snapshots_ = 0;
  std::vector<std::unique_ptr<sealing::SubjectVault>> vaults_;
  std::vector<std::unique_ptr<WatchedRows>> watched_rows_;
  std::unique_ptr<Host> host_;
  // Of an instance that follows only what it owns.
  std::vector<std::unique_ptr<cluster::OwnerRows>> owner_rows_;
  std::unique_ptr<Porter> porter_;
  // With a cluster alone.
  std::unique_ptr<cluster::Router<S>> router_;
  std::unique_ptr<cluster::Receiver<S>> receiver_;
  // The host once it runs: other services' logs call from their threads before that.
  std::atomic<Host*> running_{nullptr};
  // Other services' included. They wake the host, so they go before it.
  std::vector<std::unique_ptr<eventsourcing::PartitionLog>> logs_;
  std::unique_ptr<runtime::Workers> workers_;
  Context<S, Own> context_;
  std::atomic<bool> was_at_first_{false};
  std::unique_ptr<Housekeeper> housekeeper_;
  std::unique_ptr<SnapshotMaker> snapshot_maker_;
};

template <class S, class Own>
Assembly<S, Own>::Assembly(ServedService<S> service, const AssemblyOptions& options, const Surroundings& around)
    : service_(std::move(service)),
      options_(options),
      around_(around),
      calls_(*around.registry, service_.full_name),
      refusals_(around.registry, service_.name, service_.refusals, service_.reasons),
      request_hash_(around.keyring->Hash(sealing::HashUse::kRequest)),
      engine_metrics_(around.registry, service_.name, options.partition_count, EventTypesOf(service_.events)),
      rocks_metrics_(around.registry, service_.name) {
  for (const std::string& also : service_.also_serves) calls_.Add(*around.registry, also);
  context_.vault = VaultsOfThreads(around.keyring);
  context_.calls = &calls_;
  context_.refusals = &refusals_;
  context_.gate = around_.gate;
  context_.request_hash = &request_hash_;
  context_.malformed_traces = around.registry->AddCounter(
      "mynumber_malformed_traces_total", "Calls whose traceparent broke the standard.", {{"service", service_.name}});
  context_.now = options.now;
  context_.follows_all = around.follows_all;
  around.registry->BeforeText([this] {
    const Host* host = running_;
    if (host == nullptr) return;
    for (uint32_t p = 0; p < options_.partition_count; ++p) engine_metrics_.Refresh(p, host->Snapshot(p));
    rocks_metrics_.Refresh(rows_, *around_.memory);
  });
}

template <class S, class Own>
absl::Status Assembly<S, Own>::OpenPartition(uint32_t partition, std::vector<runtime::PartitionParts>* parts) {
  const std::string folder = absl::StrCat(options_.data, "/", service_.name, "/", partition);
  const bool starts_from = around_.follows_all && StartFromSnapshot(around_.snapshots, service_.name, partition,
                                                                    service_.projection_version, folder);
  started_from_snapshots_ += starts_from ? 1 : 0;
  auto rows = projection::RocksRows::Open(folder, around_.memory, eventsourcing::kReceiptRetentionMicros);
  if (!rows.ok()) return rows.status();
  rows_.push_back(*std::move(rows));
  context_.rows.push_back(around_.follows_all ? rows_.back().get() : ReadAtTheOwner(partition));
  vaults_.push_back(std::make_unique<sealing::SubjectVault>(around_.keyring->Masters()));
  const auto open = [&](const std::string& service) {
    // What comes before the host runs is met at its first tick.
    logs_.push_back(around_.open_log(service, partition, [this, partition] {
      if (Host* host = running_) host->Wake(partition);
    }));
    return logs_.back().get();
  };
  runtime::PartitionParts own;
  own.log = open(service_.name);
  own.rows = rows_.back().get();
  if (service_.on_rows) {
    watched_rows_.push_back(std::make_unique<WatchedRows>(rows_.back().get(), service_.on_rows));
    own.rows = watched_rows_.back().get();
  }
  own.vault = vaults_.back().get();
  own.random = sealing::SystemRandom();
  for (const std::string& other : service_.reacts_to) own.foreign.emplace_back(other, open(other));
  parts->push_back(std::move(own));
  return absl::OkStatus();
}

template <class S, class Own>
absl::Status Assembly<S, Own>::Open() {
  std::vector<runtime::PartitionParts> parts;
  for (uint32_t p = 0; p < options_.partition_count; ++p) {
    absl::Status status = OpenPartition(p, &parts);
    if (!status.ok()) return status;
  }
  if (started_from_snapshots_ > 0) {
    log::Info("started_from_snapshots", {{"service", service_.name}, {"partitions", started_from_snapshots_}});
  }
  eventsourcing::PartitionOptions partition;
  partition.projection_version = service_.projection_version;
  partition.waiting_commands = options_.waiting_commands;
  partition.inside_commands = service_.inside_commands;
  host_ = std::make_unique<Host>(service_.domain, std::move(parts), partition, Ownership(), sealing::ChainBytes,
                                 [this](uint32_t p, const eventsourcing::BatchObserved& seen) {
                                   const int64_t now = options_.now();
                                   engine_metrics_.BatchCommitted(p, seen, now);
                                   rows_[p]->SetTime(now);
                                 });
  // Those that read at other instances mostly wait.
  workers_ = std::make_unique<runtime::Workers>(around_.follows_all ? 2 : 16, 1000);
  context_.host = host_.get();
  context_.workers = workers_.get();
  if (around_.cluster != nullptr) EnterCluster();
  absl::Status status = host_->Start(options_.threads, options_.now, service_.niceness);
  if (!status.ok()) return status;
  running_ = host_.get();
  Housekeep();
  return absl::OkStatus();
}

template <class S, class Own>
eventsourcing::OwnershipOptions Assembly<S, Own>::Ownership() const {
  eventsourcing::OwnershipOptions ownership;
  ownership.instance = options_.instance;
  ownership.address = options_.address;
  ownership.clock_off_max_micros = options_.clock_off_max_micros;
  ownership.settings = SettingsOf(service_.name, *around_.keyring, options_.partition_count);
  if (around_.cluster == nullptr) return ownership;
  ownership.instance = around_.cluster->instance();
  ownership.address = around_.cluster->address();
  ownership.look_micros = 1'000'000;
  return ownership;
}

template <class S, class Own>
void Assembly<S, Own>::EnterCluster() {
  host_->CountStandbys();
  router_ = std::make_unique<cluster::Router<S>>(host_.get(), around_.cluster->links(), service_.name,
                                                 around_.cluster->address(), options_.now,
                                                 RouterMetricsOf(around_.registry, service_.name));
  context_.router = router_.get();
  receiver_ = std::make_unique<cluster::Receiver<S>>(host_.get(), options_.now, [this](uint32_t p) -> uint64_t {
    return host_->Snapshot(p).head.sequence();
  });
  cluster::ClusterService member;
  member.name = service_.name;
  member.partition_count = options_.partition_count;
  member.snapshot = [this](uint32_t p) { return host_->Snapshot(p); };
  member.want = [this](uint32_t p, bool own) { host_->Want(p, own); };
  member.receive = [this](const cluster::v1::SubmitRequest& message, cluster::PeerService::Respond respond) {
    receiver_->Receive(message, std::move(respond));
  };
  member.read_rows = [this](uint32_t p, const auto& request, auto* response) {
    return cluster::ReadOwned(*rows_[p], host_->Serves(p), request, response);
  };
  if (!around_.follows_all) {
    RestUnlessWanted();
    member.tell_owner = [this](uint32_t p, const runtime::Owner& owner) { host_->TellOwner(p, owner); };
  }
  around_.cluster->Serve(std::move(member));
}

template <class S, class Own>
void Assembly<S, Own>::RestUnlessWanted() {
  std::vector<projection::RocksRows*> rows;
  for (auto& one : rows_) rows.push_back(one.get());
  porter_ = std::make_unique<Porter>(around_.snapshots, service_.name, service_.projection_version, std::move(rows));
  host_->RestUnlessWanted(porter_->Resting());
  router_->RowsAreAtTheOwner([this](uint32_t p, uint64_t sequence) { owner_rows_[p]->Prove(sequence); });
}

template <class S, class Own>
const eventsourcing::Rows* Assembly<S, Own>::ReadAtTheOwner(uint32_t partition) {
  cluster::OwnerRows::Parts parts{service_.name, partition, rows_.back().get(), around_.cluster->links(), {}, {}};
  parts.serves = [this, partition] { return host_->Serves(partition); };
  parts.owner_address = [this, partition] {
    std::string address = host_->Snapshot(partition).head.owner_address();
    return address == around_.cluster->address() ? std::string() : address;
  };
  owner_rows_.push_back(std::make_unique<cluster::OwnerRows>(std::move(parts)));
  return owner_rows_.back().get();
}

template <class S, class Own>
void Assembly<S, Own>::Housekeep() {
  Housekeeper::Work work;
  work.serving = [this] { return host_->Serving(); };
  work.at_first = [this] {
    was_at_first_ = !service_.at_first || service_.at_first();
    return was_at_first_.load();
  };
  work.now_and_then = [this] {
    if (service_.now_and_then) service_.now_and_then();
  };
  PartitionWatch watch(service_.name, options_.partition_count, [this](uint32_t p) { return host_->Snapshot(p); });
  housekeeper_ = std::make_unique<Housekeeper>(std::move(watch), std::move(work));
  if (around_.snapshots.snapshots != nullptr) MakeSnapshots();
}

template <class S, class Own>
void Assembly<S, Own>::MakeSnapshots() {
  SnapshotMaker::Around around;
  around.service = service_.name;
  around.instance = Ownership().instance;
  around.projection_version = service_.projection_version;
  for (const auto& rows : rows_) around.rows.push_back(rows.get());
  around.owns = [this](uint32_t p) { return host_->Snapshot(p).serving(); };
  around.now = options_.now;
  snapshot_maker_ = std::make_unique<SnapshotMaker>(around_.snapshots, std::move(around), around_.registry);
  snapshot_maker_->Start();
}

template <class S, class Own>
void Assembly<S, Own>::Stop() {
  context_.stopping.Begin();
  if (housekeeper_) housekeeper_->Stop();
  if (snapshot_maker_) snapshot_maker_->Stop();
  if (router_) router_->Stop();
  if (host_) host_->Stop();
  porter_.reset();
  workers_.reset();
  // Before the loops that they wake.
  logs_.clear();
}

template <class S, class Own>
absl::Status Assembly<S, Own>::trouble() const {
  for (uint32_t p = 0; p < options_.partition_count; ++p) {
    const runtime::PartitionSnapshot seen = host_->Snapshot(p);
    if (!seen.stopped.ok() || seen.trouble.ok()) continue;
    return absl::Status(seen.trouble.code(), absl::StrCat("partition ", p, ": ", std::string(seen.trouble.message())));
  }
  return absl::OkStatus();
}

template <class S, class Own>
operations::OperatedService Assembly<S, Own>::operated() {
  operations::OperatedService operated;
  operated.name = service_.name;
  operated.partition_count = options_.partition_count;
  operated.snapshot = [this](uint32_t p) { return host_->Snapshot(p); };
  operated.open_log = [this](uint32_t p) { return OpenOwnLog(p); };
  operated.collection = service_.collection;
  operated.lost_answers = [this](uint32_t p, const auto& visit) { return FindLostAnswers(*rows_[p], visit); };
  operated.verify = [this](const auto& progress, operations::v1::VerifyReport* report) {
    return Verify(progress, report);
  };
  operated.import_target.settings = SettingsOf(service_.name, *around_.keyring, options_.partition_count);
  operated.import_target.chain = sealing::ChainBytes;
  operated.import_target.open_log = operated.open_log;
  operated.import_target.check_keys = [this](const eventlog::v1::KeyBlock& block) {
    return CheckKeys(block, context_.vault());
  };
  return operated;
}

template <class S, class Own>
absl::Status Assembly<S, Own>::Verify(const TellProgress& progress, operations::v1::VerifyReport* report) {
  VerifyParts<S> parts;
  parts.domain = service_.domain;
  parts.chain = sealing::ChainBytes;
  parts.scratch = absl::StrCat(options_.data, "/verify-", service_.name);
  for (uint32_t p = 0; p < rows_.size(); ++p) {
    parts.rows.push_back(host_->Snapshot(p).rests ? nullptr : rows_[p].get());
  }
  parts.open_log = [this](uint32_t p) { return OpenOwnLog(p); };
  parts.vault = context_.vault();
  if (service_.own_checks) parts.own = service_.own_checks();
  absl::Status status = VerifyPartitions(parts, progress, report);
  for (uint32_t p = 0; p < options_.partition_count; ++p) {
    const absl::Status why = host_->Snapshot(p).stopped;
    if (why.ok()) continue;
    report->add_problems(absl::StrCat("partition ", p, " has stopped: ", std::string(why.message())));
    report->set_clean(false);
  }
  return status;
}

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_ASSEMBLY_H_
