#include "libs/runtime/admin_server.h"

#include <atomic>
#include <chrono>
#include <thread>

#include <civetweb.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace mynumber::runtime {
namespace {

constexpr const char* kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

AdminServer::Answer AnswerOf(const Check& check) {
  const std::optional<std::string> reason = check ? check() : std::nullopt;
  if (!reason.has_value()) return {200, "ok\n"};
  return {503, *reason + "\n"};
}

void Send(mg_connection* connection, const AdminServer::Answer& answer, bool has_body) {
  const std::string length = std::to_string(answer.body.size());
  mg_response_header_start(connection, answer.code);
  mg_response_header_add(connection, "Content-Type", answer.content_type, -1);
  mg_response_header_add(connection, "Content-Length", length.c_str(), -1);
  mg_response_header_add(connection, "Cache-Control", "no-store", -1);
  if (answer.code == 405) mg_response_header_add(connection, "Allow", "GET, HEAD", -1);
  mg_response_header_send(connection);
  if (has_body) mg_write(connection, answer.body.data(), answer.body.size());
}

}  // namespace

absl::StatusOr<std::unique_ptr<AdminServer>> AdminServer::Start(AdminOptions options) {
  std::unique_ptr<AdminServer> server(new AdminServer(std::move(options)));
  // A few threads, so that a scraper that hangs does not hide the health from the supervisor.
  const char* const settings[] = {"listening_ports", server->options_.address.c_str(),
                                  "num_threads", "4",
                                  "request_timeout_ms", "5000",
                                  "enable_keep_alive", "no",
                                  "enable_directory_listing", "no",
                                  nullptr};
  mg_callbacks callbacks{};
  callbacks.begin_request = [](mg_connection* connection) {
    const mg_request_info& request = *mg_get_request_info(connection);
    const auto& self = *static_cast<const AdminServer*>(request.user_data);
    const std::string method = request.request_method;
    const Answer answer = self.AnswerFor(method, request.local_uri == nullptr ? "" : request.local_uri);
    Send(connection, answer, method != "HEAD");
    return answer.code;
  };
  callbacks.log_message = [](const mg_connection* connection, const char* message) {
    auto& self = *static_cast<AdminServer*>(mg_get_user_data(mg_get_context(connection)));
    if (self.context_ == nullptr && self.start_error_.empty()) self.start_error_ = message;
    return 1;  // what a stranger sends is no line of ours
  };
  server->context_ = mg_start(&callbacks, server.get(), const_cast<const char**>(settings));
  if (server->context_ == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("The admin port cannot listen on ", server->options_.address,
                     ": choose a free address. ", server->start_error_));
  }
  return server;
}

AdminServer::~AdminServer() {
  if (context_ == nullptr) return;
  // civetweb looks at its stop flag once in 2 s, or when somebody connects.
  std::atomic<bool> is_stopped{false};
  std::thread caller([&is_stopped, port = Port()] {
    while (!is_stopped) {
      char error[100];
      if (mg_connection* call = mg_connect_client("127.0.0.1", port, 0, error, sizeof(error))) {
        mg_close_connection(call);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  });
  mg_stop(context_);
  is_stopped = true;
  caller.join();
}

int AdminServer::Port() const {
  mg_server_port port{};
  mg_get_server_ports(context_, 1, &port);
  return port.port;
}

AdminServer::Answer AdminServer::AnswerFor(const std::string& method, const std::string& path) const {
  if (method != "GET" && method != "HEAD") return {405, "use GET\n"};
  if (path == "/healthz") return AnswerOf(options_.alive);
  if (path == "/readyz") return AnswerOf(options_.ready);
  if (path == "/metrics") return {200, options_.metrics_text ? options_.metrics_text() : "", kMetricsType};
  return {404, "there are /metrics, /healthz and /readyz\n"};
}

}  // namespace mynumber::runtime
