#ifndef MYNUMBER_SERVICES_STANDALONE_STANDALONE_H_
#define MYNUMBER_SERVICES_STANDALONE_STANDALONE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "libs/embedded_log/embedded_log.h"
#include "libs/metrics/metrics.h"
#include "libs/operations/operations_service.h"
#include "libs/projection/rocks_rows.h"
#include "libs/rpc/server.h"
#include "libs/runtime/admin_server.h"
#include "libs/sealing/keyring.h"
#include "services/issuance/service_assembly.h"

namespace mynumber::standalone {

struct Options {
  // Everything that is kept: keyring, log, rows. Created if missing.
  std::string data = "./.data";
  // Empty: <data>/keyring, made at the first start.
  std::string keyring;
  std::string listen = "127.0.0.1:7400";
  std::string admin = "127.0.0.1:7401";
  uint32_t partition_count = 4;
  int threads = 2;
  projection::MemoryOptions memory;
  identifiers::CheckDigitRule record_code_rule = identifiers::CheckDigitRule::kIgnore;
};

// All services in one process on the embedded log.
class Standalone {
 public:
  // Listens at once; serves when Serving says so. Errors are sentences for an operator.
  static absl::StatusOr<std::unique_ptr<Standalone>> Start(const Options& options);
  // Stops.
  ~Standalone();

  bool Serving() const { return issuance_->serving(); }
  int Port() const { return server_->Port(); }
  int AdminPort() const { return admin_->Port(); }

  // Tells health what is so now; called every now and then.
  void Refresh();
  // Finishes what was accepted, refuses the rest with a time to retry.
  void Stop(int64_t grace_millis);

 private:
  Standalone() = default;
  absl::Status Open(const Options& options);
  absl::Status Listen(const Options& options);

  metrics::Registry registry_;
  std::unique_ptr<sealing::Keyring> keyring_;
  std::unique_ptr<projection::SharedMemory> memory_;
  std::unique_ptr<embedded_log::EmbeddedLog> log_;
  std::unique_ptr<issuance::Assembly> issuance_;
  std::unique_ptr<operations::OperationsService> operations_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<runtime::AdminServer> admin_;
  bool is_stopped_ = false;
};

}  // namespace mynumber::standalone

#endif  // MYNUMBER_SERVICES_STANDALONE_STANDALONE_H_
