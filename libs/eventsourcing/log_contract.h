#ifndef MYNUMBER_LIBS_EVENTSOURCING_LOG_CONTRACT_H_
#define MYNUMBER_LIBS_EVENTSOURCING_LOG_CONTRACT_H_

// What log.h promises, as tests for any implementation. In the implementation's own test, with
// //libs/eventsourcing:log_contract among its deps:
//
//   INSTANTIATE_TEST_SUITE_P(Embedded, LogContract, testing::Values(LogFactory{[](uint32_t n) { ... }}));

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "libs/eventsourcing/log.h"

namespace mynumber::eventsourcing {

// One log, empty at first.
class LogUnderTest {
 public:
  virtual ~LogUnderTest() = default;

  // A writer and reader of its own on partition `partition`. Goes before the log, and before Reopen.
  virtual std::unique_ptr<PartitionLog> Handle(uint32_t partition) = 0;
  // Lets what is under way proceed; called until something has come of it, 10,000 times at most.
  virtual void Drive() = 0;
  // Closes the log and opens it again, as after an orderly stop of the process.
  virtual void Reopen() = 0;
};

struct LogFactory {
  // A log with that many partitions.
  std::function<std::unique_ptr<LogUnderTest>(uint32_t partitions)> make;
};

class LogContract : public testing::TestWithParam<LogFactory> {
 protected:
  static constexpr uint32_t kPartitions = 3;

  LogContract();

  std::unique_ptr<PartitionLog> Handle(uint32_t partition = 0) { return log_->Handle(partition); }
  // Drives until the append under way has a result; fails the test if none comes.
  AppendResult Await(PartitionLog* handle);
  AppendResult Append(PartitionLog* handle, const std::string& record, const KeyBlockId& id = {},
                      const std::string& key_block = {});
  // Appends and expects it acknowledged.
  Offset MustAppend(PartitionLog* handle, const std::string& record);
  // All records of the partition, read in pieces of `max_bytes`.
  std::vector<std::string> ReadAll(PartitionLog* handle, size_t max_bytes = 1 << 20);

  std::unique_ptr<LogUnderTest> log_;
};

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_LOG_CONTRACT_H_
