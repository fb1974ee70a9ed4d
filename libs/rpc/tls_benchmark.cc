// What mutual TLS costs: unary calls with 64 in flight, and bytes of a stream, beside the same in plain text. Client
// and server share the process. Rounds alternate, so that a busy machine troubles both alike; the best of each is
// printed. bazel run //libs/rpc:tls_benchmark
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "libs/certificates/made_certificates.h"
#include "libs/rpc/channel.h"
#include "libs/rpc/echo_service.h"
#include "libs/rpc/server.h"
#include "libs/rpc/tls.h"

namespace mynumber::rpc {
namespace {

using testing::v1::EchoRequest;
using testing::v1::EchoResponse;

constexpr int kCallsInFlight = 64;
constexpr int kCallsPerRound = 30'000;
constexpr int kStreamedMessages = 2'000;
constexpr int kStreamedBytes = 64 << 10;
constexpr int kRounds = 6;

double CpuSeconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
         static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
}

class Variant {
 public:
  Variant(const char* name, std::shared_ptr<grpc::ServerCredentials> of_server,
          std::shared_ptr<grpc::ChannelCredentials> of_channel)
      : name_(name) {
    ServerOptions server;
    server.credentials = std::move(of_server);
    server_ = Server::Start(server, {{testing::v1::EchoService::service_full_name(), &service_}}).value();
    ChannelOptions channel;
    channel.credentials = std::move(of_channel);
    stub_ = testing::v1::EchoService::NewStub(MakeChannel("127.0.0.1:" + std::to_string(server_->Port()), channel));
  }

  void RunRound() {
    const auto best = [](double& least, double seconds) { least = std::min(least, seconds); };
    const double cpu = CpuSeconds();
    best(call_seconds_, Seconds([this] { Calls(); }) / kCallsPerRound);
    best(call_cpu_seconds_, (CpuSeconds() - cpu) / kCallsPerRound);
    best(stream_seconds_, Seconds([this] { Stream(); }));
  }

  void Print(const Variant& baseline) const {
    const double megabytes = 2.0 * kStreamedMessages * kStreamedBytes / 1e6;  // there and back
    std::printf("%-10s %8.0f calls/s (%.2f) %7.2f us cpu a call %8.0f MB/s (%.2f)\n", name_, 1 / call_seconds_,
                baseline.call_seconds_ / call_seconds_, call_cpu_seconds_ * 1e6, megabytes / stream_seconds_,
                baseline.stream_seconds_ / stream_seconds_);
  }

 private:
  template <typename Work>
  static double Seconds(const Work& work) {
    const auto began = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  }

  struct Call {
    grpc::ClientContext context;
    EchoRequest request;
    EchoResponse response;
  };

  void Calls() {
    std::unique_lock lock(mutex_);
    left_ = kCallsPerRound;
    running_ = 0;
    while (running_ < kCallsInFlight) StartCall();
    ended_.wait(lock, [this] { return running_ == 0; });
  }

  // With the lock.
  void StartCall() {
    --left_;
    ++running_;
    auto* call = new Call;
    call->request.set_payload(std::string(200, 'x'));
    stub_->async()->Echo(&call->context, &call->request, &call->response, [this, call](const grpc::Status& status) {
      if (!status.ok()) std::printf("%s: %s\n", name_, status.error_message().c_str());
      delete call;
      std::lock_guard lock(mutex_);
      --running_;
      if (left_ > 0) StartCall();
      if (running_ == 0) ended_.notify_one();
    });
  }

  // One message out for each that comes back, after the first eight.
  void Stream() {
    grpc::ClientContext context;
    const auto stream = stub_->EchoStream(&context);
    EchoRequest request;
    EchoResponse response;
    request.set_payload(std::string(kStreamedBytes, 'x'));
    for (int sent = 0, read = 0; read < kStreamedMessages;) {
      if (sent < kStreamedMessages && sent < read + 8) {
        if (!stream->Write(request)) break;
        ++sent;
      } else {
        if (!stream->Read(&response)) break;
        ++read;
      }
    }
    stream->WritesDone();
    if (!stream->Finish().ok()) std::printf("%s: the stream broke\n", name_);
  }

  const char* const name_;
  EchoService service_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<testing::v1::EchoService::Stub> stub_;
  double call_seconds_ = 1e9;
  double call_cpu_seconds_ = 1e9;
  double stream_seconds_ = 1e9;
  std::mutex mutex_;
  std::condition_variable ended_;
  int left_ = 0;
  int running_ = 0;
};

void Main() {
  const std::string root = std::filesystem::temp_directory_path() / ("mynumber-tls-" + std::to_string(getpid()));
  std::filesystem::create_directories(root);
  const certificates::MadeAuthority authority;
  authority.WriteNew(root + "/server", {{"spiffe://mynumber/service/issuance"}, true});
  authority.WriteNew(root + "/client", {{"spiffe://mynumber/municipality/131016"}});
  Variant plain("plain text", nullptr, nullptr);
  Variant tls("mutual TLS", TlsServerCredentials({root + "/server"}).value(),
              TlsChannelCredentials({root + "/client"}).value());
  for (int round = 0; round < kRounds; ++round) {
    for (Variant* variant : {&plain, &tls}) variant->RunRound();
  }
  for (const Variant* variant : {&plain, &tls}) variant->Print(plain);
  std::filesystem::remove_all(root);
}

}  // namespace
}  // namespace mynumber::rpc

int main() { mynumber::rpc::Main(); }
