#include "services/card/service_keys.h"

#include <gtest/gtest.h>

#include "libs/identifiers/application_id_permutation.h"
#include "libs/sealing/seeded_chance.h"

namespace mynumber::card {
namespace {

using eventsourcing::SubjectId;
using Verdict = ServiceKeys::TokenVerdict;

constexpr char kFreeDigits[] = "0123456789";

type::Date Born() {
  type::Date date;
  date.set_year(1990);
  date.set_month(4);
  date.set_day(1);
  return date;
}

class ServiceKeysTest : public ::testing::Test {
 protected:
  const sealing::Keyring keyring_ = sealing::Keyring::Generate(sealing::SeededRandom(1));
  const ServiceKeys keys_{&keyring_};
  const SubjectId resident_ = keys_.IdOf(kFreeDigits);
};

TEST_F(ServiceKeysTest, TheFirstIdOfAResidentIsOfTheFirstForm) {
  sealing::BlockCipher cipher = keyring_.ApplicationIdCipher();
  const identifiers::ApplicationIdPermutation permutation({&sealing::BlockCipher::Call, &cipher});
  const auto form = keys_.FormOf(permutation.IdFor(kFreeDigits, 2));
  ASSERT_TRUE(form.has_value());
  EXPECT_EQ(form->resident, resident_);
  EXPECT_EQ(form->number, 3u);
  EXPECT_FALSE(keys_.FormOf(identifiers::ApplicationId::FromBody("1234567890123456789012")).has_value());
}

TEST_F(ServiceKeysTest, ASerialLeadsBackToItsCard) {
  const auto serial = identifiers::CardSerial::Parse(keys_.SerialFor(kFreeDigits, 0));
  ASSERT_TRUE(serial.ok());
  const auto card = keys_.CardOf(*serial);
  ASSERT_TRUE(card.has_value());
  EXPECT_EQ(card->resident, resident_);
  EXPECT_EQ(card->number, 1u);
  EXPECT_FALSE(keys_.CardOf(identifiers::CardSerial::FromBody("1234567890123456789")).has_value());
}

TEST_F(ServiceKeysTest, ATokenIsReadBackAndIsTheSameAgain) {
  const std::string token = keys_.TokenFor(resident_, 3, 12);
  EXPECT_EQ(token, ServiceKeys(&keyring_).TokenFor(resident_, 3, 12));
  LinkSaid said;
  ASSERT_EQ(keys_.ReadToken(token, &said), Verdict::kOurs);
  EXPECT_EQ(said.resident, resident_);
  EXPECT_EQ(said.application, 3u);
  EXPECT_EQ(said.link, 12u);
  EXPECT_EQ(said.token_hash, keys_.TokenHashFor(resident_, 3, 12));
  EXPECT_EQ(said.token_hash.size(), 32u);
  EXPECT_EQ(said.token_hash.find(token.substr(token.size() - 32)), std::string::npos);
}

TEST_F(ServiceKeysTest, AnotherTokenIsNotOurs) {
  const std::string token = keys_.TokenFor(resident_, 3, 12);
  LinkSaid said;
  for (size_t i = 0; i < token.size(); ++i) {
    std::string other = token;
    other[i] = other[i] == '1' ? '2' : '1';
    EXPECT_NE(keys_.ReadToken(other, &said), Verdict::kOurs) << i;
  }
  std::string last = token;
  last.back() = last.back() == '0' ? '1' : '0';
  EXPECT_EQ(keys_.ReadToken(last, &said), Verdict::kNotOurs);
  for (const std::string& text : {std::string(), token + "0", token.substr(1), token + "-1", std::string(200, '-'),
                                  std::string("----")}) {
    EXPECT_EQ(keys_.ReadToken(text, &said), Verdict::kMalformed) << text;
  }
}

TEST_F(ServiceKeysTest, NamesAndCodeWordsAreTakenAsTheyAreHeard) {
  EXPECT_EQ(keys_.NameHash("みほん はなこ", Born()), keys_.NameHash("ミホンハナコ", Born()));
  EXPECT_NE(keys_.NameHash("見本 花子", Born()), keys_.NameHash("見本 太郎", Born()));
  EXPECT_EQ(keys_.CodeWordHash(resident_, "Apricot"), keys_.CodeWordHash(resident_, "ＡＰＲＩＣＯＴ"));
  EXPECT_NE(keys_.CodeWordHash(resident_, "Apricot"), keys_.CodeWordHash(keys_.IdOf("9876543210"), "Apricot"));
  EXPECT_TRUE(keys_.CodeWordHash(resident_, "").empty());
}

TEST_F(ServiceKeysTest, FileNamesAndMailIdsAreHexadecimal) {
  const std::string name = keys_.PhotoFileName(resident_, std::string(32, 'd'));
  EXPECT_EQ(name.size(), 32u);
  EXPECT_EQ(name.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(name, keys_.PhotoFileName(keys_.IdOf("9876543210"), std::string(32, 'd')));
  EXPECT_NE(keys_.MailId(resident_, 1, 1, 1), keys_.MailId(resident_, 1, 1, 2));
}

}  // namespace
}  // namespace mynumber::card
