#ifndef MYNUMBER_LIBS_KAFKA_LOG_HANDLE_H_
#define MYNUMBER_LIBS_KAFKA_LOG_HANDLE_H_

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "libs/eventsourcing/log.h"
#include "libs/kafka_log/end_asker.h"
#include "libs/kafka_log/key_reader.h"
#include "libs/kafka_log/reader.h"
#include "libs/kafka_log/writer.h"

namespace mynumber::kafka_log {

// One partition of the log on Kafka.
class Handle : public eventsourcing::PartitionLog {
 public:
  Handle(const Place& place, ReaderClients* readers, Producers producers, EndClient* ends, Background* background,
         std::function<void()> wake, std::function<void(int64_t micros)> observe_flight);
  ~Handle() override { wake_->Clear(); }

  absl::Status NewWriter() override;
  void Append(eventsourcing::AppendRequest request) override;
  std::optional<eventsourcing::AppendResult> Poll() override;
  std::optional<eventsourcing::LogTime> Time() override { return writer_.Time(); }
  absl::StatusOr<eventsourcing::Offset> End() override;
  absl::StatusOr<std::vector<eventsourcing::LogRecord>> Read(eventsourcing::Offset from, size_t max_bytes) override;
  absl::StatusOr<std::string> ReadKeyBlock(const eventsourcing::KeyBlockId& id) override;
  void Rest() override;

 private:
  Reader* ReaderFor(eventsourcing::Offset from);
  // Whether the keys of this record are at hand, or are known to be nowhere; adds their size.
  bool HasKeys(const Record& record, size_t* bytes);
  void Remember(const KeyBlockAddress& address);
  // Whether the log is known to have a record here, which the leader that is read from does not tell of.
  bool IsKnown(eventsourcing::Offset next);
  // An owner does not read its own partition: what is not used does not fetch.
  void CloseIdle();

  const Place place_;
  std::shared_ptr<WakeUp> wake_;
  Writer writer_;
  EndAsker end_;
  // One goes forward; the other looks back at what the rows stand on.
  Reader forward_;
  Reader look_back_;
  KeyReader keys_;
  std::string block_;
  // Where the keys stand of batches that were read last, the eldest first.
  std::unordered_map<std::string, eventsourcing::Offset> key_offsets_;
  std::deque<std::string> key_order_;
  // Of the present writer's last acknowledged record.
  eventsourcing::Offset acknowledged_ = -1;
  // Where reading ends, by the reader; and as was told when that was asked, at this steady time.
  eventsourcing::Offset ended_ = -1;
  eventsourcing::Offset told_end_ = -1;
  int64_t asked_micros_ = 0;
};

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_HANDLE_H_
