#include "libs/kafka_log/client_statistics.h"

#include "gtest/gtest.h"
#include "libs/kafka_log/kafka_metrics.h"

namespace mynumber::kafka_log {
namespace {

// As librdkafka 2.0.2 writes it, shortened.
constexpr char kJson[] = R"({"name":"mynumber#producer-1","msg_cnt":2,"msg_size":900123,"brokers":{
  "127.0.0.1:9092/bootstrap":{"nodeid":-1,"state":"UP","waitresp_cnt":1,"txretries":0,"req_timeouts":0,"disconnects":1,
    "rtt":{"p50":0,"p99":0,"cnt":0}},
  "127.0.0.1:9092/1":{"nodeid":1,"state":"UP","waitresp_cnt":2,"txretries":3,"req_timeouts":1,"disconnects":2,
    "rtt":{"p50":400,"p99":2100,"cnt":90}},
  "127.0.0.1:9093/2":{"nodeid":2,"state":"CONNECT","waitresp_cnt":0,"txretries":0,"req_timeouts":4,"disconnects":5,
    "rtt":{"p50":700,"p99":1500,"cnt":7}}}})";

TEST(ClientStatistics, AreSummedOverBrokers) {
  const auto seen = ParseStatistics(kJson);
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(seen->queue_messages, 2);
  EXPECT_EQ(seen->queue_bytes, 900123);
  EXPECT_EQ(seen->in_flight, 3);
  EXPECT_EQ(seen->retries, 3);
  EXPECT_EQ(seen->timeouts, 5);
  EXPECT_EQ(seen->disconnects, 8);
}

TEST(ClientStatistics, OnlyBrokersWithANumberCountAsBrokers) {
  const auto seen = ParseStatistics(kJson);
  EXPECT_EQ(seen->brokers_known, 2);
  EXPECT_EQ(seen->brokers_up, 1);
}

TEST(ClientStatistics, TheSlowestBrokerTellsTheRoundTrip) {
  const auto seen = ParseStatistics(kJson);
  EXPECT_EQ(seen->round_trip_p50_micros, 700);
  EXPECT_EQ(seen->round_trip_p99_micros, 2100);
}

TEST(ClientStatistics, SomethingElseIsNothing) {
  EXPECT_FALSE(ParseStatistics("").has_value());
  EXPECT_FALSE(ParseStatistics("[1]").has_value());
  EXPECT_FALSE(ParseStatistics("{\"brokers\":3}").has_value());
  EXPECT_TRUE(ParseStatistics("{\"brokers\":{\"a\":7}}").has_value());
}

TEST(KafkaMetrics, ShowTheNewestOfEachPartition) {
  metrics::Registry registry;
  const KafkaMetrics metrics(&registry, "issuance", 2);
  metrics.Observe(1, *ParseStatistics(kJson));
  metrics.Observe(7, *ParseStatistics(kJson));
  const std::string text = registry.Text();
  EXPECT_NE(text.find("mynumber_kafka_brokers_up{partition=\"1\",service=\"issuance\"} 1"), std::string::npos) << text;
  EXPECT_NE(text.find("mynumber_kafka_retries{partition=\"0\",service=\"issuance\"} 0"), std::string::npos) << text;
  EXPECT_NE(text.find("0.0021"), std::string::npos) << text;
}

}  // namespace
}  // namespace mynumber::kafka_log
