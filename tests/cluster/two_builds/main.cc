// An instance of a service that exists in two builds, for tests/cluster/test_two_builds.py.

#include <cstdio>
#include <string>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "libs/log/log.h"
#include "libs/runtime/process.h"
#include "tests/cluster/two_builds/instance.h"

ABSL_FLAG(std::string, data, "", "Folder of the rows.");
ABSL_FLAG(std::string, keyring, "", "Keyring file of all instances; made where there is none.");
ABSL_FLAG(std::string, listen, "127.0.0.1:0", "HOST:PORT for gRPC.");
ABSL_FLAG(std::string, admin, "127.0.0.1:0", "HOST:PORT for /metrics, /healthz and /readyz.");
ABSL_FLAG(std::string, brokers, "", "HOST:PORT of a broker.");
ABSL_FLAG(std::string, topics, "deploy/kafka/topics.yaml", "What the topics must be like.");
ABSL_FLAG(std::string, instance, "", "This instance's name in the cluster.");
ABSL_FLAG(std::string, peers_listen, "127.0.0.1:0", "HOST:PORT where other instances send commands.");
ABSL_FLAG(uint32_t, partitions, 4, "Partitions of the log.");

int main(int argc, char** argv) {
  mynumber::runtime::HandleStopSignals();
  absl::SetProgramUsageMessage("Counts, as one instance of a cluster.");
  absl::ParseCommandLine(argc, argv);
  mynumber::two_builds::InstanceOptions options;
  options.data = absl::GetFlag(FLAGS_data);
  options.keyring = absl::GetFlag(FLAGS_keyring);
  options.listen = absl::GetFlag(FLAGS_listen);
  options.admin = absl::GetFlag(FLAGS_admin);
  options.brokers = absl::GetFlag(FLAGS_brokers);
  options.topics = absl::GetFlag(FLAGS_topics);
  options.partition_count = absl::GetFlag(FLAGS_partitions);
  options.cluster.instance = absl::GetFlag(FLAGS_instance);
  options.cluster.listen = absl::GetFlag(FLAGS_peers_listen);
  mynumber::runtime::RaiseFileLimit();
  auto instance = mynumber::two_builds::Instance::Start(options);
  if (!instance.ok()) {
    std::fprintf(stderr, "two_builds: %s\n", std::string(instance.status().message()).c_str());
    return 1;
  }
  mynumber::runtime::WaitForStop();
  instance->reset();
  mynumber::log::Flush();
  return 0;
}
