#include "libs/rpc/tls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>

#include "libs/certificates/identity.h"
#include "libs/metrics/metrics.h"
#include "libs/rpc/tls_for_tests.h"

namespace mynumber::rpc {
namespace {

using ::testing::HasSubstr;

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
  const Made made = authority_.Issue({{kMunicipality}});
  const grpc::SslCredentialsOptions before{next.Authorities(), PemOf(made.key), authority_.ChainOf(made)};
  ExpectRefused(Channel(grpc::SslCredentials(before)), Refusal::kUntrusted, "of the authority before");
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

TEST_F(TlsTest, ExpiryIsAMetricAndZeroWhenTheFilesAreDamaged) {
  metrics::Registry registry;
  ExposeExpiry(registry, {ServerFolder()});
  const std::string name = "\nmynumber_certificate_expiry_timestamp_seconds ";
  const std::string text = registry.Text();
  ASSERT_THAT(text, HasSubstr(name));
  EXPECT_NEAR(std::stod(text.substr(text.find(name) + name.size())), std::time(nullptr) + Wish().until_seconds, 60);
  WriteFile(ServerFolder() + "/" + certificates::kCertificateFile, "nothing\n");
  EXPECT_THAT(registry.Text(), HasSubstr(name + "0\n"));
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

}  // namespace
}  // namespace mynumber::rpc
