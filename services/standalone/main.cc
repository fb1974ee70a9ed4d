// All services in one process, on the embedded log (one machine, a first run, development) or on Kafka.

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <string>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "libs/log/log.h"
#include "libs/runtime/process.h"
#include "services/standalone/standalone.h"

ABSL_FLAG(std::string, data, "./.data", "Folder of keyring, log and rows; created if missing.");
ABSL_FLAG(std::string, keyring, "", "Keyring file; empty: <data>/keyring, made at the first start.");
ABSL_FLAG(std::string, listen, "127.0.0.1:7400", "HOST:PORT for gRPC; port 0 takes a free one.");
ABSL_FLAG(std::string, admin, "127.0.0.1:7401", "HOST:PORT for /metrics, /healthz and /readyz.");
ABSL_FLAG(std::string, log, "embedded", "embedded, or kafka.");
ABSL_FLAG(std::string, brokers, "", "With --log kafka: HOST:PORT,HOST:PORT of some brokers.");
ABSL_FLAG(int, replication, 3,
          "With --log kafka: replicas of each topic. 1 keeps what is acknowledged on one broker only.");
ABSL_FLAG(std::string, topics, "deploy/kafka/topics.yaml", "With --log kafka: what the topics must be like.");
ABSL_FLAG(std::string, topic_prefix, "mynumber", "With --log kafka: topics are <prefix>.<service> and <prefix>.keys.");
ABSL_FLAG(uint32_t, partitions, 0,
          "Partitions of each service's log, fixed when it is created; 0: 4 embedded, 32 on Kafka.");
ABSL_FLAG(bool, notices, true, "Serve notices and their mail beside number issuance.");
ABSL_FLAG(bool, operations_only, false,
          "Claim nothing and serve no residents: status, verify, log export and log import alone. For moving a log.");
ABSL_FLAG(std::string, manual_clock, "",
          "For a demonstration on the embedded log: a file that says how many seconds the services' clock is ahead of "
          "the real one; looked at twice a second.");
ABSL_FLAG(int, threads, 2, "Threads that drive the partitions.");
ABSL_FLAG(uint64_t, block_cache_mib, 256, "Block cache of all rows together.");
ABSL_FLAG(uint64_t, write_buffer_mib, 256, "Write buffers of all rows together.");
ABSL_FLAG(bool, refuse_record_code_check_digit, false,
          "Refuse record codes whose last digit breaks the (unverified) check digit rule.");
ABSL_FLAG(mynumber::log::Level, log_level, mynumber::log::Level::kInfo, "info, warn, error or none.");

namespace {

std::atomic<int64_t> ahead_micros{0};

// Never back: the services' time would not follow.
void LookAtManualClock() {
  std::ifstream file(absl::GetFlag(FLAGS_manual_clock));
  int64_t seconds = 0;
  if (file >> seconds) ahead_micros = std::max<int64_t>(ahead_micros, seconds * 1'000'000);
}

mynumber::standalone::Options OptionsFromFlags() {
  mynumber::standalone::Options options;
  options.data = absl::GetFlag(FLAGS_data);
  options.keyring = absl::GetFlag(FLAGS_keyring);
  options.listen = absl::GetFlag(FLAGS_listen);
  options.admin = absl::GetFlag(FLAGS_admin);
  options.partition_count = absl::GetFlag(FLAGS_partitions);
  options.serves_notices = absl::GetFlag(FLAGS_notices);
  options.kafka.brokers = absl::GetFlag(FLAGS_brokers);
  options.kafka.replication = absl::GetFlag(FLAGS_replication);
  options.kafka.topics = absl::GetFlag(FLAGS_topics);
  options.kafka.topic_prefix = absl::GetFlag(FLAGS_topic_prefix);
  options.operations_only = absl::GetFlag(FLAGS_operations_only);
  options.threads = absl::GetFlag(FLAGS_threads);
  if (!absl::GetFlag(FLAGS_manual_clock).empty()) {
    LookAtManualClock();
    options.now = [] { return mynumber::runtime::WallMicros() + ahead_micros; };
  }
  options.memory.block_cache_bytes = absl::GetFlag(FLAGS_block_cache_mib) << 20;
  options.memory.write_buffer_bytes = absl::GetFlag(FLAGS_write_buffer_mib) << 20;
  if (absl::GetFlag(FLAGS_refuse_record_code_check_digit)) {
    options.record_code_rule = mynumber::identifiers::CheckDigitRule::kRefuse;
  }
  return options;
}

// What is wrong with the choice of a log; empty if nothing.
std::string LogMistake() {
  const std::string log = absl::GetFlag(FLAGS_log);
  const bool brokers = !absl::GetFlag(FLAGS_brokers).empty();
  if (log != "embedded" && log != "kafka") return "--log must be embedded or kafka";
  if (log == "kafka" && !brokers) return "--log kafka needs --brokers HOST:PORT,HOST:PORT";
  if (log == "embedded" && brokers) return "--brokers needs --log kafka";
  if (log == "kafka" && !absl::GetFlag(FLAGS_manual_clock).empty()) return "--manual_clock needs --log embedded";
  if (absl::GetFlag(FLAGS_replication) < 1) return "--replication must be 1 or more";
  return "";
}

}  // namespace

int main(int argc, char** argv) {
  mynumber::runtime::HandleStopSignals();
  absl::SetProgramUsageMessage("All services of the Individual Number cluster in one process.");
  absl::ParseCommandLine(argc, argv);
  if (const std::string mistake = LogMistake(); !mistake.empty()) {
    std::fprintf(stderr, "mynumber-standalone: %s\n", mistake.c_str());
    return 2;
  }
  mynumber::log::Options log;
  log.lowest = absl::GetFlag(FLAGS_log_level);
  mynumber::log::Configure(log);
  mynumber::runtime::RaiseFileLimit();
  auto standalone = mynumber::standalone::Standalone::Start(OptionsFromFlags());
  if (!standalone.ok()) {
    std::fprintf(stderr, "mynumber-standalone: %s\n", std::string(standalone.status().message()).c_str());
    return 1;
  }
  bool announced = false;
  do {
    (*standalone)->Refresh();
    LookAtManualClock();
    if (!announced && ((*standalone)->Serving() || (*standalone)->operations_only())) {
      announced = true;
      const char* event = (*standalone)->Serving() ? "serving" : "operations_only";
      mynumber::log::Info(event, {{"port", (*standalone)->Port()}, {"admin_port", (*standalone)->AdminPort()}});
    }
  } while (!mynumber::runtime::WaitForStop(announced ? 500 : 20));
  mynumber::log::Info("stopping");
  (*standalone)->Stop(10'000);
  mynumber::log::Flush();
  return 0;
}
