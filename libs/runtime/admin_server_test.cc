#include "libs/runtime/admin_server.h"

#include <atomic>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mynumber::runtime {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Sends `request` to the port and reads until the other side closes.
std::string Exchange(int port, const std::string& request) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) return "not connected";
  if (write(fd, request.data(), request.size()) != static_cast<ssize_t>(request.size())) return "not sent";
  std::string answer;
  char buffer[4096];
  for (ssize_t got; (got = read(fd, buffer, sizeof(buffer))) > 0;) answer.append(buffer, static_cast<size_t>(got));
  close(fd);
  return answer;
}

std::string Get(int port, const std::string& path) {
  return Exchange(port, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
}

class AdminServerTest : public ::testing::Test {
 protected:
  AdminServerTest() {
    AdminOptions options;
    options.alive = [this]() -> std::optional<std::string> {
      if (is_hung_) return "a partition loop has not returned for 31 s";
      return std::nullopt;
    };
    options.ready = [this]() -> std::optional<std::string> {
      if (is_rebuilding_) return "partition 3 rebuilds its rows: 41 %";
      return std::nullopt;
    };
    options.metrics_text = [] { return std::string("mynumber_commands_total 3\n"); };
    server_ = AdminServer::Start(options).value();
  }

  std::atomic<bool> is_hung_{false};
  std::atomic<bool> is_rebuilding_{false};
  std::unique_ptr<AdminServer> server_;
};

TEST_F(AdminServerTest, ShowsMetrics) {
  const std::string answer = Get(server_->Port(), "/metrics");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nmynumber_commands_total 3\n"));
}

TEST_F(AdminServerTest, ReadinessSaysWhyNot) {
  EXPECT_THAT(Get(server_->Port(), "/readyz"), StartsWith("HTTP/1.1 200 OK"));
  is_rebuilding_ = true;
  const std::string answer = Get(server_->Port(), "/readyz");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(answer, EndsWith("\r\n\r\npartition 3 rebuilds its rows: 41 %\n"));
  EXPECT_THAT(Get(server_->Port(), "/healthz"), EndsWith("\r\n\r\nok\n"));
}

TEST_F(AdminServerTest, LivenessSaysWhyNot) {
  is_hung_ = true;
  const std::string answer = Get(server_->Port(), "/healthz");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(answer, HasSubstr("a partition loop has not returned for 31 s\n"));
}

TEST_F(AdminServerTest, OtherPathsAndMethodsAreRefused) {
  EXPECT_THAT(Get(server_->Port(), "/metrics/x"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(Get(server_->Port(), "/../etc/passwd"), StartsWith("HTTP/1.1 4"));
  EXPECT_THAT(Exchange(server_->Port(), "POST /metrics HTTP/1.1\r\nContent-Length: 0\r\n\r\n"),
              StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(Exchange(server_->Port(), "HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"),
              EndsWith("\r\n\r\n"));
  EXPECT_THAT(Exchange(server_->Port(), "no http\r\n\r\n"), HasSubstr(" 400 "));
}

TEST_F(AdminServerTest, ASecondServerOnThePortIsToldPlainly) {
  AdminOptions options;
  options.address = "127.0.0.1:" + std::to_string(server_->Port());
  const auto second = AdminServer::Start(options);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()),
              HasSubstr("cannot listen on " + options.address + ": choose a free address"));
}

TEST_F(AdminServerTest, AServerThatIsGoneAnswersNobody) {
  const int port = server_->Port();
  server_.reset();
  EXPECT_EQ(Get(port, "/healthz"), "not connected");
}

}  // namespace
}  // namespace mynumber::runtime
