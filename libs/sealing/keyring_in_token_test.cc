// The keyring's file, sealed by a key in SoftHSM.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <sstream>
#include <string>

#include "libs/sealing/key_file.h"
#include "libs/sealing/keyring.h"
#include "libs/sealing/keyring_folder_for_tests.h"
#include "libs/token/token_for_tests.h"
#include "libs/token/token_key.h"

namespace mynumber::sealing {
namespace {

class KeyringInTokenTest : public KeyringFolder {
 protected:
  static void SetUpTestSuite() {
    token_ = new token::TokenForTests();
    for (const char* name : {"one", "another"}) ASSERT_TRUE(token::TokenKey::Make(token_->Uri(name)).ok());
  }
  static void TearDownTestSuite() {
    delete token_;
    token_ = nullptr;
  }

  KeyringInTokenTest() {
    EXPECT_TRUE(Keyring::Create(path_).ok());
    plain_ = Read();
  }
  ~KeyringInTokenTest() override { token_->WritePin(token::kRightPin); }

  void Seal(const char* key) const {
    const absl::Status sealed = PutKeyFileIntoToken(path_, token_->Uri(key));
    ASSERT_TRUE(sealed.ok()) << sealed;
  }
  std::string Opened() const {
    SecretText text(kKeyFileBytesMax);
    const absl::Status read = ReadKeyFile(path_, &text);
    EXPECT_TRUE(read.ok()) << read;
    return std::string(text.text);
  }

  static token::TokenForTests* token_;
  std::string plain_;
};
token::TokenForTests* KeyringInTokenTest::token_ = nullptr;

TEST_F(KeyringInTokenTest, HoldsNoKeyAndLoadsAsBefore) {
  const std::string before = Keyring::Load(path_)->Fingerprint();
  Seal("one");
  struct stat state;
  ASSERT_EQ(stat(path_.c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777, 0600u);
  std::istringstream lines(plain_);
  for (std::string name, version, hex; lines >> name >> version >> hex;) {
    if (hex.size() == 64) EXPECT_EQ(Read().find(hex), std::string::npos) << name;
  }
  const auto keyring = Keyring::Load(path_);
  ASSERT_TRUE(keyring.ok()) << keyring.status();
  EXPECT_EQ(keyring->Fingerprint(), before);
  EXPECT_EQ(Opened(), plain_);
}

TEST_F(KeyringInTokenTest, GoesFromOneKeyToAnother) {
  Seal("one");
  const std::string by_one = Read();
  Seal("another");
  EXPECT_NE(Read(), by_one);
  EXPECT_NE(Read().find("object=another"), std::string::npos);
  EXPECT_EQ(Opened(), plain_);
}

TEST_F(KeyringInTokenTest, WithoutTheTokenItIsNothing) {
  Seal("one");
  token_->WritePin("0000-made-up");
  EXPECT_EQ(LoadCode(), absl::StatusCode::kPermissionDenied);
  token_->WritePin(token::kRightPin);
  std::string other = Read();
  Write(other.replace(other.find("object=one"), 10, "object=two"));
  EXPECT_EQ(LoadCode(), absl::StatusCode::kNotFound);
  EXPECT_NE(Keyring::Load(path_).status().message().find(path_), absl::string_view::npos);
}

TEST_F(KeyringInTokenTest, AChangedFileIsDamaged) {
  Seal("one");
  const std::string sealed = Read();
  // One that names another key than the one that sealed it.
  std::string other = sealed;
  Write(other.replace(other.find("object=one"), 10, "object=another"));
  EXPECT_EQ(LoadCode(), absl::StatusCode::kDataLoss);
  // Or none.
  Write(std::string(other).replace(other.find("pkcs11:"), 7, "pkcs12:"));
  EXPECT_EQ(LoadCode(), absl::StatusCode::kDataLoss);
  for (const size_t at : {sealed.size() - 2, sealed.size() - 70, sealed.find('\n', 30) + 3}) {
    std::string changed = sealed;
    changed[at] = changed[at] == '0' ? '1' : '0';
    Write(changed);
    EXPECT_EQ(LoadCode(), absl::StatusCode::kDataLoss) << at;
  }
  for (const size_t size : {sealed.size() - 1, sealed.size() - 3, sealed.find('\n', 30) + 1, sealed.find('\n', 30)}) {
    Write(sealed.substr(0, size));
    EXPECT_EQ(LoadCode(), absl::StatusCode::kDataLoss) << size;
  }
}

TEST_F(KeyringInTokenTest, KeysOfANewerVersionAreAddedUnderTheSeal) {
  WriteWithout(plain_, {"record-code"});
  Seal("one");
  const auto extended = Keyring::Load(path_);
  ASSERT_TRUE(extended.ok()) << extended.status();
  EXPECT_TRUE(extended->is_extended());
  EXPECT_EQ(Read().find("record-code"), std::string::npos);
  EXPECT_NE(Opened().find("record-code"), std::string::npos);
  EXPECT_FALSE(Keyring::Load(path_)->is_extended());
}

}  // namespace
}  // namespace mynumber::sealing
