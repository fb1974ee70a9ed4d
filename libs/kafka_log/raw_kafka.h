#ifndef MYNUMBER_LIBS_KAFKA_LOG_RAW_KAFKA_H_
#define MYNUMBER_LIBS_KAFKA_LOG_RAW_KAFKA_H_

// What librdkafka does with our settings and nothing of ours around it: the baselines of tests/bench.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mynumber::kafka_log {

// One topic that exists. Errors abort: a baseline that failed would be worse than none.
struct RawTopic {
  std::string brokers;
  std::string name;
  int32_t partition_count = 1;
};

struct RawRecord {
  int32_t partition = 0;
  size_t bytes = 0;
};

// An idempotent producer. Any thread.
class RawProducer {
 public:
  explicit RawProducer(const RawTopic& topic);
  // After Flush.
  ~RawProducer();
  RawProducer(const RawProducer&) = delete;
  RawProducer& operator=(const RawProducer&) = delete;

  // Sends made-up bytes, 1 MiB at most; waits while the queue is full. `done` is called once, by a thread of this
  // object; may be empty.
  void Send(const RawRecord& record, std::function<void(bool ok)> done);
  // Waits until all is acknowledged.
  void Flush();

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

// Reads all partitions up to their ends, by one consumer. The records, in no order over partitions.
std::vector<RawRecord> ReadAll(const RawTopic& topic);

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_RAW_KAFKA_H_
