#ifndef MYNUMBER_SERVICES_STANDALONE_STANDALONE_H_
#define MYNUMBER_SERVICES_STANDALONE_STANDALONE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/cluster/cluster.h"
#include "libs/embedded_log/embedded_log.h"
#include "libs/kafka_log/kafka_log.h"
#include "libs/kafka_log/kafka_metrics.h"
#include "libs/metrics/metrics.h"
#include "libs/operations/operations_service.h"
#include "libs/projection/rocks_rows.h"
#include "libs/rpc/server.h"
#include "libs/runtime/admin_server.h"
#include "libs/sealing/keyring.h"
#include "services/card/service_assembly.h"
#include "services/hotline/service_assembly.h"
#include "services/issuance/service_assembly.h"
#include "services/notice/service_assembly.h"
#include "services/standalone/access.h"

namespace mynumber::standalone {

// All that this process may serve.
inline constexpr const char* kServices[] = {issuance::kName, notice::kName, card::kName, hotline::kName};

struct KafkaOptions {
  // HOST:PORT,HOST:PORT; empty: the embedded log.
  std::string brokers;
  // The brokers speak mutual TLS, with this instance's own certificate.
  bool tls = false;
  // What the topics must be like.
  std::string topics = "deploy/kafka/topics.yaml";
  int replication = 3;
  std::string topic_prefix = "mynumber";
  // Among the instances that share the topics.
  cluster::ClusterOptions cluster;
  // Stands by for all partitions; else only what it owns is kept here (docs/decisions/0021).
  bool follows_all = true;
};

struct Options {
  // Everything that is kept here: keyring, embedded log, rows. Created if missing.
  std::string data = "./.data";
  // Empty: <data>/keyring, made at the first start.
  std::string keyring;
  std::string listen = "127.0.0.1:7400";
  // Of this instance, for mutual TLS with clients and with other instances (libs/certificates/README.md); empty: plain
  // text, on loopback alone.
  std::string certificates;
  // Who may call what; empty: as it was when this was built.
  std::string policy_file;
  std::string admin = "127.0.0.1:7401";
  // 0: 4 on the embedded log, 32 on Kafka.
  uint32_t partition_count = 0;
  // Beside number issuance, which every other one reacts to.
  bool serves_notices = true;
  notice::NoticeOptions notices;
  // Only beside notices, which the card service reacts to as well; with them the hotline that suspends cards.
  bool serves_cards = true;
  card::CardOptions cards;
  hotline::HotlineOptions hotline;
  KafkaOptions kafka;
  // Claims nothing and serves no residents: the log stays as it is, but for what an import writes.
  bool operations_only = false;
  int threads = 2;
  projection::MemoryOptions memory;
  // Which all instances of a cluster share; empty: no snapshots.
  std::string snapshot_folder;
  int64_t snapshot_seconds = serving::SnapshotOptions().every_seconds;
  // Commands that may wait for one partition; what comes then is refused with a time to retry.
  size_t waiting_commands = serving::AssemblyOptions().waiting_commands;
  // A step of a loop takes milliseconds, and seconds on a slow disk: one that takes this long does not come back, and
  // the process says that it is not alive.
  int64_t hung_millis = 30'000;
  // At a stop, as long as calls are refused by name before the port closes, which could only cut them off.
  int64_t refusing_millis = 200;
  // What the services take for the time of day.
  runtime::Now now = runtime::WallMicros;
  int64_t clock_off_max_micros = serving::AssemblyOptions().clock_off_max_micros;
  issuance::IssuanceOptions issuance;
};

// All services in one process: on the embedded log, whose partitions it owns, or on Kafka, one instance among others.
class Standalone {
 public:
  // Listens at once; serves when Serving says so. Errors are sentences for an operator.
  static absl::StatusOr<std::unique_ptr<Standalone>> Start(const Options& options);
  // Stops.
  ~Standalone();

  bool Serving() const;
  bool operations_only() const { return operations_only_; }
  int Port() const { return server_->Port(); }
  int AdminPort() const { return admin_->Port(); }

  // Tells health what is so now, and claims again what was lost to another; called every now and then.
  void Refresh();
  // Finishes what was accepted, refuses the rest with a time to retry.
  void Stop(int64_t grace_millis);

 private:
  Standalone() = default;
  absl::Status Open(const Options& options);
  absl::Status OpenLog(const Options& options);
  // Of whichever log there is, with codes on its records.
  std::unique_ptr<eventsourcing::PartitionLog> OpenPartition(const std::string& service, uint32_t partition,
                                                             std::function<void()> wake);
  // Certificates, policy, and whether they suit the addresses.
  absl::Status OpenAccess(const Options& options);
  absl::Status CheckFirstClaims(const std::string& service);
  absl::Status CheckImport();
  operations::OperatedService WithImport(operations::OperatedService operated);
  absl::StatusOr<bool> IsImportUnderWay(const std::string& service);
  absl::Status AdmitOperator(const grpc::ServerContextBase& call, const char* method);
  absl::Status Listen(const Options& options);
  // On the embedded log: all partitions, again and again.
  void Own();
  void JoinCluster();
  // Beside number issuance, as options say.
  absl::Status OpenOthers(const Options& options, const serving::AssemblyOptions& assembly,
                          const serving::Surroundings& around);

  // One service of this process, whatever its aggregates are.
  struct OneService {
    std::string name;
    std::vector<rpc::NamedService> calls;
    std::function<operations::OperatedService()> operated;
    std::function<bool()> serving;
    std::function<absl::Status()> trouble;
    std::function<int64_t()> longest_round_micros;
    std::function<void(uint32_t partition)> own;
    std::function<void()> refuse;
    std::function<void()> stop;
  };
  template <class Assembly>
  void Add(const char* name, std::vector<rpc::NamedService> calls, Assembly* assembly, std::function<void()> stop);

  metrics::Registry registry_;
  metrics::CounterSet forged_;
  std::unique_ptr<Access> access_;
  // None: plain text.
  std::shared_ptr<grpc::ServerCredentials> server_credentials_;
  std::shared_ptr<grpc::ChannelCredentials> peer_credentials_;
  std::unique_ptr<sealing::Keyring> keyring_;
  std::unique_ptr<projection::SharedMemory> memory_;
  std::unique_ptr<projection::Snapshots> snapshots_;
  // One of the two.
  std::unique_ptr<embedded_log::EmbeddedLog> embedded_log_;
  std::unique_ptr<kafka_log::KafkaMetrics> kafka_metrics_;
  std::unique_ptr<kafka_log::KafkaLog> kafka_log_;
  // On Kafka, unless it serves nobody.
  std::unique_ptr<cluster::Cluster> cluster_;
  uint32_t partition_count_ = 0;
  bool operations_only_ = false;
  int64_t owned_micros_ = 0;
  std::unique_ptr<issuance::Assembly> issuance_;
  std::unique_ptr<notice::Assembly> notice_;
  std::unique_ptr<card::Assembly> card_;
  std::unique_ptr<hotline::Assembly> hotline_;
  // Those above that are served; whoever reacts to another stands behind it.
  std::vector<OneService> services_;
  std::unique_ptr<operations::OperationsService> operations_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<runtime::AdminServer> admin_;
  int64_t refusing_millis_ = 0;
  bool is_stopped_ = false;
};

}  // namespace mynumber::standalone

#endif  // MYNUMBER_SERVICES_STANDALONE_STANDALONE_H_
