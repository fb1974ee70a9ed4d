#ifndef MYNUMBER_LIBS_RPC_ECHO_SERVICE_H_
#define MYNUMBER_LIBS_RPC_ECHO_SERVICE_H_

#include <functional>
#include <mutex>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "mynumber/testing/v1/echo.grpc.pb.h"

namespace mynumber::rpc {

// The smallest service, for tests and as the empty call of benchmarks.
class EchoService : public testing::v1::EchoService::CallbackService {
 public:
  grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context, const testing::v1::EchoRequest* request,
                                 testing::v1::EchoResponse* response) override;
  grpc::ServerBidiReactor<testing::v1::EchoRequest, testing::v1::EchoResponse>* EchoStream(
      grpc::CallbackServerContext* context) override;

  // Sees the context of every unary call before it is answered. Set before the server starts.
  void Observe(std::function<void(const grpc::CallbackServerContext&)> observer) { observer_ = std::move(observer); }

  // From now on unary calls wait; Release answers those that wait and ends the waiting. Any thread.
  void Hold();
  void Release();
  // Unary calls that wait.
  size_t Held() const;

 private:
  std::function<void(const grpc::CallbackServerContext&)> observer_;
  mutable std::mutex mutex_;
  bool is_holding_ = false;
  std::vector<std::function<void()>> held_;
};

}  // namespace mynumber::rpc

#endif  // MYNUMBER_LIBS_RPC_ECHO_SERVICE_H_
