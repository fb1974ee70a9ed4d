#include "libs/certificates/revocations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "libs/certificates/identity.h"
#include "libs/certificates/made_certificates.h"
#include "libs/log/log.h"

namespace mynumber::certificates {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

class RevocationsTest : public ::testing::Test {
 protected:
  RevocationsTest() {
    std::filesystem::remove_all(folder_);
    log::Options options;
    options.sink = [this](std::string_view line) { lines_.emplace_back(line); };
    log::Configure(std::move(options));
    made_ = authority_.WriteNew(folder_, {{"spiffe://mynumber/hotline"}});
  }
  ~RevocationsTest() override { log::Configure({}); }

  absl::Status Check(Revocations& revocations, const Made& made) {
    return revocations.Check(PemOf(made.certificate), authority_.ChainOf(made));
  }

  const std::string folder_ = ::testing::TempDir() + "/revocations_test";
  const std::string list_ = folder_ + "/" + kRevokedFile;
  MadeAuthority authority_;
  Made made_;
  std::vector<std::string> lines_;
};

TEST_F(RevocationsTest, ReadsTheListAnewWhenItChanges) {
  const auto revocations = Revocations::Open(folder_).value();
  const Made other = authority_.Issue({{"spiffe://mynumber/operator"}});
  EXPECT_TRUE(Check(*revocations, made_).ok());
  authority_.Revoke(made_.certificate);
  EXPECT_TRUE(Check(*revocations, made_).ok()) << "nobody has written it yet";
  WriteFile(list_, authority_.List());
  EXPECT_EQ(Check(*revocations, made_).code(), absl::StatusCode::kPermissionDenied);
  EXPECT_TRUE(Check(*revocations, other).ok());
}

TEST_F(RevocationsTest, AListThatGoesOrIsDamagedLeavesTheLastOne) {
  authority_.Revoke(made_.certificate);
  WriteFile(list_, authority_.List());
  const auto revocations = Revocations::Open(folder_).value();
  MadeAuthority stranger;
  for (const std::string& text : {std::string("nothing"), stranger.List()}) {
    WriteFile(list_, text);
    EXPECT_EQ(Check(*revocations, made_).code(), absl::StatusCode::kPermissionDenied);
  }
  std::filesystem::remove(list_);
  EXPECT_EQ(Check(*revocations, made_).code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(lines_, Contains(HasSubstr("revocations_unreadable")).Times(3));
}

TEST_F(RevocationsTest, WithoutAListOfTheAuthorityThereIsNoStart) {
  MadeAuthority stranger;
  for (const std::string& text : {std::string("nothing"), stranger.List()}) {
    WriteFile(list_, text);
    EXPECT_EQ(Revocations::Open(folder_).status().code(), absl::StatusCode::kFailedPrecondition);
  }
  std::filesystem::remove(list_);
  EXPECT_THAT(std::string(Revocations::Open(folder_).status().message()), HasSubstr(list_ + " cannot be read"));
}

TEST_F(RevocationsTest, WhoseIssuerHasNoListIsRefused) {
  const auto revocations = Revocations::Open(folder_).value();
  const MadeAuthority stranger;
  // Both authorities of this test have one name; its own certificate is signed by itself.
  const Made made = stranger.Issue({{"spiffe://mynumber/hotline"}, false, -60, 60, true});
  EXPECT_THAT(std::string(Check(*revocations, made).message()), HasSubstr("its issuer has none"));
}

TEST_F(RevocationsTest, AnExpiredCertificateIsRefusedEvenIfTheChainWasAskedBefore) {
  const auto revocations = Revocations::Open(folder_).value();
  const Made late = authority_.Issue({{"spiffe://mynumber/hotline"}, false, -600, -60});
  EXPECT_EQ(Check(*revocations, late).code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(revocations->Check("nothing", "").code(), absl::StatusCode::kUnauthenticated);
}

TEST_F(RevocationsTest, AStaleListHoldsAndIsLogged) {
  authority_.Revoke(made_.certificate);
  WriteFile(list_, authority_.List(-30));
  const auto revocations = Revocations::Open(folder_).value();
  EXPECT_EQ(Check(*revocations, made_).code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(lines_, Contains(HasSubstr("revocations_stale")));
}

}  // namespace
}  // namespace mynumber::certificates
