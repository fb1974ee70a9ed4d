// What each error of librdkafka means to the protocol, provoked with librdkafka's mock cluster. It proves nothing about
// what brokers keep; rivals_test and the contract on a real broker do.

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <chrono>
#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "libs/kafka_log/kafka_log.h"

namespace mynumber::kafka_log {
namespace {

using eventsourcing::AppendResult;
using eventsourcing::PartitionLog;
using Kind = AppendResult::Kind;

// Of Kafka's protocol.
constexpr int16_t kProduce = 0;
constexpr int16_t kFetch = 1;
constexpr int16_t kListOffsets = 2;

class ClientErrors : public testing::Test {
 protected:
  ClientErrors() {
    char why[200];
    mock_client_ = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), why, sizeof(why));
    mock_ = rd_kafka_mock_cluster_new(mock_client_, 1);
    rd_kafka_mock_topic_create(mock_, "mynumber.issuance", 1, 1);
    rd_kafka_mock_topic_create(mock_, "mynumber.keys", 1, 1);
    Open({{"message.timeout.ms", "1500"}});
  }
  ~ClientErrors() override {
    log_.reset();
    kafka_.reset();
    rd_kafka_mock_cluster_destroy(mock_);
    rd_kafka_destroy(mock_client_);
  }

  void Open(std::map<std::string, std::string> settings) {
    log_.reset();
    KafkaLogOptions options;
    options.brokers = rd_kafka_mock_cluster_bootstraps(mock_);
    options.producer_settings = std::move(settings);
    kafka_ = *KafkaLog::Open(std::move(options));
    log_ = kafka_->Partition("issuance", 0, [] {});
  }
  void Fail(int16_t request, size_t times, rd_kafka_resp_err_t error) {
    for (size_t i = 0; i < times; ++i) rd_kafka_mock_push_request_errors(mock_, request, 1, error);
  }
  AppendResult Await() {
    for (int i = 0; i < 20'000; ++i) {
      if (auto result = log_->Poll()) return *result;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ADD_FAILURE() << "no result of an append";
    return {};
  }
  AppendResult Append(const std::string& record, const std::string& keys = "") {
    log_->Append({record, {std::string(16, 'c'), 0}, keys});
    return Await();
  }
  // Asks until the answer is another than UNAVAILABLE.
  template <class Ask>
  auto Insist(const Ask& ask) {
    auto answer = ask();
    for (int i = 0; i < 20'000 && absl::IsUnavailable(answer.status()); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      answer = ask();
    }
    return answer;
  }
  void ExpectFreshWriterWorks() {
    ASSERT_TRUE(log_->NewWriter().ok());
    const AppendResult result = Append("of the fresh writer");
    EXPECT_EQ(result.kind, Kind::kAcknowledged) << result.status;
  }

  rd_kafka_t* mock_client_ = nullptr;
  rd_kafka_mock_cluster_t* mock_ = nullptr;
  std::unique_ptr<KafkaLog> kafka_;
  std::unique_ptr<PartitionLog> log_;
};

TEST_F(ClientErrors, AMovedLeaderIsFoundAgain) {
  Fail(kProduce, 2, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION);
  const AppendResult result = Append("record");
  EXPECT_EQ(result.kind, Kind::kAcknowledged) << result.status;
  EXPECT_EQ(result.offset, 0);
}

TEST_F(ClientErrors, TooFewReplicasIsTriedAgain) {
  Fail(kProduce, 2, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS);
  EXPECT_EQ(Append("record").kind, Kind::kAcknowledged);
}

TEST_F(ClientErrors, ATimeOutBeforeSendingIsNotWritten) {
  ASSERT_EQ(Append("record").kind, Kind::kAcknowledged);
  rd_kafka_mock_broker_set_down(mock_, 1);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const AppendResult result = Append("never sent");
  EXPECT_EQ(result.kind, Kind::kNotWritten) << result.status;
  EXPECT_NE(result.status.message().find("_MSG_TIMED_OUT"), std::string::npos) << result.status;
  rd_kafka_mock_broker_set_up(mock_, 1);
  ExpectFreshWriterWorks();
}

TEST_F(ClientErrors, ATimeOutAfterSendingIsUnknown) {
  ASSERT_EQ(Append("record").kind, Kind::kAcknowledged);
  rd_kafka_mock_broker_set_rtt(mock_, 1, 4000);
  const AppendResult result = Append("sent, and no answer");
  EXPECT_EQ(result.kind, Kind::kUnknown) << result.status;
  EXPECT_NE(result.status.message().find("_MSG_TIMED_OUT"), std::string::npos) << result.status;
  rd_kafka_mock_broker_set_rtt(mock_, 1, 0);
  ExpectFreshWriterWorks();
}

TEST_F(ClientErrors, AConnectionLostOnceIsTriedAgain) {
  Fail(kProduce, 1, RD_KAFKA_RESP_ERR__TRANSPORT);
  EXPECT_EQ(Append("record").kind, Kind::kAcknowledged);
}

TEST_F(ClientErrors, AConnectionThatIsLostAgainAndAgainIsUnknown) {
  ASSERT_EQ(Append("record").kind, Kind::kAcknowledged);
  Fail(kProduce, 1000, RD_KAFKA_RESP_ERR__TRANSPORT);
  const AppendResult result = Append("on its way");
  EXPECT_EQ(result.kind, Kind::kUnknown) << result.status;
  rd_kafka_mock_clear_request_errors(mock_, kProduce);
  ExpectFreshWriterWorks();
}

TEST_F(ClientErrors, AFatalErrorOfTheProducerIsUnknownAndTheNextWriterWorks) {
  ASSERT_EQ(Append("record").kind, Kind::kAcknowledged);
  Fail(kProduce, 1, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER);
  const AppendResult result = Append("out of order");
  EXPECT_EQ(result.kind, Kind::kUnknown) << result.status;
  // Nothing more goes out of a producer with a fatal error.
  EXPECT_EQ(Append("after it").kind, Kind::kNotWritten);
  ExpectFreshWriterWorks();
}

TEST_F(ClientErrors, AnAcknowledgementWithoutAnOffsetIsUnknown) {
  ASSERT_EQ(Append("record").kind, Kind::kAcknowledged);
  Fail(kProduce, 1, RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER);
  const AppendResult result = Append("known already");
  EXPECT_EQ(result.kind, Kind::kUnknown) << result.status;
  ExpectFreshWriterWorks();
}

TEST_F(ClientErrors, ARecordThatTheBrokerFindsTooLargeIsNotWritten) {
  Fail(kProduce, 1, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
  EXPECT_EQ(Append("large").kind, Kind::kNotWritten);
  ExpectFreshWriterWorks();
}

TEST_F(ClientErrors, ARecordThatTheClientFindsTooLargeIsNotWritten) {
  Open({{"message.max.bytes", "10000"}});
  EXPECT_EQ(Append(std::string(20'000, 'x')).kind, Kind::kNotWritten);
  EXPECT_EQ(Append("small").kind, Kind::kAcknowledged);
}

TEST_F(ClientErrors, ARecordWhoseKeysAreNotAcknowledgedIsNotSent) {
  ASSERT_EQ(Append("record").kind, Kind::kAcknowledged);
  Fail(kProduce, 1000, RD_KAFKA_RESP_ERR__TRANSPORT);
  const AppendResult result = Append("must not be there", "keys");
  EXPECT_EQ(result.kind, Kind::kNotWritten) << result.status;
  rd_kafka_mock_clear_request_errors(mock_, kProduce);
  ExpectFreshWriterWorks();
  EXPECT_EQ(*Insist([&] { return log_->End(); }), 2);
}

TEST_F(ClientErrors, BrokersThatCannotBeReachedGiveNotWrittenInTime) {
  rd_kafka_mock_broker_set_down(mock_, 1);
  const AppendResult result = Append("nobody there");
  EXPECT_EQ(result.kind, Kind::kNotWritten) << result.status;
  EXPECT_FALSE(log_->End().ok());
  EXPECT_FALSE(log_->Read(0, 100).ok());
}

TEST_F(ClientErrors, AnOffsetOutOfRangeIsToldAndReadingGoesOn) {
  ASSERT_EQ(Append("record").kind, Kind::kAcknowledged);
  EXPECT_EQ(Insist([&] { return log_->Read(0, 100); })->size(), 1u);
  EXPECT_TRUE(absl::IsOutOfRange(Insist([&] { return log_->Read(7, 100); }).status()));
  Fail(kFetch, 1, RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE);
  absl::StatusOr<std::vector<eventsourcing::LogRecord>> records = absl::UnavailableError("");
  for (int i = 0; i < 5'000 && (!records.ok() || records->empty()); ++i) {
    records = log_->Read(0, 100);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ASSERT_TRUE(records.ok()) << records.status();
  EXPECT_EQ(records->at(0).bytes, "record");
}

TEST_F(ClientErrors, TheEndIsAskedForAgainAfterALeaderMoved) {
  ASSERT_EQ(Append("record").kind, Kind::kAcknowledged);
  Fail(kListOffsets, 2, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION);
  const auto end = Insist([&] { return log_->End(); });
  ASSERT_TRUE(end.ok()) << end.status();
  EXPECT_EQ(*end, 1);
}

TEST_F(ClientErrors, AnEndIsToldOnceForEachQuestion) {
  ASSERT_EQ(*Insist([&] { return log_->End(); }), 0);
  ASSERT_EQ(Append("record").kind, Kind::kAcknowledged);
  EXPECT_EQ(*Insist([&] { return log_->End(); }), 1) << "the answer to an earlier question";
}

}  // namespace
}  // namespace mynumber::kafka_log
