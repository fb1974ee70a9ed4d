#ifndef MYNUMBER_LIBS_RPC_TLS_FOR_TESTS_H_
#define MYNUMBER_LIBS_RPC_TLS_FOR_TESTS_H_

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "libs/certificates/made_certificates.h"
#include "libs/rpc/channel.h"
#include "libs/rpc/echo_service.h"
#include "libs/rpc/refusals.h"
#include "libs/rpc/server.h"
#include "libs/rpc/tls.h"

namespace mynumber::rpc {

using certificates::Made;
using certificates::MadeAuthority;
using certificates::PemOf;
using certificates::Wish;
using certificates::WriteFile;
using testing::v1::EchoRequest;
using testing::v1::EchoResponse;

inline constexpr char kMunicipality[] = "spiffe://mynumber/municipality/131016";
inline constexpr char kIssuance[] = "spiffe://mynumber/service/issuance";
inline const std::string kEcho = testing::v1::EchoService::service_full_name();

inline bool Within(std::chrono::seconds longest, const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + longest;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

// A refusal of this reason happened since this was made.
class Refusals {
 public:
  explicit Refusals(Refusal refusal) : refusal_(refusal), before_(Refused(refusal)) {}
  ::testing::AssertionResult Grew() const {
    if (Within(std::chrono::seconds(5), [&] { return Refused(refusal_) > before_; }))
      return ::testing::AssertionSuccess();
    ::testing::AssertionResult result = ::testing::AssertionFailure();
    for (size_t i = 0; i < kRefusalNames.size(); ++i) {
      result << kRefusalNames[i] << "=" << Refused(static_cast<Refusal>(i)) << " ";
    }
    return result;
  }

 private:
  const Refusal refusal_;
  const int64_t before_;
};

// A server and its clients on real sockets. Peers that our own credentials would not start with are gRPC's plain
// SslCredentials, and the openssl command where gRPC cannot be made to speak so old a TLS.
class TlsTest : public ::testing::Test {
 protected:
  TlsTest() {
    std::filesystem::remove_all(root_);
    service_.Observe([this](const grpc::CallbackServerContext& context) {
      ++calls_;
      const absl::StatusOr<std::string_view> uri = PeerUri(context);
      caller_ = uri.ok() ? std::string(*uri) : std::string(uri.status().message());
      caller_status_ = uri.status();
    });
  }

  // Folders of certificates: of the server, and of a municipality that may call it.
  std::string ServerFolder() { return Folder("server", {{kIssuance}, true}); }
  std::string ClientFolder() { return Folder("client", {{kMunicipality}}); }
  std::string Folder(const std::string& name, const Wish& wish) {
    const std::string folder = root_ + "/" + name;
    if (!std::filesystem::exists(folder)) authority_.WriteNew(folder, wish);
    return folder;
  }

  void Start(std::shared_ptr<grpc::ServerCredentials> credentials) {
    ServerOptions options;
    options.credentials = std::move(credentials);
    options.handshake_millis = handshake_millis_;
    server_ = Server::Start(options, {{kEcho, &service_}}).value();
  }
  void StartTls() { Start(TlsServerCredentials({ServerFolder(), 1}).value()); }
  // A server whose certificate our own credentials would not start with.
  void StartBad(const Made& made, const std::string& chain) {
    grpc::SslServerCredentialsOptions options;
    options.pem_key_cert_pairs.push_back({PemOf(made.key), chain});
    Start(grpc::SslServerCredentials(options));
  }

  std::string Target() const { return "127.0.0.1:" + std::to_string(server_->Port()); }
  std::shared_ptr<grpc::Channel> Channel(std::shared_ptr<grpc::ChannelCredentials> credentials) {
    ChannelOptions options;
    options.credentials = std::move(credentials);
    options.retries = false;
    options.own_connection = true;
    return MakeChannel(Target(), options);
  }
  std::shared_ptr<grpc::Channel> TlsChannel(const std::string& server = kAnyService) {
    return Channel(TlsChannelCredentials({ClientFolder(), 1}, server).value());
  }
  // A client whose certificate our own credentials would not start with.
  std::shared_ptr<grpc::Channel> BadClient(const std::string& key, const std::string& chain) {
    return Channel(grpc::SslCredentials({authority_.Authorities(), key, chain}));
  }
  std::shared_ptr<grpc::Channel> BadClient(const Wish& wish) {
    const Made made = authority_.Issue(wish);
    return BadClient(PemOf(made.key), authority_.ChainOf(made));
  }

  static grpc::Status Call(const std::shared_ptr<grpc::Channel>& channel, std::string* server_certificate = nullptr) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    EchoRequest request;
    EchoResponse response;
    const grpc::Status status = testing::v1::EchoService::NewStub(channel)->Echo(&context, request, &response);
    if (server_certificate != nullptr && status.ok()) {
      const auto found = context.auth_context()->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
      *server_certificate = found.empty() ? "" : std::string(found[0].data(), found[0].size());
    }
    return status;
  }

  void ExpectRefused(const std::shared_ptr<grpc::Channel>& channel, Refusal refusal, const std::string& what) {
    const Refusals refusals(refusal);
    const int calls = calls_;
    EXPECT_EQ(Call(channel).error_code(), grpc::StatusCode::UNAVAILABLE) << what;
    EXPECT_TRUE(refusals.Grew()) << what;
    EXPECT_EQ(calls_, calls) << what << " reached the handler";
  }

  // What openssl says of a connection with these options.
  std::string OpenSsl(const std::string& options) {
    const std::string folder = ClientFolder(), file = root_ + "/said";
    const std::string command = "openssl s_client -connect " + Target() + " -alpn h2 -brief -cert " + folder +
                                "/certificate.pem -key " + folder + "/key.pem -CAfile " + folder + "/authority.pem " +
                                options + " </dev/null >" + file + " 2>&1";
    const int ignored = std::system(command.c_str());
    (void)ignored;
    std::ostringstream said;
    said << std::ifstream(file).rdbuf();
    return said.str();
  }

  const std::string root_ = ::testing::TempDir() + "/tls_test";
  MadeAuthority authority_;
  EchoService service_;
  std::atomic<int> calls_{0};
  std::string caller_;
  absl::Status caller_status_;
  int handshake_millis_ = ServerOptions().handshake_millis;
  std::unique_ptr<Server> server_;
};

}  // namespace mynumber::rpc

#endif  // MYNUMBER_LIBS_RPC_TLS_FOR_TESTS_H_
