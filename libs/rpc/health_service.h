#ifndef MYNUMBER_LIBS_RPC_HEALTH_SERVICE_H_
#define MYNUMBER_LIBS_RPC_HEALTH_SERVICE_H_

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include <grpcpp/grpcpp.h>

#include "grpc/health/v1/health.grpc.pb.h"

namespace mynumber::rpc {

// grpc.health.v1. gRPC 1.51 brings one too, but its watches last until a shutdown cancels them, so every drain with a
// watch open would use up its whole grace. Any thread may call.
class HealthService : public grpc::health::v1::Health::CallbackService {
 public:
  // Both before and after the server starts. The whole server ("") serves when all services do.
  void SetServing(const std::string& service, bool is_serving);

  // For good: NOT_SERVING for everybody, then ends every watch with UNAVAILABLE.
  void Stop();

  grpc::ServerUnaryReactor* Check(grpc::CallbackServerContext* context,
                                  const grpc::health::v1::HealthCheckRequest* request,
                                  grpc::health::v1::HealthCheckResponse* response) override;
  grpc::ServerWriteReactor<grpc::health::v1::HealthCheckResponse>* Watch(
      grpc::CallbackServerContext* context, const grpc::health::v1::HealthCheckRequest* request) override;

 private:
  class Watcher;

  // SERVICE_UNKNOWN if nobody has set it. By mutex.
  grpc::health::v1::HealthCheckResponse::ServingStatus StatusOf(const std::string& service) const;
  void TellWatchers();  // by mutex

  std::mutex mutex_;
  bool is_stopped_ = false;                 // by mutex
  std::map<std::string, bool> is_serving_;  // by mutex; by service
  std::set<Watcher*> watchers_;             // by mutex
};

}  // namespace mynumber::rpc

#endif  // MYNUMBER_LIBS_RPC_HEALTH_SERVICE_H_
