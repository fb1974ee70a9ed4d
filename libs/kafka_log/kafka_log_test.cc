// The log's contract, and what is Kafka's own, on a real broker.

#include "libs/kafka_log/kafka_log.h"

#include <chrono>
#include <thread>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/eventsourcing/log_contract.h"
#include "libs/kafka_log/brokers_for_tests.h"

namespace mynumber::eventsourcing {
namespace {

class KafkaUnderTest : public LogUnderTest {
 public:
  explicit KafkaUnderTest(uint32_t partitions) : prefix_(kafka_log::FreshPrefix()) {
    Open();
    const absl::Status status =
        log_->Declare("issuance", partitions, kafka_log::RulesForTests(1));
    EXPECT_TRUE(status.ok()) << status;
  }

  std::unique_ptr<PartitionLog> Handle(uint32_t partition) override {
    return log_->Partition("issuance", partition, nullptr);
  }
  void Drive() override { std::this_thread::sleep_for(std::chrono::milliseconds(1)); }
  void Reopen() override {
    log_.reset();
    Open();
  }

 private:
  void Open() {
    kafka_log::KafkaLogOptions options;
    options.brokers = kafka_log::SharedBroker();
    options.prefix = prefix_;
    log_ = *kafka_log::KafkaLog::Open(std::move(options));
  }

  const std::string prefix_;
  std::unique_ptr<kafka_log::KafkaLog> log_;
};

INSTANTIATE_TEST_SUITE_P(Kafka, LogContract, testing::Values(LogFactory{[](uint32_t partitions) {
                           return std::make_unique<KafkaUnderTest>(partitions);
                         }}));

}  // namespace
}  // namespace mynumber::eventsourcing

namespace mynumber::kafka_log {
namespace {

using testing::HasSubstr;

class Topics : public testing::Test {
 protected:
  Topics() {
    KafkaLogOptions options;
    options.brokers = SharedBroker();
    options.prefix = FreshPrefix();
    log_ = *KafkaLog::Open(std::move(options));
  }
  // What a start says that wants the log's topic to be like this.
  std::string Complaint(uint32_t partitions, const ServiceTopicRules& rules) {
    const absl::Status status = log_->Declare("issuance", partitions, rules);
    EXPECT_TRUE(status.ok() || absl::IsFailedPrecondition(status)) << status;
    return std::string(status.message());
  }

  std::unique_ptr<KafkaLog> log_;
};

TEST_F(Topics, AreMadeOnceAndCheckedAtEveryStart) {
  EXPECT_EQ(Complaint(3, RulesForTests(1)), "");
  EXPECT_EQ(Complaint(3, RulesForTests(1)), "");
}

TEST_F(Topics, AnotherPartitionCountStopsTheStart) {
  EXPECT_EQ(Complaint(3, RulesForTests(1)), "");
  EXPECT_THAT(Complaint(4, RulesForTests(1)), HasSubstr("has 3 partitions, and this start asks for 4"));
}

TEST_F(Topics, ASettingThatBreaksAPromiseStopsTheStartAndIsNamed) {
  ServiceTopicRules forgetful = RulesForTests(1);
  for (auto& setting : forgetful.log.settings) {
    if (setting.name == "retention.ms") setting.value = "604800000";
  }
  EXPECT_EQ(Complaint(3, forgetful), "");
  EXPECT_THAT(Complaint(3, RulesForTests(1)),
              HasSubstr("retention.ms=604800000 and must have -1: otherwise records"));
}

TEST_F(Topics, TooFewReplicasStopTheStart) {
  EXPECT_EQ(Complaint(3, RulesForTests(1)), "");
  ServiceTopicRules three = RulesForTests(1);
  three.log.replication = 3;
  EXPECT_THAT(Complaint(3, three), HasSubstr("has 1 replica and must have 3"));
}

TEST_F(Topics, MoreThanTheLeastWillDo) {
  ServiceTopicRules large = RulesForTests(1);
  for (auto& setting : large.log.settings) {
    if (setting.name == "max.message.bytes") setting.value = "9000000";
  }
  EXPECT_EQ(Complaint(3, large), "");
  EXPECT_EQ(Complaint(3, RulesForTests(1)), "");
}

}  // namespace
}  // namespace mynumber::kafka_log

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
