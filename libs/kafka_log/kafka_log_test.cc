// The log's contract, and what is Kafka's own, on a real broker.

#include "libs/kafka_log/kafka_log.h"

#include <chrono>
#include <thread>
#include <utility>

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
        log_->Declare("issuance", partitions, kafka_log::LogRulesForTests(1), kafka_log::KeyRulesForTests(1));
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

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
