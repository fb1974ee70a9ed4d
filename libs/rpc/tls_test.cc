// Mutual TLS on real sockets. Peers that our own credentials would not start with are gRPC's plain SslCredentials, and the
// openssl command where gRPC cannot be made to speak so old a TLS.
#include "libs/rpc/tls.h"

#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/certificates/identity.h"
#include "libs/certificates/made_certificates.h"
#include "libs/metrics/metrics.h"
#include "libs/rpc/channel.h"
#include "libs/rpc/echo_service.h"
#include "libs/rpc/refusals.h"
#include "libs/rpc/server.h"

namespace mynumber::rpc {
namespace {

using ::testing::HasSubstr;
using certificates::Made;
using certificates::MadeAuthority;
using certificates::PemOf;
using certificates::Wish;
using certificates::WriteFile;
using testing::v1::EchoRequest;
using testing::v1::EchoResponse;
using Stub = testing::v1::EchoService::Stub;

constexpr char kMunicipality[] = "spiffe://mynumber/municipality/131016";
constexpr char kIssuance[] = "spiffe://mynumber/service/issuance";
const std::string kEcho = testing::v1::EchoService::service_full_name();

bool Within(std::chrono::seconds longest, const std::function<bool()>& holds) {
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
    if (Within(std::chrono::seconds(5), [&] { return Refused(refusal_) > before_; })) return ::testing::AssertionSuccess();
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
  std::unique_ptr<Server> server_;
};

TEST_F(TlsTest, BothSidesKnowEachOtherAndTheIdentityArrives) {
  StartTls();
  for (const char* server : {kAnyService, kIssuance}) {
    const grpc::Status status = Call(TlsChannel(server));
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(caller_, kMunicipality);
  }
  EXPECT_EQ(calls_, 2);
}

TEST_F(TlsTest, PlainTextHasNoIdentity) {
  Start(nullptr);
  ASSERT_TRUE(Call(Channel(nullptr)).ok());
  EXPECT_EQ(caller_status_.code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(Call(server_->InProcessChannel()).ok());
  EXPECT_EQ(caller_status_.code(), absl::StatusCode::kNotFound);
}

TEST_F(TlsTest, ClientsThatTheAuthorityDoesNotVouchForAreRefused) {
  StartTls();
  ExpectRefused(BadClient("", ""), Refusal::kNoCertificate, "no certificate");
  ExpectRefused(BadClient({{kMunicipality}, false, -7'200, -60}), Refusal::kUntrusted, "expired");
  ExpectRefused(BadClient({{kMunicipality}, false, 600, 7'200}), Refusal::kUntrusted, "not yet valid");
  const Made self_signed = authority_.Issue({{kMunicipality}, false, -60, 3'600, true});
  ExpectRefused(BadClient(PemOf(self_signed.key), PemOf(self_signed.certificate)), Refusal::kUntrusted, "self-signed");
  const MadeAuthority stranger;
  const Made strange = stranger.Issue({{kMunicipality}});
  ExpectRefused(BadClient(PemOf(strange.key), stranger.ChainOf(strange)), Refusal::kUntrusted, "wrong authority");
  EXPECT_TRUE(Call(TlsChannel()).ok()) << "after all of them";
}

TEST_F(TlsTest, ClientsWithoutOneNameOfOursAreRefused) {
  StartTls();
  ExpectRefused(BadClient(Wish{}), Refusal::kWrongName, "no name");
  ExpectRefused(BadClient({{"spiffe://elsewhere/municipality/131016"}}), Refusal::kWrongName, "elsewhere");
  ExpectRefused(BadClient({{kMunicipality, "spiffe://mynumber/operator"}}), Refusal::kWrongName, "two names");
  ExpectRefused(BadClient({{"https://mynumber/operator"}}), Refusal::kWrongName, "no SPIFFE name");
}

TEST_F(TlsTest, ServersThatTheAuthorityDoesNotVouchForAreRefused) {
  Made made = authority_.Issue({{kIssuance}, true, -7'200, -60});
  StartBad(made, authority_.ChainOf(made));
  ExpectRefused(TlsChannel(), Refusal::kUntrusted, "expired");
  made = authority_.Issue({{kIssuance}, true, -60, 3'600, true});
  StartBad(made, PemOf(made.certificate));
  ExpectRefused(TlsChannel(), Refusal::kUntrusted, "self-signed");
  const MadeAuthority stranger;
  made = stranger.Issue({{kIssuance}, true});
  StartBad(made, stranger.ChainOf(made));
  ExpectRefused(TlsChannel(), Refusal::kUntrusted, "wrong authority");
  made = authority_.Issue({{kIssuance}, false});
  StartBad(made, authority_.ChainOf(made));
  ExpectRefused(TlsChannel(), Refusal::kUntrusted, "a certificate for clients alone");
  Start(nullptr);
  ExpectRefused(TlsChannel(), Refusal::kPlainText, "plain text");
}

TEST_F(TlsTest, AStolenCertificateCannotPlayTheServer) {
  for (const char* uri : {kMunicipality, "spiffe://mynumber/service", "spiffe://mynumber/services/issuance"}) {
    const Made made = authority_.Issue({{uri}, true});
    StartBad(made, authority_.ChainOf(made));
    ExpectRefused(TlsChannel(), Refusal::kWrongName, uri);
  }
  StartTls();
  ExpectRefused(TlsChannel("spiffe://mynumber/service/notice"), Refusal::kWrongName, "another service");
  ExpectRefused(TlsChannel("spiffe://mynumber/service/issuance2"), Refusal::kWrongName, "more than its name");
}

TEST_F(TlsTest, PlainTextToATlsPortIsRefused) {
  StartTls();
  ExpectRefused(Channel(nullptr), Refusal::kPlainText, "plain text");
}

TEST_F(TlsTest, NothingBelowTls13) {
  StartTls();
  // What openssl itself would not offer any more.
  const std::string old = " -cipher ALL:@SECLEVEL=0";
  EXPECT_THAT(OpenSsl("-tls1_3" + old), HasSubstr("Protocol version: TLSv1.3"));
  for (const char* version : {"-tls1_2", "-tls1_1", "-tls1"}) {
    const Refusals refusals(Refusal::kOldProtocol);
    EXPECT_THAT(OpenSsl(version + old), Not(HasSubstr("CONNECTION ESTABLISHED"))) << version;
    EXPECT_TRUE(refusals.Grew()) << version;
  }
}

TEST_F(TlsTest, TheRevokedAreRefusedWithTheNextConnection) {
  const Made client = authority_.WriteNew(root_ + "/client", {{kMunicipality}});
  StartTls();
  const auto before = TlsChannel();
  ASSERT_TRUE(Call(before).ok());
  authority_.Revoke(client.certificate);
  WriteFile(ServerFolder() + "/" + certificates::kRevokedFile, authority_.List());
  ExpectRefused(TlsChannel(), Refusal::kRevoked, "revoked");
  EXPECT_TRUE(Call(before).ok()) << "the connection that was there lives until its age";
  EXPECT_TRUE(Call(BadClient({{kMunicipality}})).ok()) << "another certificate of the same name";
}

TEST_F(TlsTest, ARevokedServerIsRefused) {
  const Made server = authority_.WriteNew(root_ + "/server", {{kIssuance}, true});
  StartTls();
  authority_.Revoke(server.certificate);
  ExpectRefused(TlsChannel(), Refusal::kRevoked, "revoked");
}

TEST_F(TlsTest, ANewCertificateIsTakenWhileCallsRun) {
  StartTls();
  const auto old_channel = TlsChannel();
  std::string old_certificate;
  ASSERT_TRUE(Call(old_channel, &old_certificate).ok());
  grpc::ClientContext context;
  const auto stream = testing::v1::EchoService::NewStub(old_channel)->EchoStream(&context);
  EchoRequest request;
  EchoResponse response;
  ASSERT_TRUE(stream->Write(request) && stream->Read(&response));

  const Made renewed = authority_.WriteNew(ServerFolder(), {{kIssuance}, true});
  std::string certificate;
  EXPECT_TRUE(Within(std::chrono::seconds(10), [&] {
    Call(TlsChannel(), &certificate);
    return certificate == PemOf(renewed.certificate);
  }));
  EXPECT_NE(certificate, old_certificate);
  EXPECT_TRUE(stream->Write(request) && stream->Read(&response)) << "the old connection stays";
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(TlsTest, AnotherAuthorityIsTakenWhileTheServerRuns) {
  StartTls();
  ASSERT_TRUE(Call(TlsChannel()).ok());
  MadeAuthority next;
  next.WriteNew(ServerFolder(), {{kIssuance}, true});
  std::filesystem::remove_all(ClientFolder());
  next.WriteNew(root_ + "/client", {{kMunicipality}});
  EXPECT_TRUE(Within(std::chrono::seconds(10), [&] { return Call(TlsChannel()).ok(); }));
  ExpectRefused(BadClient({{kMunicipality}}), Refusal::kByPeer, "of the authority before");
}

TEST_F(TlsTest, ADamagedFileLetsNobodyInAndIsMendedWithoutARestart) {
  StartTls();
  ASSERT_TRUE(Call(TlsChannel()).ok());
  for (const char* name : {certificates::kCertificateFile, certificates::kKeyFile, certificates::kAuthorityFile}) {
    ClientFolder();
    WriteFile(ServerFolder() + "/" + name, "nothing\n");
    EXPECT_TRUE(Within(std::chrono::seconds(10), [&] { return !Call(TlsChannel()).ok(); })) << name;
    const int calls = calls_;
    EXPECT_FALSE(Call(Channel(nullptr)).ok()) << name << ": never plain text";
    EXPECT_EQ(calls_, calls);
    authority_.WriteNew(ServerFolder(), {{kIssuance}, true});
    EXPECT_TRUE(Within(std::chrono::seconds(10), [&] { return Call(TlsChannel()).ok(); })) << name;
  }
}

TEST_F(TlsTest, WhatIsWrongAtTheStartIsSaid) {
  const std::string folder = ServerFolder();
  const std::string key = folder + "/" + certificates::kKeyFile;
  chmod(key.c_str(), 0640);
  for (const absl::Status& status :
       {TlsServerCredentials({folder}).status(), TlsChannelCredentials({folder}).status()}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(status.message()), HasSubstr("Others than its owner may read or change the key " + key));
  }
  chmod(key.c_str(), 0600);
  std::filesystem::remove(folder + "/" + certificates::kRevokedFile);
  EXPECT_THAT(std::string(TlsServerCredentials({folder}).status().message()), HasSubstr("revoked.pem cannot be read"));
  EXPECT_THAT(std::string(TlsServerCredentials({root_ + "/nowhere"}).status().message()), HasSubstr("nowhere/key.pem"));
  EXPECT_EQ(TlsChannelCredentials({ClientFolder()}, "").status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(TlsTest, FoldersOfTheDevelopmentAuthorityFit) {
  const auto run = [&](const std::string& words) {
    return std::system(("deploy/certs/" + words + " >" + root_ + ".log 2>&1").c_str());
  };
  ASSERT_EQ(run("make --folder " + root_ + " service/issuance municipality/131016"), 0);
  Start(TlsServerCredentials({root_ + "/service/issuance", 1}).value());
  const auto channel = [&] { return Channel(TlsChannelCredentials({root_ + "/municipality/131016", 1}).value()); };
  ASSERT_TRUE(Call(channel()).ok());
  EXPECT_EQ(caller_, kMunicipality);
  ASSERT_EQ(run("revoke --folder " + root_ + " municipality/131016"), 0);
  ExpectRefused(channel(), Refusal::kRevoked, "revoked");
  ASSERT_EQ(run("make --folder " + root_ + " municipality/131016 service/issuance"), 0);
  EXPECT_TRUE(Within(std::chrono::seconds(10), [&] { return Call(channel()).ok(); }));
}

TEST_F(TlsTest, RefusalsAreAMetric) {
  metrics::Registry registry;
  ExposeRefusals(registry);
  EXPECT_THAT(registry.Text(), HasSubstr("mynumber_connections_refused_total{reason=\"by_peer\"}"));
  const int64_t before = Refused(Refusal::kRevoked);
  CountRefusal(Refusal::kRevoked);
  EXPECT_THAT(registry.Text(), HasSubstr("mynumber_connections_refused_total{reason=\"revoked\"} " +
                                         std::to_string(before + 1) + "\n"));
}

}  // namespace
}  // namespace mynumber::rpc
