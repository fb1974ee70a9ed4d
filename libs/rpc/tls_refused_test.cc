// Who is refused, on either side, and that it is counted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <vector>

#include "libs/certificates/identity.h"
#include "libs/metrics/metrics.h"
#include "libs/rpc/refusals.h"
#include "libs/rpc/tls.h"
#include "libs/rpc/tls_for_tests.h"

namespace mynumber::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

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

TEST_F(TlsTest, WhoeverConnectsAndSaysNothingIsDisconnected) {
  handshake_millis_ = 500;
  StartTls();
  std::vector<int> silent;
  for (int i = 0; i < 50; ++i) {
    const int one = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to = {};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<uint16_t>(server_->Port()));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(connect(one, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
    silent.push_back(one);
  }
  EXPECT_TRUE(Call(TlsChannel()).ok()) << "beside them";
  for (const int one : silent) {
    const timeval patience{10, 0};
    setsockopt(one, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    char byte = 0;
    const ssize_t read_bytes = recv(one, &byte, 1, 0);
    EXPECT_TRUE(read_bytes == 0 || (read_bytes < 0 && errno == ECONNRESET)) << read_bytes << " " << errno;
    close(one);
  }
}

TEST_F(TlsTest, NoServerBelowTls13IsTaken) {
  const std::string folder = ServerFolder();
  for (const char* version : {"-tls1_3", "-tls1_2"}) {
    const std::string command = "timeout 20 openssl s_server -accept 127.0.0.1:0 -naccept 1 -www -alpn h2 -cert " +
                                folder + "/certificate.pem -cert_chain " + folder + "/certificate.pem -key " + folder +
                                "/key.pem " + version + " </dev/null 2>&1";
    FILE* const server = popen(command.c_str(), "r");
    char line[200] = {};
    while (fgets(line, sizeof(line), server) != nullptr && std::string(line).find("ACCEPT") != 0) continue;
    ASSERT_THAT(line, HasSubstr("ACCEPT 127.0.0.1:"));
    ChannelOptions options;
    options.credentials = TlsChannelCredentials({ClientFolder()}).value();
    options.retries = false;
    const int64_t before = Refused(Refusal::kByPeer);
    const std::string target = std::string(line).substr(7, std::string(line).find('\n') - 7);
    EXPECT_FALSE(Call(MakeChannel(target, options)).ok()) << "it is no gRPC server in any case";
    // The server finds no cipher that both know.
    EXPECT_EQ(Refused(Refusal::kByPeer) > before, std::string(version) == "-tls1_2") << version;
    pclose(server);
  }
}

TEST_F(TlsTest, ARefusalByTheOtherSideIsCounted) {
  StartTls();
  const Refusals refusals(Refusal::kByPeer);
  OpenSsl("-verify_return_error -verify_hostname elsewhere.example.jp");
  EXPECT_TRUE(refusals.Grew());
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

TEST_F(TlsTest, RefusalsAreAMetric) {
  metrics::Registry registry;
  ExposeRefusals(registry);
  EXPECT_THAT(registry.Text(), HasSubstr("mynumber_connections_refused_total{reason=\"by_peer\"}"));
  const int64_t before = Refused(Refusal::kRevoked);
  CountRefusal(Refusal::kRevoked);
  EXPECT_THAT(registry.Text(),
              HasSubstr("mynumber_connections_refused_total{reason=\"revoked\"} " + std::to_string(before + 1) + "\n"));
}

}  // namespace
}  // namespace mynumber::rpc
