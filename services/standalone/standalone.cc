#include "services/standalone/standalone.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/log/log.h"
#include "libs/log_copy/checkpoints.h"
#include "libs/rpc/received.h"
#include "libs/rpc/refusals.h"
#include "libs/rpc/tls.h"
#include "libs/runtime/process.h"
#include "libs/runtime/process_metrics.h"

namespace mynumber::standalone {
namespace {

constexpr int64_t kHandOverMillis = 5000;
constexpr int64_t kNotingMillis = 2000;
constexpr serving::Refusals kOperationsRefusals = {"operations.mynumber", "", "ImportLog"};

// Whether anything was written there; a disk of its own that was just mounted is still empty. What cannot be looked
// into may hold something.
bool HoldsData(const std::string& folder) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().filename() != "lost+found") return true;
  }
  return error && error != std::errc::no_such_file_or_directory;
}

// The keyring of this data folder; made where nothing has been written with another one.
absl::StatusOr<sealing::Keyring> LoadKeyring(const Options& options) {
  const std::string path = options.keyring.empty() ? options.data + "/keyring" : options.keyring;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    if (options.operations_only) {
      return absl::NotFoundError(absl::StrCat("no keyring is at ", path,
                                              ": put a copy of the one there that the log was written with"));
    }
    if (HoldsData(options.data + "/log") || HoldsData(options.data + "/issuance")) {
      return absl::FailedPreconditionError(absl::StrCat(
          "what is in ", options.data, " was written with a keyring that is not at ", path,
          ": put it back there (without it no further number can be issued), or start with another --data"));
    }
    absl::Status status = sealing::Keyring::Create(path);
    if (!status.ok()) return status;
    log::Info("keyring_created", {{"keep_a_copy_of", path}});
  }
  auto keyring = sealing::Keyring::Load(path);
  if (keyring.ok() && keyring->is_extended()) log::Warn("keyring_extended", {{"keep_a_new_copy_of", path}});
  return keyring;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Standalone>> Standalone::Start(const Options& options) {
  std::unique_ptr<Standalone> standalone(new Standalone());
  absl::Status status = standalone->Open(options);
  if (status.ok()) status = standalone->Listen(options);
  if (!status.ok()) return status;
  return standalone;
}

absl::Status Standalone::Open(const Options& options) {
  std::error_code error;
  std::filesystem::create_directories(options.data, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot make ", options.data, ": ", error.message()));
  operations_only_ = options.operations_only;
  absl::Status status = OpenAccess(options);
  if (!status.ok()) return status;
  auto keyring = LoadKeyring(options);
  if (!keyring.ok()) return keyring.status();
  keyring_ = std::make_unique<sealing::Keyring>(*std::move(keyring));
  memory_ = std::make_unique<projection::SharedMemory>(options.memory);
  forged_ = registry_.AddCounters("mynumber_forged_records_total",
                                  "Records read that nobody with our keyring wrote; each time that one is read.",
                                  "service", {std::begin(kServices), std::end(kServices)});
  status = OpenLog(options);
  if (status.ok()) status = CheckImport();
  if (!status.ok()) return status;
  serving::AssemblyOptions assembly;
  assembly.data = options.data;
  assembly.partition_count = partition_count_;
  assembly.threads = options.threads;
  assembly.instance = "standalone";
  assembly.address = options.listen;
  assembly.waiting_commands = options.waiting_commands;
  assembly.now = options.now;
  assembly.clock_off_max_micros = options.clock_off_max_micros;
  serving::Surroundings around;
  around.keyring = keyring_.get();
  around.memory = memory_.get();
  around.open_log = [this](const std::string& service, uint32_t p, std::function<void()> wake) {
    return OpenPartition(service, p, std::move(wake));
  };
  around.registry = &registry_;
  around.gate = access_->gate();
  if (!options.snapshot_folder.empty()) {
    snapshots_ = std::make_unique<projection::Snapshots>(options.snapshot_folder);
    around.snapshots = {snapshots_.get(), options.snapshot_seconds};
  }
  if (kafka_log_ && !operations_only_) {
    cluster::ClusterOptions joined = options.kafka.cluster;
    joined.server_credentials = server_credentials_;
    joined.channel_credentials = peer_credentials_;
    auto cluster = cluster::Cluster::Start(joined, &registry_);
    if (!cluster.ok()) return cluster.status();
    cluster_ = *std::move(cluster);
    around.cluster = cluster_.get();
    around.follows_all = options.kafka.follows_all;
  }
  auto issuance = issuance::Assembly::Start(assembly, around, options.issuance);
  if (!issuance.ok()) return issuance.status();
  issuance_ = *std::move(issuance);
  Add(issuance::kName, {issuance_->service()}, issuance_.get(), [this] { issuance_->served().Stop(); });
  status = OpenOthers(options, assembly, around);
  if (status.ok() && cluster_) JoinCluster();
  if (status.ok()) Own();
  return status;
}

absl::Status Standalone::OpenAccess(const Options& options) {
  auto access = Access::Open(options.policy_file);
  if (!access.ok()) return access.status();
  access_ = *std::move(access);
  rpc::ExposeRefusals(registry_);
  if (options.certificates.empty()) {
    absl::Status status = rpc::CheckPlainText(options.listen);
    if (status.ok() && !options.kafka.brokers.empty()) status = rpc::CheckPlainText(options.kafka.cluster.listen);
    return status;
  }
  const rpc::TlsFiles files{options.certificates};
  auto server = rpc::TlsServerCredentials(files);
  if (!server.ok()) return server.status();
  auto peers = rpc::TlsChannelCredentials(files);
  if (!peers.ok()) return peers.status();
  server_credentials_ = *std::move(server);
  peer_credentials_ = *std::move(peers);
  rpc::ExposeExpiry(registry_, files);
  return absl::OkStatus();
}

void Standalone::JoinCluster() {
  const auto join = [this](const std::string& service, std::function<void(uint32_t, bool)> told)
      -> absl::StatusOr<cluster::LeaveGroup> {
    auto joined = kafka_log_->JoinGroup(service, cluster_->address(), std::move(told));
    if (!joined.ok()) return joined.status();
    std::shared_ptr<kafka_log::GroupMembership> membership = *std::move(joined);
    return cluster::LeaveGroup([membership] { membership->Leave(); });
  };
  // Every instance runs all services.
  cluster_->Join(join, [this](auto told) { kafka_log_->FindMembers(issuance::kName, std::move(told)); });
}

absl::Status Standalone::OpenOthers(const Options& options, const serving::AssemblyOptions& assembly,
                                    const serving::Surroundings& around) {
  if (!options.serves_notices) return absl::OkStatus();
  auto notice = notice::Assembly::Start(assembly, around, options.notices);
  if (!notice.ok()) return notice.status();
  notice_ = *std::move(notice);
  Add(notice::kName, notice_->services(), notice_.get(), [this] { notice_->served().Stop(); });
  if (!options.serves_cards) return absl::OkStatus();
  auto card = card::Assembly::Start(assembly, around, options.cards, !options.operations_only);
  if (!card.ok()) return card.status();
  card_ = *std::move(card);
  Add(card::kName, {card_->service()}, card_.get(), [this] { card_->Stop(); });
  auto hotline = hotline::Assembly::Start(assembly, around, options.hotline);
  if (!hotline.ok()) return hotline.status();
  hotline_ = *std::move(hotline);
  Add(hotline::kName, {hotline_->service()}, hotline_.get(), [this] { hotline_->Stop(); });
  return absl::OkStatus();
}

template <class Assembly>
void Standalone::Add(const char* name, std::vector<rpc::NamedService> calls, Assembly* assembly,
                     std::function<void()> stop) {
  auto* served = &assembly->served();
  OneService one;
  one.name = name;
  one.calls = std::move(calls);
  one.operated = [assembly] { return assembly->operated(); };
  one.serving = [served] { return served->serving(); };
  one.trouble = [served] { return served->trouble(); };
  one.longest_round_micros = [served] { return served->LongestRoundMicros(); };
  one.own = [served](uint32_t partition) { served->Want(partition, true); };
  one.refuse = [served] { served->Refuse(); };
  one.stop = std::move(stop);
  services_.push_back(std::move(one));
}

bool Standalone::Serving() const {
  return std::all_of(services_.begin(), services_.end(), [](const OneService& one) { return one.serving(); });
}

absl::StatusOr<bool> Standalone::IsImportUnderWay(const std::string& service) {
  return kafka_log_ ? kafka_log_->IsImportUnderWay(service) : embedded_log_->IsImportUnderWay(service);
}

absl::Status Standalone::CheckImport() {
  if (operations_only_) return absl::OkStatus();
  bool is_under_way = false;
  for (const char* service : kServices) {
    const absl::StatusOr<bool> one = IsImportUnderWay(service);
    if (!one.ok()) return one.status();
    is_under_way = is_under_way || *one;
  }
  if (!is_under_way) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "an import into this log has begun and not ended, so a part of the residents is missing here: start with "
      "--operations_only, run `mynumberctl log import` again, then start without");
}

operations::OperatedService Standalone::WithImport(operations::OperatedService operated) {
  log_copy::ImportTarget& target = operated.import_target;
  target.is_under_way = [this, service = operated.name] { return IsImportUnderWay(service); };
  target.begin = [this, service = operated.name] {
    if (!operations_only_) {
      return absl::FailedPreconditionError(
          "the export holds records that this log does not, and this instance serves: an import writes into an empty "
          "log, by an instance that was started with --operations_only");
    }
    log::Info("import_begun", {{"service", service}});
    return kafka_log_ ? kafka_log_->BeginImport(service) : embedded_log_->BeginImport(service);
  };
  target.finish = [this, service = operated.name] {
    absl::Status status = kafka_log_ ? kafka_log_->FinishImport(service) : embedded_log_->FinishImport(service);
    if (status.ok()) log::Info("import_finished", {{"service", service}});
    return status;
  };
  return operated;
}

void Standalone::Own() {
  if (operations_only_ || cluster_) return;
  // Not at once: another that claimed a moment ago may be about to say why.
  const int64_t now_micros = runtime::WallMicros();
  if (owned_micros_ != 0 && now_micros - owned_micros_ < 1'000'000) return;
  owned_micros_ = now_micros;
  for (uint32_t p = 0; p < partition_count_; ++p) {
    for (const OneService& one : services_) one.own(p);
  }
}

absl::Status Standalone::AdmitOperator(const grpc::ServerContextBase& call, const char* method) {
  const std::string service = operations::v1::OperationsService::service_full_name();
  serving::Gate* gate = access_->gate();
  const absl::Status admitted = gate->AdmitConnection(kOperationsRefusals, call, absl::StrCat(service, "/", method));
  if (!admitted.ok()) {
    gate->NoteRefused(kOperationsRefusals, call, method, type::Actor::default_instance(), admitted);
  }
  return admitted;
}

absl::Status Standalone::Listen(const Options& options) {
  refusing_millis_ = options.refusing_millis;
  std::vector<operations::OperatedService> operated;
  for (const OneService& one : services_) operated.push_back(WithImport(one.operated()));
  operations_ = std::make_unique<operations::OperationsService>(
      std::move(operated),
      [this](const grpc::ServerContextBase& call, const char* method) { return AdmitOperator(call, method); },
      [key = keyring_->Checkpoints()](eventlog::v1::Checkpoint* checkpoint) {
        checkpoint->set_time_micros(runtime::WallMicros());
        checkpoint->set_public_key(key.PublicKey());
        checkpoint->set_signature(key.Sign(log_copy::StatementOf(*checkpoint)));
      });
  rpc::ServerOptions server;
  server.address = options.listen;
  server.credentials = server_credentials_;
  // Up to this a service can say itself that a request is too large.
  server.max_message_bytes = 4 * rpc::kRequestBytesMax;
  std::vector<rpc::NamedService> services;
  for (const OneService& one : services_) services.insert(services.end(), one.calls.begin(), one.calls.end());
  services.push_back({operations::v1::OperationsService::service_full_name(), operations_.get()});
  auto started = rpc::Server::Start(server, services);
  if (!started.ok()) return started.status();
  server_ = *std::move(started);
  if (hotline_ && !operations_only_) hotline_->ConnectCards(server_->InProcessChannel());
  runtime::AddProcessMetrics(registry_);
  runtime::AddDiskMetrics(registry_, options.data);
  runtime::AdminOptions admin;
  admin.address = options.admin;
  admin.alive = [this, hung_millis = options.hung_millis]() -> std::optional<std::string> {
    for (const OneService& one : services_) {
      const int64_t millis = one.longest_round_micros() / 1000;
      if (millis < hung_millis) continue;
      return absl::StrCat("a partition loop of ", one.name, " has not returned for ", millis / 1000, " s");
    }
    return std::nullopt;
  };
  admin.ready = [this]() -> std::optional<std::string> {
    if (Serving()) return std::nullopt;
    if (operations_only_) return "it was started with --operations_only, and serves no residents";
    absl::Status trouble;
    for (const OneService& one : services_) {
      if (trouble.ok()) trouble = one.trouble();
    }
    if (absl::IsResourceExhausted(trouble)) return absl::StrCat("the disk is full, ", std::string(trouble.message()));
    if (!trouble.ok()) return std::string(trouble.message());
    return "a service is catching up with the log, or all of its partitions have stopped";
  };
  admin.metrics_text = [this] { return registry_.Text(); };
  auto admin_started = runtime::AdminServer::Start(std::move(admin));
  if (!admin_started.ok()) return admin_started.status();
  admin_ = *std::move(admin_started);
  return absl::OkStatus();
}

void Standalone::Refresh() {
  Own();
  access_->Refresh();
  for (const OneService& one : services_) {
    for (const auto& service : one.calls) server_->SetServing(service.name, one.serving());
  }
  server_->SetServing(operations::v1::OperationsService::service_full_name(), true);
}

void Standalone::Stop(int64_t grace_millis) {
  if (is_stopped_) return;
  is_stopped_ = true;
  // Others own its partitions before anything is refused here.
  if (cluster_) cluster_->Leave(kHandOverMillis);
  for (const OneService& one : services_) one.refuse();
  if (server_) {
    for (const OneService& one : services_) {
      for (const auto& service : one.calls) server_->SetServing(service.name, false);
    }
    server_->SetServing(operations::v1::OperationsService::service_full_name(), false);
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min(refusing_millis_, grace_millis)));
    server_->Drain(grace_millis);
  }
  if (issuance_ && !operations_only_) issuance_->NoteRefusedAttempts(kNotingMillis);
  // No peer's command comes from here on; services wait for what they have sent to others.
  if (cluster_) cluster_->Stop();
  for (auto one = services_.rbegin(); one != services_.rend(); ++one) one->stop();
}

Standalone::~Standalone() { Stop(2000); }

}  // namespace mynumber::standalone
