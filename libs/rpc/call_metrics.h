#ifndef MYNUMBER_LIBS_RPC_CALL_METRICS_H_
#define MYNUMBER_LIBS_RPC_CALL_METRICS_H_

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "libs/metrics/metrics.h"

namespace mynumber::rpc {

// mynumber_rpc_requests_total{service,method,code} and mynumber_rpc_duration_seconds{service,method} of one service. A
// call that gRPC ends before a handler runs (unknown method, request too large) is not counted.
class CallMetrics {
 public:
  // Declares the metrics of every method of `service` (its service_full_name()), found by the descriptor of the
  // generated code; aborts if there is none.
  CallMetrics(metrics::Registry& registry, const std::string& service);
  // Those of another package that the same process part serves; it has no method of a name that is here already.
  void Add(metrics::Registry& registry, const std::string& service);

  class Method {
   public:
    // Any thread.
    void Record(grpc::StatusCode code, int64_t micros) const;

   private:
    friend class CallMetrics;
    std::array<metrics::Counter, 17> requests_;  // by code
    metrics::Histogram duration_;
  };

  // As "RegisterResident"; aborts if no service has such a method. Lives as long as this.
  const Method& operator[](std::string_view method) const;

 private:
  const std::string service_;
  std::map<std::string, Method, std::less<>> methods_;
};

// One call from its handler's beginning to its end. A value: copy it into the callback that ends the call.
//
//   const CountedCall call(calls_["GetResident"]);
//   ...
//   reactor->Finish(call.End(status));
class CountedCall {
 public:
  explicit CountedCall(const CallMetrics::Method& method);

  // Counts the call, once, and makes what gRPC wants to hear.
  grpc::Status End(const absl::Status& status) const;

 private:
  const CallMetrics::Method* method_;
  int64_t began_micros_;
};

}  // namespace mynumber::rpc

#endif  // MYNUMBER_LIBS_RPC_CALL_METRICS_H_
