#include "libs/rpc/call_metrics.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <google/protobuf/descriptor.h>

#include "libs/rpc/status_details.h"

namespace mynumber::rpc {
namespace {

int64_t SteadyMicros() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

[[noreturn]] void Die(const char* what, std::string_view name) {
  std::fprintf(stderr, "call metrics: %s %.*s\n", what, static_cast<int>(name.size()), name.data());
  std::abort();
}

}  // namespace

CallMetrics::CallMetrics(metrics::Registry& registry, const std::string& service) : service_(service) {
  Add(registry, service);
}

void CallMetrics::Add(metrics::Registry& registry, const std::string& service) {
  const auto* descriptor = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(service);
  if (descriptor == nullptr) Die("there is no generated code for the service", service);
  for (int i = 0; i < descriptor->method_count(); ++i) {
    const std::string& name = descriptor->method(i)->name();
    if (methods_.count(name) > 0) Die("two services have the method", name);
    Method& method = methods_[name];
    const metrics::Labels labels = {{"service", service}, {"method", name}};
    method.duration_ = registry.AddHistogram("mynumber_rpc_duration_seconds", "From a handler's beginning to its end.",
                                             metrics::SecondsBuckets(), labels);
    for (size_t code = 0; code < method.requests_.size(); ++code) {
      metrics::Labels with_code = labels;
      with_code.emplace_back("code", absl::StatusCodeToString(static_cast<absl::StatusCode>(code)));
      method.requests_[code] = registry.AddCounter("mynumber_rpc_requests_total", "Calls by outcome.", with_code);
    }
  }
}

void CallMetrics::Method::Record(grpc::StatusCode code, int64_t micros) const {
  const auto index = static_cast<size_t>(code);
  requests_[index < requests_.size() ? index : static_cast<size_t>(grpc::StatusCode::UNKNOWN)].Increment();
  duration_.Observe(static_cast<double>(micros) / 1e6);
}

const CallMetrics::Method& CallMetrics::operator[](std::string_view method) const {
  const auto found = methods_.find(method);
  if (found == methods_.end()) Die(("service " + service_ + " has no method").c_str(), method);
  return found->second;
}

CountedCall::CountedCall(const CallMetrics::Method& method) : method_(&method), began_micros_(SteadyMicros()) {}

grpc::Status CountedCall::End(const absl::Status& status) const {
  const grpc::Status end = ToGrpc(status);
  method_->Record(end.error_code(), SteadyMicros() - began_micros_);
  return end;
}

}  // namespace mynumber::rpc
