// What counting costs a unary call: none, by CountedCall in the handler, by a server interceptor. Client and server
// share the process, 64 calls in flight. Rounds alternate, so that a busy machine troubles all three alike; the least
// of each is printed.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <sys/resource.h>

#include "libs/rpc/call_metrics.h"
#include "libs/rpc/channel.h"
#include "libs/rpc/echo_service.h"

namespace mynumber::rpc {
namespace {

using testing::v1::EchoRequest;
using testing::v1::EchoResponse;
using Clock = std::chrono::steady_clock;

constexpr int kCallsInFlight = 64;
constexpr int kCallsPerRound = 50'000;
constexpr int kRounds = 8;

// Counts in the handler.
class CountingEcho : public EchoService {
 public:
  explicit CountingEcho(const CallMetrics::Method& method) : method_(method) {}

  grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context, const EchoRequest* request,
                                 EchoResponse* response) override {
    const CountedCall call(method_);
    response->set_payload(request->payload());
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(call.End(absl::OkStatus()));
    return reactor;
  }

 private:
  const CallMetrics::Method& method_;
};

// Counts outside of the handler, for every method alike.
class CountInterceptor : public grpc::experimental::Interceptor {
 public:
  explicit CountInterceptor(const CallMetrics::Method& method) : method_(method), began_(Clock::now()) {}

  void Intercept(grpc::experimental::InterceptorBatchMethods* batch) override {
    if (batch->QueryInterceptionHookPoint(grpc::experimental::InterceptionHookPoints::PRE_SEND_STATUS)) {
      const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began_);
      method_.Record(batch->GetSendStatus().error_code(), took.count());
    }
    batch->Proceed();
  }

 private:
  const CallMetrics::Method& method_;
  const Clock::time_point began_;
};

class CountInterceptors : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit CountInterceptors(const CallMetrics::Method& method) : method_(method) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo*) override {
    return new CountInterceptor(method_);
  }

 private:
  const CallMetrics::Method& method_;
};

double CpuMicros() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
         static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

struct Cost {
  double cpu_micros = 1e9;
  double wall_micros = 1e9;
};

class Variant {
 public:
  Variant(const char* name, EchoService* service, const CallMetrics::Method* intercepted) : name_(name) {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(service);
    if (intercepted != nullptr) {
      std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> creators;
      creators.push_back(std::make_unique<CountInterceptors>(*intercepted));
      builder.experimental().SetInterceptorCreators(std::move(creators));
    }
    server_ = builder.BuildAndStart();
    stub_ = testing::v1::EchoService::NewStub(MakeChannel("127.0.0.1:" + std::to_string(port)));
  }

  void RunRound() {
    const double cpu_before = CpuMicros();
    const auto began = Clock::now();
    left_ = kCallsPerRound;
    running_ = kCallsInFlight;
    for (int i = 0; i < kCallsInFlight; ++i) StartCall();
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return running_ == 0; });
    const double wall = std::chrono::duration<double, std::micro>(Clock::now() - began).count();
    least_.wall_micros = std::min(least_.wall_micros, wall / kCallsPerRound);
    least_.cpu_micros = std::min(least_.cpu_micros, (CpuMicros() - cpu_before) / kCallsPerRound);
  }

  void Print() const {
    std::printf("%-16s %8.2f us cpu %8.2f us wall %8.0f calls/s\n", name_, least_.cpu_micros, least_.wall_micros,
                1e6 / least_.wall_micros);
  }

 private:
  struct Call {
    grpc::ClientContext context;
    EchoRequest request;
    EchoResponse response;
  };

  void StartCall() {
    auto* call = new Call;
    call->request.set_payload(std::string(200, 'x'));
    stub_->async()->Echo(&call->context, &call->request, &call->response, [this, call](const grpc::Status& status) {
      if (!status.ok()) std::printf("%s: %s\n", name_, status.error_message().c_str());
      delete call;
      if (--left_ > kCallsInFlight - 1) return StartCall();
      std::lock_guard lock(mutex_);
      if (--running_ == 0) ended_.notify_one();
    });
  }

  const char* const name_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<testing::v1::EchoService::Stub> stub_;
  Cost least_;
  std::atomic<int> left_{0};
  std::mutex mutex_;
  int running_ = 0;
  std::condition_variable ended_;
};

void Main() {
  metrics::Registry registry;
  const CallMetrics calls(registry, testing::v1::EchoService::service_full_name());
  EchoService bare_service;
  EchoService intercepted_service;
  CountingEcho counting_service(calls["Echo"]);
  Variant bare("not counted", &bare_service, nullptr);
  Variant handler("in the handler", &counting_service, nullptr);
  Variant intercepted("by interceptor", &intercepted_service, &calls["Echo"]);
  for (int round = 0; round < kRounds; ++round) {
    for (Variant* variant : {&bare, &handler, &intercepted}) variant->RunRound();
  }
  for (const Variant* variant : {&bare, &handler, &intercepted}) variant->Print();
}

}  // namespace
}  // namespace mynumber::rpc

int main() { mynumber::rpc::Main(); }
