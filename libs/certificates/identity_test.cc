#include "libs/certificates/identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "libs/certificates/made_certificates.h"

namespace mynumber::certificates {
namespace {

using ::testing::HasSubstr;

class IdentityTest : public ::testing::Test {
 protected:
  IdentityTest() { std::filesystem::remove_all(folder_); }

  std::string Refusal() const {
    const auto identity = ReadIdentity(folder_);
    EXPECT_EQ(identity.status().code(), absl::StatusCode::kFailedPrecondition);
    return std::string(identity.status().message());
  }

  const std::string folder_ = ::testing::TempDir() + "/identity_test";
  const MadeAuthority authority_;
  const Wish good_{{"spiffe://mynumber/service/issuance"}, true};
};

TEST_F(IdentityTest, SaysWhoItIsAndUntilWhen) {
  authority_.WriteNew(folder_, good_);
  const auto identity = ReadIdentity(folder_);
  ASSERT_TRUE(identity.ok()) << identity.status();
  EXPECT_EQ(identity->uri, "spiffe://mynumber/service/issuance");
  EXPECT_NEAR(identity->expires_seconds, std::time(nullptr) + good_.until_seconds, 60);
}

TEST_F(IdentityTest, AKeyThatOthersMayReadIsTakenForKnown) {
  authority_.WriteNew(folder_, good_);
  const std::string key = folder_ + "/" + kKeyFile;
  for (const mode_t mode : {0640, 0604, 0620, 0602, 0644}) {
    chmod(key.c_str(), mode);
    EXPECT_THAT(Refusal(), HasSubstr("Others than its owner may read or change the key " + key)) << std::oct << mode;
  }
  chmod(key.c_str(), 0400);
  EXPECT_TRUE(ReadIdentity(folder_).ok());
}

TEST_F(IdentityTest, AMissingFileIsNamed) {
  for (const char* name : {kCertificateFile, kKeyFile, kAuthorityFile}) {
    authority_.WriteNew(folder_, good_);
    std::filesystem::remove(folder_ + "/" + name);
    EXPECT_THAT(Refusal(), HasSubstr(name));
  }
}

TEST_F(IdentityTest, ADamagedFileIsRefused) {
  for (const char* name : {kCertificateFile, kKeyFile, kAuthorityFile}) {
    authority_.WriteNew(folder_, good_);
    WriteFile(folder_ + "/" + name, "-----BEGIN CERTIFICATE-----\nnothing\n");
    EXPECT_FALSE(Refusal().empty()) << name;
  }
}

TEST_F(IdentityTest, KeyAndCertificateBelongTogether) {
  const Made made = authority_.WriteNew(folder_, good_);
  WriteFile(folder_ + "/" + kKeyFile, PemOf(authority_.Issue(good_).key));
  EXPECT_THAT(Refusal(), HasSubstr("is not the key of"));
}

TEST_F(IdentityTest, NotOfThisTimeOrOfThisAuthority) {
  Wish wish = good_;
  wish.until_seconds = -60;
  authority_.WriteNew(folder_, wish);
  EXPECT_THAT(Refusal(), HasSubstr("certificate has expired"));
  wish.from_seconds = 600;
  wish.until_seconds = 3'600;
  authority_.WriteNew(folder_, wish);
  EXPECT_THAT(Refusal(), HasSubstr("certificate is not yet valid"));
  authority_.WriteNew(folder_, good_);
  WriteFile(folder_ + "/" + kAuthorityFile, MadeAuthority().Authorities());
  EXPECT_THAT(Refusal(), HasSubstr("cannot be used"));
}

TEST_F(IdentityTest, OneUriNameOfOurs) {
  for (const auto& uris : std::vector<std::vector<std::string>>{
           {}, {"spiffe://elsewhere/service/issuance"}, {"spiffe://mynumber/operator", "spiffe://mynumber/hotline"}}) {
    authority_.WriteNew(folder_, {uris, true});
    EXPECT_THAT(Refusal(), HasSubstr("URI names; it needs one"));
  }
}

TEST(IsIdentityTest, IsWhatItSays) {
  for (const char* uri :
       {"spiffe://mynumber/municipality/131016", "spiffe://mynumber/post-office", "spiffe://mynumber/a_b.C"}) {
    EXPECT_TRUE(IsIdentity(uri)) << uri;
  }
  for (const char* uri : {"", "spiffe://mynumber", "spiffe://mynumber/", "spiffe://mynumber//x", "spiffe://mynumber/x/",
                          "spiffe://mynumber/..", "spiffe://mynumber/service/../operator", "spiffe://mynumber/x?y",
                          "spiffe://mynumber/%6f", "spiffe://mynumber2/x", "SPIFFE://mynumber/x", "https://mynumber/x",
                          "spiffe://mynumber/x y"}) {
    EXPECT_FALSE(IsIdentity(uri)) << uri;
  }
  EXPECT_FALSE(IsIdentity(std::string_view("spiffe://mynumber/x\0y", 21)));
}

}  // namespace
}  // namespace mynumber::certificates
