#include "libs/eventsourcing/sealed_rows.h"

#include <set>

#include "gtest/gtest.h"

namespace mynumber::eventsourcing {
namespace {

SubjectId Subject(char letter) { return SubjectId::FromBytes(std::string(16, letter)); }

TEST(SealedRowsTest, TheTablesAreApart) {
  EXPECT_EQ(StateKey(Subject('s')), "a" + std::string(16, 's'));
  const std::string receipt = ReceiptKey("municipality/131016", "RecordMove", std::string(16, 'i'));
  EXPECT_EQ(receipt.substr(0, 17), "r" + std::string(16, 'i'));
  EXPECT_EQ(receipt.size(), 25u);
  EXPECT_EQ(kHeadKey, std::string(1, '\0'));
}

TEST(SealedRowsTest, AReceiptIsOfOneCallerMethodAndRequest) {
  const std::string id(16, 'i'), other_id(16, 'j');
  const std::set<std::string> keys = {ReceiptKey("ab", "c", id), ReceiptKey("a", "bc", id), ReceiptKey("abc", "", id),
                                      ReceiptKey("ab", "d", id), ReceiptKey("ab", "c", other_id)};
  EXPECT_EQ(keys.size(), 5u);
}

// Stored rows are found under these bytes for ever.
TEST(SealedRowsTest, TheHashOfCallerAndMethodNeverChanges) {
  const std::string key = ReceiptKey("municipality/131016", "RegisterResident", std::string(16, '\0'));
  std::string hex;
  for (char byte : key.substr(17)) {
    hex += "0123456789abcdef"[static_cast<uint8_t>(byte) >> 4];
    hex += "0123456789abcdef"[static_cast<uint8_t>(byte) & 15];
  }
  EXPECT_EQ(hex, "67fb2df4b3930cb0");
}

TEST(SealedRowsTest, ASealedValueIsBoundToItsPlace) {
  const std::set<std::string> bound = {EventAssociatedData("opened", Subject('s'), 1),
                                       EventAssociatedData("opened", Subject('s'), 2),
                                       EventAssociatedData("opened", Subject('t'), 1),
                                       EventAssociatedData("closed", Subject('s'), 1),
                                       StateAssociatedData(Subject('s')),
                                       StateAssociatedData(Subject('t')),
                                       ReceiptAssociatedData(Subject('s'), 1),
                                       ReceiptAssociatedData(Subject('s'), 2)};
  EXPECT_EQ(bound.size(), 8u);
}

TEST(SealedRowsTest, AStateRowCarriesItsWrappedKey) {
  SubjectKey key;
  key.id.fill(1);
  key.secret.fill(2);
  key.wrapped.fill(3);
  key.master_version = 0x01020304;
  std::string head;
  AppendStateRowHead(key, KeyBlockRef::Of(key.id_view(), 7), &head);
  const std::string value = head + "sealed";
  EXPECT_EQ(value.size(), 90u);
  EXPECT_EQ(value.find(std::string(32, '\2')), std::string::npos) << "the secret itself is not stored";
  const auto row = DecodeStateRow(value);
  ASSERT_TRUE(row.ok());
  EXPECT_EQ(row->key.id, key.id);
  EXPECT_EQ(row->key.wrapped, key.wrapped);
  EXPECT_EQ(row->key.master_version, key.master_version);
  EXPECT_EQ(row->sealed, "sealed");
  EXPECT_EQ(row->block.claim_id, key.id);
  EXPECT_EQ(row->block.claim_sequence, 7u);
  EXPECT_TRUE(DecodeStateRow(head).ok());
  EXPECT_TRUE(absl::IsDataLoss(DecodeStateRow(value.substr(0, 83)).status()));
}

TEST(SealedRowsTest, AReceiptRowTellsItsTimeUnread) {
  eventlog::v1::Receipt receipt;
  receipt.set_time_micros(1'795'392'000'000'000);
  receipt.set_request_hash("hash");
  receipt.add_entries()->set_version(7);
  const std::string value = EncodeReceiptRow(receipt);
  EXPECT_EQ(ReceiptRowTime(value), receipt.time_micros());
  const auto read = DecodeReceiptRow(value);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->SerializeAsString(), receipt.SerializeAsString());
  EXPECT_FALSE(ReceiptRowTime("short"));
  EXPECT_TRUE(absl::IsDataLoss(DecodeReceiptRow("short").status()));
  EXPECT_TRUE(absl::IsDataLoss(DecodeReceiptRow(value.substr(0, value.size() - 1)).status()));
}

TEST(SealedRowsTest, ASumWrapsAround) {
  const Sum sum{-3, ~static_cast<unsigned __int128>(0)};
  const Sum read = DecodeSum(EncodeSum(sum));
  EXPECT_EQ(read.count, -3);
  EXPECT_TRUE(read.total == sum.total);
  const unsigned __int128 one = SummandOf(std::string(15, '\0') + '\1');
  EXPECT_TRUE(one == 1);
  EXPECT_TRUE(read.total + one == 0);
  EXPECT_TRUE(SummandOf('\1' + std::string(15, '\0')) == static_cast<unsigned __int128>(1) << 120);
  EXPECT_EQ(DecodeSum("damaged").count, 0);
}

}  // namespace
}  // namespace mynumber::eventsourcing
