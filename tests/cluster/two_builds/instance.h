#ifndef MYNUMBER_TESTS_CLUSTER_TWO_BUILDS_INSTANCE_H_
#define MYNUMBER_TESTS_CLUSTER_TWO_BUILDS_INSTANCE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/cluster/cluster.h"
#include "libs/kafka_log/kafka_log.h"
#include "libs/metrics/metrics.h"
#include "libs/projection/rocks_rows.h"
#include "libs/rpc/server.h"
#include "libs/runtime/admin_server.h"
#include "libs/sealing/keyring.h"
#include "libs/serving/assembly.h"
#include "libs/serving/made_up_reasons.h"
#include "tests/cluster/two_builds/counter_calls.h"

namespace mynumber::two_builds {

struct InstanceOptions {
  std::string data;
  // Made where there is none; all instances share it.
  std::string keyring;
  std::string listen;
  std::string admin;
  std::string brokers;
  // What the topics must be like.
  std::string topics;
  uint32_t partition_count = 4;
  cluster::ClusterOptions cluster;
};

// One instance of the counting service on Kafka, of the parts that a real one is made of (services/standalone).
class Instance {
 public:
  // Listens at once, and serves when it has caught up. Errors are sentences for an operator.
  static absl::StatusOr<std::unique_ptr<Instance>> Start(const InstanceOptions& options);
  // Hands its partitions over, and finishes what was accepted.
  ~Instance();

 private:
  Instance() = default;
  absl::Status OpenLog(const InstanceOptions& options);
  absl::Status OpenService(const InstanceOptions& options);
  absl::Status Listen(const InstanceOptions& options);

  metrics::Registry registry_;
  const serving::MadeUpReasons reasons_;
  const Counter domain_{};
  std::unique_ptr<sealing::Keyring> keyring_;
  std::unique_ptr<projection::SharedMemory> memory_;
  std::unique_ptr<kafka_log::KafkaLog> log_;
  std::unique_ptr<cluster::Cluster> cluster_;
  std::unique_ptr<serving::Assembly<Counter>> service_;
  std::unique_ptr<CounterCalls> calls_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<runtime::AdminServer> admin_;
};

}  // namespace mynumber::two_builds

#endif  // MYNUMBER_TESTS_CLUSTER_TWO_BUILDS_INSTANCE_H_
