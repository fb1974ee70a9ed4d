#include "libs/token/token_key.h"

#include <string>

#include "gtest/gtest.h"
#include "libs/token/token_for_tests.h"

namespace mynumber::token {
namespace {

constexpr std::string_view kNonce = "a made-up on";

class TokenKeyTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { token_ = new TokenForTests(); }
  static void TearDownTestSuite() {
    delete token_;
    token_ = nullptr;
  }
  ~TokenKeyTest() override { token_->WritePin(kRightPin); }

  static std::unique_ptr<TokenKey> Key(const std::string& name) {
    const absl::Status made = TokenKey::Make(token_->Uri(name));
    EXPECT_TRUE(made.ok() || absl::IsAlreadyExists(made)) << made;
    auto key = TokenKey::Find(token_->Uri(name));
    EXPECT_TRUE(key.ok()) << key.status();
    return *std::move(key);
  }
  static absl::Status Open(TokenKey* key, std::string_view sealed, std::string_view associated, std::string* plain) {
    plain->reserve(1000);
    return key->Open(kNonce, sealed, associated, plain);
  }
  static absl::StatusCode FindCode(const std::string& uri) { return TokenKey::Find(uri).status().code(); }

  static TokenForTests* token_;
};
TokenForTests* TokenKeyTest::token_ = nullptr;

TEST_F(TokenKeyTest, OpensWhatItSealed) {
  const std::string text = "a text that is to stay between us";
  const auto sealed = Key("one")->Seal(kNonce, text, "of a file");
  ASSERT_TRUE(sealed.ok()) << sealed.status();
  EXPECT_EQ(sealed->size(), text.size() + kTagBytes);
  EXPECT_EQ(sealed->find("text"), std::string::npos);
  std::string plain;
  const absl::Status opened = Open(Key("one").get(), *sealed, "of a file", &plain);
  ASSERT_TRUE(opened.ok()) << opened;
  EXPECT_EQ(plain, text);
}

TEST_F(TokenKeyTest, OpensNothingElse) {
  const auto key = Key("one");
  std::string sealed = *key->Seal(kNonce, "a text", "of a file");
  std::string plain;
  EXPECT_EQ(Open(Key("another").get(), sealed, "of a file", &plain).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(Open(key.get(), sealed, "of another file", &plain).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(Open(key.get(), "short", "of a file", &plain).code(), absl::StatusCode::kDataLoss);
  sealed[2] ^= 1;
  EXPECT_EQ(Open(key.get(), sealed, "of a file", &plain).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(plain, "");
}

TEST_F(TokenKeyTest, IsMadeOnce) {
  EXPECT_TRUE(TokenKey::Make(token_->Uri("once")).ok());
  EXPECT_EQ(TokenKey::Make(token_->Uri("once")).code(), absl::StatusCode::kAlreadyExists);
}

TEST_F(TokenKeyTest, SaysWhatIsWrong) {
  const std::string uri = token_->Uri("one");
  EXPECT_EQ(FindCode("a file"), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(FindCode(uri.substr(0, uri.find('?'))), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(FindCode(token_->Uri("nobody-made-it")), absl::StatusCode::kNotFound);
  std::string other = uri;
  EXPECT_EQ(FindCode(other.replace(other.find("made%20up"), 9, "lost")), absl::StatusCode::kNotFound);
  std::string nowhere = uri;
  EXPECT_EQ(FindCode(nowhere.replace(nowhere.find("libsofthsm2"), 11, "libnowhere")), absl::StatusCode::kUnavailable);
  EXPECT_EQ(FindCode(uri + "-nowhere"), absl::StatusCode::kUnavailable);
  token_->WritePin("9999-made-up");
  const absl::Status refused = TokenKey::Find(uri).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(refused.message().find("9999"), absl::string_view::npos);
}

}  // namespace
}  // namespace mynumber::token
