#ifndef MYNUMBER_LIBS_RUNTIME_ADMIN_SERVER_H_
#define MYNUMBER_LIBS_RUNTIME_ADMIN_SERVER_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"

struct mg_context;  // civetweb

namespace mynumber::runtime {

// Nothing if all is well, else the reason in one line without personal data. Called by any thread, several at once;
// must not block.
using Check = std::function<std::optional<std::string>()>;

struct AdminOptions {
  // Port 0 takes a free one. The port has no authentication: bind it to an address that only the operator reaches.
  std::string address = "127.0.0.1:0";
  // Liveness: only whether the process still goes round. A restart must be able to mend what it reports.
  Check alive;
  // Readiness: whether calls should be sent here.
  Check ready;
  // Prometheus' text format.
  std::function<std::string()> metrics_text;
};

// The operator's HTTP port: /metrics, and /healthz and /readyz, which answer 200 "ok" or 503 with the reason.
class AdminServer {
 public:
  // FAILED_PRECONDITION with a sentence if the address cannot be bound.
  static absl::StatusOr<std::unique_ptr<AdminServer>> Start(AdminOptions options);
  // Answers what it has begun to answer.
  ~AdminServer();
  AdminServer(const AdminServer&) = delete;
  AdminServer& operator=(const AdminServer&) = delete;

  int Port() const;

  struct Answer {
    int code = 200;
    std::string body;
    const char* content_type = "text/plain; charset=utf-8";
  };
  // What `path` says, without a socket.
  Answer AnswerFor(const std::string& method, const std::string& path) const;

 private:
  explicit AdminServer(AdminOptions options) : options_(std::move(options)) {}

  const AdminOptions options_;
  std::string start_error_;
  mg_context* context_ = nullptr;
};

}  // namespace mynumber::runtime

#endif  // MYNUMBER_LIBS_RUNTIME_ADMIN_SERVER_H_
