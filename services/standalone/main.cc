// All services in one process on the embedded log: for one machine, a first run, development.

#include <cstdio>
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
ABSL_FLAG(uint32_t, partitions, 4, "Partitions of each service's log: fixed when the log is created.");
ABSL_FLAG(int, threads, 2, "Threads that drive the partitions.");
ABSL_FLAG(uint64_t, block_cache_mib, 256, "Block cache of all rows together.");
ABSL_FLAG(uint64_t, write_buffer_mib, 256, "Write buffers of all rows together.");
ABSL_FLAG(bool, refuse_record_code_check_digit, false,
          "Refuse record codes whose last digit breaks the (unverified) check digit rule.");
ABSL_FLAG(mynumber::log::Level, log_level, mynumber::log::Level::kInfo, "info, warn, error or none.");

namespace {

mynumber::standalone::Options OptionsFromFlags() {
  mynumber::standalone::Options options;
  options.data = absl::GetFlag(FLAGS_data);
  options.keyring = absl::GetFlag(FLAGS_keyring);
  options.listen = absl::GetFlag(FLAGS_listen);
  options.admin = absl::GetFlag(FLAGS_admin);
  options.partition_count = absl::GetFlag(FLAGS_partitions);
  options.threads = absl::GetFlag(FLAGS_threads);
  options.memory.block_cache_bytes = absl::GetFlag(FLAGS_block_cache_mib) << 20;
  options.memory.write_buffer_bytes = absl::GetFlag(FLAGS_write_buffer_mib) << 20;
  if (absl::GetFlag(FLAGS_refuse_record_code_check_digit)) {
    options.record_code_rule = mynumber::identifiers::CheckDigitRule::kRefuse;
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  mynumber::runtime::HandleStopSignals();
  absl::SetProgramUsageMessage("All services of the Individual Number cluster in one process, on the embedded log.");
  absl::ParseCommandLine(argc, argv);
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
    if (!announced && (*standalone)->Serving()) {
      announced = true;
      mynumber::log::Info("serving", {{"port", (*standalone)->Port()}, {"admin_port", (*standalone)->AdminPort()}});
    }
  } while (!mynumber::runtime::WaitForStop(announced ? 500 : 20));
  mynumber::log::Info("stopping");
  (*standalone)->Stop(10'000);
  mynumber::log::Flush();
  return 0;
}
