#include "libs/rpc/received.h"

#include <string>
#include <vector>

#include <google/rpc/error_details.pb.h>
#include <gtest/gtest.h>

namespace mynumber::rpc {
namespace {

using google::rpc::BadRequest;
using google::rpc::ErrorInfo;

// In as many pieces as gRPC may deliver it.
grpc::ByteBuffer Buffer(const std::string& bytes, size_t piece_bytes = 1 << 20) {
  std::vector<grpc::Slice> slices;
  for (size_t at = 0; at < bytes.size(); at += piece_bytes) slices.emplace_back(bytes.substr(at, piece_bytes));
  return grpc::ByteBuffer(slices.data(), slices.size());
}

template <class Message>
Received<Message> Receive(const std::string& bytes, size_t piece_bytes = 1 << 20) {
  grpc::ByteBuffer buffer = Buffer(bytes, piece_bytes);
  Received<Message> received;
  EXPECT_TRUE(grpc::SerializationTraits<Received<Message>>::Deserialize(&buffer, &received).ok());
  return received;
}

BadRequest TwoViolations() {
  BadRequest bad;
  bad.add_field_violations()->set_field("name");
  bad.mutable_field_violations(0)->set_description("山𠮷");
  bad.add_field_violations()->set_field("address");
  return bad;
}

TEST(ReceivedTest, ReadsWhatIsRight) {
  const std::string bytes = TwoViolations().SerializeAsString();
  for (size_t piece_bytes : {1, 3, 1000}) {
    const auto received = Receive<BadRequest>(bytes, piece_bytes);
    EXPECT_EQ(received.flaw, Flaw::kNone);
    EXPECT_EQ(received.message.SerializeAsString(), bytes);
  }
  EXPECT_EQ(Receive<BadRequest>("").flaw, Flaw::kNone);
}

TEST(ReceivedTest, AStringInAnotherEncodingIsReplacedAndTheOthersStay) {
  std::string bytes = TwoViolations().SerializeAsString();
  const size_t at = bytes.find("山");
  bytes[at] = '\x8E';  // as in Shift JIS
  const auto received = Receive<BadRequest>(bytes, 5);
  ASSERT_EQ(received.flaw, Flaw::kNone);
  EXPECT_EQ(received.message.field_violations(0).field(), "name");
  EXPECT_EQ(received.message.field_violations(0).description(), "\xEF\xBF\xBD");
  EXPECT_EQ(received.message.field_violations(1).field(), "address");
}

TEST(ReceivedTest, MapsAreMendedToo) {
  ErrorInfo info;
  info.set_reason("fine");
  (*info.mutable_metadata())["key"] = "value";
  std::string bytes = info.SerializeAsString();
  bytes[bytes.find("value")] = '\xFF';
  const auto received = Receive<ErrorInfo>(bytes);
  ASSERT_EQ(received.flaw, Flaw::kNone);
  EXPECT_EQ(received.message.metadata().at("key"), "\xEF\xBF\xBD");
  EXPECT_EQ(received.message.reason(), "fine");
}

TEST(ReceivedTest, UnknownFieldsOfEveryKindAreKept) {
  std::string bytes = TwoViolations().SerializeAsString();
  bytes[bytes.find("山")] = '\xFF';
  const std::string unknown("\xA0\x06\x07"              // field 100, varint
                            "\xA9\x06"  "12345678"      // field 101, eight bytes
                            "\xB5\x06"  "1234"          // field 102, four bytes
                            "\xBA\x06\x02\xFF\xFE", 24);  // field 103, bytes or text
  const auto received = Receive<BadRequest>(bytes + unknown);
  ASSERT_EQ(received.flaw, Flaw::kNone);
  const std::string again = received.message.SerializeAsString();
  EXPECT_EQ(again.substr(again.size() - unknown.size()), unknown);
}

TEST(ReceivedTest, WhatIsNoMessageIsMalformed) {
  const std::string bytes = TwoViolations().SerializeAsString();
  for (const std::string& broken : {bytes.substr(0, bytes.size() - 1), bytes + "\x0A\x7F", std::string("\x07"),
                                    std::string(11, '\xFF'), std::string("\x0A\xFF\xFF\xFF\xFF\x7F", 6)}) {
    const auto received = Receive<BadRequest>(broken);
    EXPECT_EQ(received.flaw, Flaw::kMalformed);
    EXPECT_EQ(received.message.ByteSizeLong(), 0);
  }
}

TEST(ReceivedTest, WhatIsTooLargeIsNotRead) {
  BadRequest bad;
  bad.add_field_violations()->set_description(std::string(kRequestBytesMax, 'x'));
  const auto received = Receive<BadRequest>(bad.SerializeAsString());
  EXPECT_EQ(received.flaw, Flaw::kTooLarge);
  EXPECT_EQ(received.message.ByteSizeLong(), 0);
}

TEST(ReceivedTest, TheBytesCanBeReadAgain) {
  const std::string bytes = TwoViolations().SerializeAsString();
  const auto received = Receive<BadRequest>(bytes, 4);
  BadRequest again;
  EXPECT_EQ(ReadRequest(received.bytes, &again), Flaw::kNone);
  EXPECT_EQ(ReadRequest(received.bytes, &again), Flaw::kNone);
  EXPECT_EQ(again.SerializeAsString(), bytes);
}

}  // namespace
}  // namespace mynumber::rpc
