#include "libs/rpc/server.h"

#include <chrono>
#include <utility>

#include <google/protobuf/stubs/logging.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "libs/log/log.h"

namespace mynumber::rpc {
namespace {

void ApplyLimits(const ServerOptions& options, grpc::ServerBuilder& builder) {
  grpc::ResourceQuota quota("mynumber_server");
  quota.Resize(static_cast<size_t>(options.memory_quota_bytes));
  builder.SetResourceQuota(quota);
  builder.SetMaxReceiveMessageSize(options.max_message_bytes);
  builder.SetMaxSendMessageSize(options.max_message_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, options.max_metadata_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.max_concurrent_streams);
  // Else two processes could listen on one port, and the kernel would choose between them.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

void ApplyConnectionRules(const ServerOptions& options, grpc::ServerBuilder& builder) {
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, options.handshake_millis);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, options.min_ping_interval_millis);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, options.keepalive_millis);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, options.keepalive_timeout_millis);
  if (options.max_connection_age_millis == 0) return;
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, options.max_connection_age_millis);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, options.max_connection_age_grace_millis);
}

// What protobuf has to say of a message, as that a string is not UTF-8, becomes a line of ours: rated, since a stranger can
// cause it.
void LogProtobuf(google::protobuf::LogLevel, const char*, int, const std::string& message) {
  log::Warn("protobuf", {{"message", message}});
}

// Reflection is a plugin of the process: every server made later has it. It asks nobody who he is, so a process whose
// servers have certificates goes without. Asked twice it is harmless, at the same time it is not.
void PrepareProcess(bool has_reflection) {
  static std::once_flag prepared, reflects;
  std::call_once(prepared, [] { google::protobuf::SetLogHandler(LogProtobuf); });
  if (has_reflection) std::call_once(reflects, grpc::reflection::InitProtoReflectionServerBuilderPlugin);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                                      const std::vector<NamedService>& services) {
  PrepareProcess(options.credentials == nullptr);
  std::unique_ptr<Server> server(new Server);
  grpc::ServerBuilder builder;
  ApplyLimits(options, builder);
  ApplyConnectionRules(options, builder);
  builder.AddListeningPort(options.address,
                           options.credentials ? options.credentials : grpc::InsecureServerCredentials(),
                           &server->port_);
  for (const NamedService& service : services) {
    builder.RegisterService(service.service);
    server->SetServing(service.name, false);
  }
  builder.RegisterService(&server->health_);
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr || server->port_ == 0) {
    return absl::FailedPreconditionError(absl::StrCat("The service cannot listen on ", options.address,
                                                      ": another process has it, or it is no address of this "
                                                      "machine. Choose another address."));
  }
  return server;
}

Server::~Server() { Drain(0); }

void Server::Drain(int64_t grace_millis) {
  std::call_once(drained_, [&] {
    health_.Stop();
    if (server_ != nullptr) {
      server_->Shutdown(std::chrono::system_clock::now() + std::chrono::milliseconds(grace_millis));
    }
  });
}

}  // namespace mynumber::rpc
