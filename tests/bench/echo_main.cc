// A server whose calls do nothing: the baseline of single calls, with the same limits and threads as the real one.

#include <cstdio>
#include <string>

#include "libs/rpc/echo_service.h"
#include "libs/rpc/server.h"
#include "libs/runtime/process.h"

int main(int argc, char** argv) {
  mynumber::runtime::HandleStopSignals();
  mynumber::rpc::EchoService echo;
  mynumber::rpc::ServerOptions options;
  options.address = "127.0.0.1:" + std::string(argc > 1 ? argv[1] : "0");
  auto server =
      mynumber::rpc::Server::Start(options, {{mynumber::testing::v1::EchoService::service_full_name(), &echo}});
  if (!server.ok()) {
    std::fprintf(stderr, "echo: %s\n", std::string(server.status().message()).c_str());
    return 1;
  }
  mynumber::runtime::WaitForStop();
  return 0;
}
