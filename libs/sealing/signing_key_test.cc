#include "libs/sealing/signing_key.h"

#include <gtest/gtest.h>

#include "libs/sealing/hex_for_tests.h"

namespace mynumber::sealing {
namespace {

// RFC 8032, section 7.1, tests 1 and 2.
TEST(SigningKeyTest, SignsAsTheStandardSays) {
  const SigningKey first(FromHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
  EXPECT_EQ(ToHex(first.PublicKey()), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  EXPECT_EQ(ToHex(first.Sign("")),
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b");
  const SigningKey second(FromHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
  EXPECT_EQ(ToHex(second.Sign("r")),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eaeb4302aeeb00d291612bb0c00");
}

TEST(SigningKeyTest, OnlyTheSignatureOfTheStatementByTheKeyIsOne) {
  const SigningKey key(std::string(32, 'k')), other(std::string(32, 'o'));
  const std::string signature = key.Sign("statement");
  EXPECT_TRUE(IsSignature(key.PublicKey(), "statement", signature));
  EXPECT_FALSE(IsSignature(key.PublicKey(), "Statement", signature));
  EXPECT_FALSE(IsSignature(other.PublicKey(), "statement", signature));
  EXPECT_FALSE(IsSignature(key.PublicKey(), "statement", signature.substr(1)));
  EXPECT_FALSE(IsSignature(key.PublicKey(), "statement", ""));
  EXPECT_FALSE(IsSignature("no key", "statement", signature));
  EXPECT_FALSE(IsSignature("", "statement", signature));
}

}  // namespace
}  // namespace mynumber::sealing
