#include "tests/cluster/two_builds/instance.h"

#include <filesystem>
#include <utility>

#include "libs/topic_settings/topic_settings.h"

namespace mynumber::two_builds {
namespace {

constexpr char kName[] = "counters";
constexpr int64_t kHandOverMillis = 2000;
constexpr serving::Refusals kRefusals = {"counters.mynumber", "No clerk is needed.", "Count"};

absl::StatusOr<sealing::Keyring> LoadKeyring(const std::string& path) {
  if (!std::filesystem::exists(path)) {
    absl::Status status = sealing::Keyring::Create(path);
    if (!status.ok()) return status;
  }
  return sealing::Keyring::Load(path);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Instance>> Instance::Start(const InstanceOptions& options) {
  std::unique_ptr<Instance> instance(new Instance());
  auto keyring = LoadKeyring(options.keyring);
  if (!keyring.ok()) return keyring.status();
  instance->keyring_ = std::make_unique<sealing::Keyring>(*std::move(keyring));
  absl::Status status = instance->OpenLog(options);
  if (status.ok()) status = instance->OpenService(options);
  if (status.ok()) status = instance->Listen(options);
  if (!status.ok()) return status;
  return instance;
}

absl::Status Instance::OpenLog(const InstanceOptions& options) {
  auto topics = topic_settings::Load(options.topics, 1);
  if (!topics.ok()) return topics.status();
  kafka_log::KafkaLogOptions kafka;
  kafka.brokers = options.brokers;
  kafka.prefix = "two-builds";
  kafka.instance = options.cluster.instance;
  auto log = kafka_log::KafkaLog::Open(std::move(kafka));
  if (!log.ok()) return log.status();
  log_ = *std::move(log);
  return log_->Declare(kName, options.partition_count, *topics);
}

absl::Status Instance::OpenService(const InstanceOptions& options) {
  auto cluster = cluster::Cluster::Start(options.cluster, &registry_);
  if (!cluster.ok()) return cluster.status();
  cluster_ = *std::move(cluster);
  memory_ = std::make_unique<projection::SharedMemory>(projection::MemoryOptions());
  serving::ServedService<Counter> service;
  service.name = kName;
  service.full_name = testing::v1::CounterService::service_full_name();
  service.domain = &domain_;
  service.refusals = &kRefusals;
  service.reasons = reasons_.descriptor();
  service.collection = kName;
  serving::AssemblyOptions assembly;
  assembly.data = options.data;
  assembly.partition_count = options.partition_count;
  serving::Surroundings around;
  around.keyring = keyring_.get();
  around.memory = memory_.get();
  around.registry = &registry_;
  around.cluster = cluster_.get();
  around.open_log = [this](const std::string& name, uint32_t p, std::function<void()> wake) {
    return log_->Partition(name, p, std::move(wake));
  };
  service_ = std::make_unique<serving::Assembly<Counter>>(std::move(service), assembly, around);
  absl::Status status = service_->Open();
  if (!status.ok()) return status;
  const auto join = [this](const std::string& name, std::function<void(uint32_t, bool)> told)
      -> absl::StatusOr<cluster::LeaveGroup> {
    auto joined = log_->JoinGroup(name, cluster_->address(), std::move(told));
    if (!joined.ok()) return joined.status();
    std::shared_ptr<kafka_log::GroupMembership> membership = *std::move(joined);
    return cluster::LeaveGroup([membership] { membership->Leave(); });
  };
  cluster_->Join(join, nullptr);
  return absl::OkStatus();
}

absl::Status Instance::Listen(const InstanceOptions& options) {
  calls_ = std::make_unique<CounterCalls>(service_->context());
  rpc::ServerOptions server;
  server.address = options.listen;
  auto started = rpc::Server::Start(server, {{testing::v1::CounterService::service_full_name(), calls_.get()}});
  if (!started.ok()) return started.status();
  server_ = *std::move(started);
  runtime::AdminOptions admin;
  admin.address = options.admin;
  admin.alive = [] { return std::nullopt; };
  admin.ready = [this]() -> std::optional<std::string> {
    if (service_->serving()) return std::nullopt;
    return "it is catching up with the log, or all partitions have stopped";
  };
  admin.metrics_text = [this] { return registry_.Text(); };
  auto admin_started = runtime::AdminServer::Start(std::move(admin));
  if (!admin_started.ok()) return admin_started.status();
  admin_ = *std::move(admin_started);
  return absl::OkStatus();
}

Instance::~Instance() {
  if (cluster_) cluster_->Leave(kHandOverMillis);
  if (service_) service_->Refuse();
  if (server_) server_->Drain(1000);
  if (cluster_) cluster_->Stop();
  if (service_) service_->Stop();
}

}  // namespace mynumber::two_builds
