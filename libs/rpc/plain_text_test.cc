#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "libs/rpc/tls.h"

namespace mynumber::rpc {
namespace {

using ::testing::HasSubstr;

TEST(CheckPlainTextTest, ThisMachineItselfIsServedWithoutCertificates) {
  for (const char* address : {"127.0.0.1:50051", "127.9.9.9:1", "127.0.0.1", "[::1]:50051", "::1", "localhost:50051",
                              "ipv4:127.0.0.1:1,127.0.0.1:2", "dns:///localhost:1", "unix:/run/mynumber.sock"}) {
    EXPECT_TRUE(CheckPlainText(address).ok()) << address;
  }
}

TEST(CheckPlainTextTest, AnythingElseIsNot) {
  for (const char* address : {"0.0.0.0:50051", "[::]:50051", ":::1", "10.0.0.1:1", "128.0.0.1:1", "issuance:50051",
                              "dns:///issuance:50051", "", "localhost.example.jp:1", "127.0.0.1.example.jp:1",
                              "[::ffff:10.0.0.1]:1", "127.0.0.1:1,10.0.0.1:2", ":50051"}) {
    const absl::Status checked = CheckPlainText(address);
    EXPECT_EQ(checked.code(), absl::StatusCode::kFailedPrecondition) << address;
    EXPECT_THAT(std::string(checked.message()), HasSubstr("name a folder of certificates, or take 127.0.0.1"))
        << address;
  }
}

}  // namespace
}  // namespace mynumber::rpc
