#ifndef MYNUMBER_LIBS_EVENTSOURCING_HAND_DRIVEN_LOG_H_
#define MYNUMBER_LIBS_EVENTSOURCING_HAND_DRIVEN_LOG_H_

// A log for tests of one writer, step by step: nothing happens to an append but what the test does to it.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "libs/eventsourcing/log.h"

namespace mynumber::eventsourcing {

class HandDrivenLog : public PartitionLog {
 public:
  absl::Status NewWriter() override {
    if (!new_writer.ok()) return new_writer;
    ++writers;
    sent.reset();
    result_.reset();
    return absl::OkStatus();
  }
  void Append(AppendRequest request) override {
    EXPECT_FALSE(sent || result_) << "a second record under way";
    sent = std::move(request);
  }
  std::optional<AppendResult> Poll() override { return std::exchange(result_, std::nullopt); }
  std::optional<LogTime> Time() override { return time; }
  absl::StatusOr<Offset> End() override {
    if (!end.ok()) return end;
    return static_cast<Offset>(Told().size());
  }
  absl::StatusOr<std::vector<LogRecord>> Read(Offset from, size_t max_bytes) override {
    if (!read.ok()) return read;
    const std::vector<std::string>& told = Told();
    if (from > static_cast<Offset>(told.size())) return absl::OutOfRangeError("the log ends before");
    std::vector<LogRecord> out;
    size_t bytes = 0;
    for (size_t offset = static_cast<size_t>(from); offset < told.size(); ++offset) {
      bytes += told[offset].size();
      if (!out.empty() && bytes > max_bytes) break;
      out.push_back({static_cast<Offset>(offset), told[offset]});
    }
    return out;
  }
  absl::StatusOr<std::string> ReadKeyBlock(const KeyBlockId&) override { return absl::NotFoundError("no keys"); }

  // Somebody writes.
  Offset Put(std::string record) {
    records.push_back(std::move(record));
    return static_cast<Offset>(records.size()) - 1;
  }
  // What was sent stands in the log; its writer is not told yet.
  Offset Write() {
    EXPECT_TRUE(sent) << "nothing was sent";
    return sent ? Put(sent->record) : -1;
  }
  void Tell(AppendResult::Kind kind, Offset offset, absl::Status status = absl::OkStatus()) {
    sent.reset();
    result_ = AppendResult{kind, offset, std::move(status)};
  }
  Offset Acknowledge() {
    const Offset offset = Write();
    Tell(AppendResult::Kind::kAcknowledged, offset);
    return offset;
  }

  std::vector<std::string> records;
  // If set, reads and looks at the end see this instead: a leader that was replaced.
  std::optional<std::vector<std::string>> old_leader;
  // The append under way.
  std::optional<AppendRequest> sent;
  int writers = 0;
  std::optional<LogTime> time;
  // What the calls fail with.
  absl::Status new_writer, end, read;

 private:
  const std::vector<std::string>& Told() const { return old_leader ? *old_leader : records; }

  std::optional<AppendResult> result_;
};

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_HAND_DRIVEN_LOG_H_
