#ifndef MYNUMBER_LIBS_RPC_SERVER_H_
#define MYNUMBER_LIBS_RPC_SERVER_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "absl/status/statusor.h"
#include "libs/rpc/health_service.h"

namespace mynumber::rpc {

struct ServerOptions {
  // Port 0 takes a free one. A port that somebody else has is an error, never shared.
  std::string address = "127.0.0.1:0";
  // None: plain text, for loopback only.
  std::shared_ptr<grpc::ServerCredentials> credentials;
  // Of a request and of an answer; gRPC itself refuses more with RESOURCE_EXHAUSTED, without details.
  int max_message_bytes = 4 << 20;
  // Of a request's headers.
  int max_metadata_bytes = 16 << 10;
  // Calls at once on one connection; further ones wait at the client.
  int max_concurrent_streams = 256;
  // What gRPC may hold for all connections; beyond it reads slow down and connections are refused.
  int64_t memory_quota_bytes = int64_t{256} << 20;
  // Whoever has connected and not said who they are within this time is disconnected: half-open connections, and who
  // sends a handshake byte by byte.
  int handshake_millis = 10'000;
  // A client that pings more often without data is disconnected (ENHANCE_YOUR_CALM).
  int min_ping_interval_millis = 10'000;
  // Pings a silent client, and gives a dead one up.
  int keepalive_millis = 60'000;
  int keepalive_timeout_millis = 10'000;
  // Connections are ended in good order after this long (jittered by a tenth), so that clients spread over new
  // instances; a call that runs then has the grace. A longer stream is cut and must be resumed. 0: never.
  int max_connection_age_millis = 600'000;
  int max_connection_age_grace_millis = 600'000;
};

struct NamedService {
  // As generated: mynumber::issuance::v1::IssuanceService::service_full_name().
  std::string name;
  // Outlives the server.
  grpc::Service* service = nullptr;
};

// A gRPC server with health (grpc.health.v1), reflection and limits. Any thread may call it.
class Server {
 public:
  // Listens, with every service NOT_SERVING until SetServing. FAILED_PRECONDITION with a sentence if the address cannot
  // be bound.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options,
                                                       const std::vector<NamedService>& services);
  // Cancels what still runs.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int Port() const { return port_; }
  // To this server, without a socket; its calls are drained like all others.
  std::shared_ptr<grpc::Channel> InProcessChannel() { return server_->InProcessChannel(grpc::ChannelArguments()); }

  // What health checks and watches of `service` are told; the whole server ("") serves when all services do. Calls come
  // in either way: a service refuses them itself as long as it cannot serve. No effect after Drain.
  void SetServing(const std::string& service, bool is_serving) { health_.SetServing(service, is_serving); }

  // The graceful end: health says NOT_SERVING and watches end, no connection and no call is accepted any more, and
  // those accepted have `grace_millis` to finish, after which their clients are told that they are cancelled. Returns
  // when every handler has finished, so a handler must finish in any case. Streams that a client keeps open must be
  // ended by their service, or they use up the grace. A second call does nothing.
  void Drain(int64_t grace_millis);

 private:
  Server() = default;

  int port_ = 0;
  HealthService health_;
  std::once_flag drained_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace mynumber::rpc

#endif  // MYNUMBER_LIBS_RPC_SERVER_H_
