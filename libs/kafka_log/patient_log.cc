#include "libs/kafka_log/patient_log.h"

#include <chrono>
#include <thread>
#include <utility>

namespace mynumber::kafka_log {
namespace {

using eventsourcing::AppendRequest;
using eventsourcing::AppendResult;
using eventsourcing::KeyBlockId;
using eventsourcing::LogRecord;
using eventsourcing::Offset;
using eventsourcing::PartitionLog;

constexpr std::chrono::seconds kPatience{30};
constexpr std::chrono::microseconds kPause{300};

// Calls `ask` until its answer is not UNAVAILABLE.
template <class Ask>
auto Patiently(const Ask& ask) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    auto answer = ask();
    if (!absl::IsUnavailable(answer.status()) || std::chrono::steady_clock::now() > until) return answer;
    std::this_thread::sleep_for(kPause);
  }
}

class PatientLog : public PartitionLog {
 public:
  explicit PatientLog(std::unique_ptr<PartitionLog> log) : log_(std::move(log)) {}

  absl::Status NewWriter() override { return log_->NewWriter(); }
  void Append(AppendRequest request) override { log_->Append(std::move(request)); }
  std::optional<AppendResult> Poll() override { return log_->Poll(); }
  absl::StatusOr<Offset> End() override {
    bool is_old = is_asked_;
    return Patiently([&] { return AskEnd(&is_old); });
  }
  absl::StatusOr<std::vector<LogRecord>> Read(Offset from, size_t max_bytes) override {
    Offset end = -1;
    bool is_old = is_asked_;
    return Patiently([&]() -> absl::StatusOr<std::vector<LogRecord>> {
      auto records = log_->Read(from, max_bytes);
      if (!records.ok() || !records->empty()) return records;
      if (end < 0) {
        auto told = AskEnd(&is_old);
        if (!told.ok()) return told.status();
        end = *told;
      }
      if (from < end) return absl::UnavailableError("the record has not been fetched yet");
      return records;
    });
  }
  absl::StatusOr<std::string> ReadKeyBlock(const KeyBlockId& id) override {
    return Patiently([&] { return log_->ReadKeyBlock(id); });
  }

 private:
  // The answer to a question that an earlier call asked and did not wait for (`is_old`) may be too old for this one.
  absl::StatusOr<Offset> AskEnd(bool* is_old) {
    auto told = log_->End();
    is_asked_ = !told.ok();
    if (told.ok() && std::exchange(*is_old, false)) return absl::UnavailableError("the end is asked for once more");
    return told;
  }

  std::unique_ptr<PartitionLog> log_;
  bool is_asked_ = false;
};

}  // namespace

std::unique_ptr<PartitionLog> MakePatient(std::unique_ptr<PartitionLog> log) {
  return std::make_unique<PatientLog>(std::move(log));
}

}  // namespace mynumber::kafka_log
