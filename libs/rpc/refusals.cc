#include "libs/rpc/refusals.h"

#include <grpc/support/log.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "libs/log/log.h"
#include "libs/metrics/metrics.h"

namespace mynumber::rpc {
namespace {

std::array<std::atomic<int64_t>, kRefusalNames.size()> counts{};

// OpenSSL's reasons (openssl/sslerr.h), as gRPC prints them; the first that fits. tls_test fails if one changes.
constexpr std::pair<std::string_view, Refusal> kReasons[] = {
    {" alert ", Refusal::kByPeer},
    {"certificate required", Refusal::kByPeer},
    {"peer did not return a certificate", Refusal::kNoCertificate},
    {"certificate verify failed", Refusal::kUntrusted},
    // An authority of the right name with another key.
    {"asn1 encoding routines", Refusal::kUntrusted},
    {"http request", Refusal::kPlainText},
    {"wrong version number", Refusal::kPlainText},
    {"packet length too long", Refusal::kPlainText},
    {"unsupported protocol", Refusal::kOldProtocol},
    {"version too low", Refusal::kOldProtocol},
    {"no shared cipher", Refusal::kOldProtocol},
};

Refusal RefusalIn(std::string_view message) {
  for (const auto& [reason, refusal] : kReasons) {
    if (message.find(reason) != std::string_view::npos) return refusal;
  }
  return Refusal::kOther;
}

void LogGrpc(gpr_log_func_args* line) {
  const std::string_view message = line->message;
  if (message.substr(0, 16) == "Handshake failed") CountRefusal(RefusalIn(message));
  if (line->severity == GPR_LOG_SEVERITY_ERROR) {
    log::Warn("grpc", {{"message", message}});
  } else {
    log::Info("grpc", {{"message", message}});
  }
}

}  // namespace

int64_t Refused(Refusal refusal) { return counts[static_cast<size_t>(refusal)]; }

void CountRefusal(Refusal refusal) { ++counts[static_cast<size_t>(refusal)]; }

void TakeGrpcLog() {
  static std::once_flag taken;
  std::call_once(taken, [] { gpr_set_log_function(LogGrpc); });
}

void ExposeRefusals(metrics::Registry& registry) {
  const std::vector<std::string> names(kRefusalNames.begin(), kRefusalNames.end());
  const metrics::CounterSet exposed = registry.AddCounters(
      "mynumber_connections_refused_total",
      "Connections that one side ended because of the other's certificate or protocol.", "reason", names);
  registry.BeforeText([exposed, names] {
    for (size_t i = 0; i < names.size(); ++i) {
      const metrics::Counter& counter = exposed[names[i]];
      counter.Increment(static_cast<double>(counts[i]) - counter.Value());
    }
  });
}

}  // namespace mynumber::rpc
