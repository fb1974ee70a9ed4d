#ifndef MYNUMBER_LIBS_RPC_CHANNEL_H_
#define MYNUMBER_LIBS_RPC_CHANNEL_H_

#include <memory>
#include <string>

#include <grpcpp/grpcpp.h>

#include "absl/status/statusor.h"

namespace mynumber::rpc {

struct ChannelOptions {
  // None: plain text, for loopback only.
  std::shared_ptr<grpc::ChannelCredentials> credentials;
  // gRPC sends a call again, at most three times within about a second, if it ends with UNAVAILABLE. Safe, since every
  // writing request carries its request id; a stream is sent again only before its first answer.
  bool retries = true;
  int max_message_bytes = 4 << 20;
  // Pings a silent server during calls, and gives a dead one up.
  int keepalive_millis = 20'000;
  int keepalive_timeout_millis = 5'000;
  // How long to wait after a first failure to connect, doubled up to the most; and how long an attempt may take.
  int first_reconnect_millis = 100;
  int reconnect_millis_max = 2'000;
  int connect_millis = 2'000;
  // A connection of its own. Otherwise gRPC shares one among all channels with the same target and options.
  bool own_connection = false;
};

// gRPC's target for one of several servers, "HOST:PORT,HOST:PORT": the first that can be reached, and the next when it
// goes. One alone stays as it is. INVALID_ARGUMENT: a host that has no address, in a sentence.
absl::StatusOr<std::string> TargetOf(const std::string& servers);

// To `target`, as "127.0.0.1:50051" or "dns:///issuance:50051". Connects with the first call, and again after a
// failure. Keeps all calls of one connection in flight at once; see ServerOptions::max_concurrent_streams.
std::shared_ptr<grpc::Channel> MakeChannel(const std::string& target, const ChannelOptions& options = {});

}  // namespace mynumber::rpc

#endif  // MYNUMBER_LIBS_RPC_CHANNEL_H_
