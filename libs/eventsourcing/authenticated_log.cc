#include "libs/eventsourcing/authenticated_log.h"

#include <utility>

#include "mynumber/eventlog/v1/eventlog.pb.h"

namespace mynumber::eventsourcing {
namespace {

constexpr size_t kCodeBytes = 32;
// Protobuf's own form of the field, so that the whole stays a Record for whoever looks at the log.
constexpr char kFieldHead[] = {(eventlog::v1::Record::kCodeFieldNumber << 3) | 2, kCodeBytes};
constexpr size_t kFieldBytes = sizeof kFieldHead + kCodeBytes;

// Takes the code off; false: there is none, or a wrong one. In the same time wherever it differs.
bool TakeCode(const RecordCode& code, std::string* bytes) {
  if (bytes->size() < kFieldBytes) return false;
  const std::string_view all = *bytes;
  const std::string_view record = all.substr(0, all.size() - kFieldBytes);
  const std::string_view field = all.substr(record.size());
  const std::string right = code(record);
  if (field.substr(0, sizeof kFieldHead) != std::string_view(kFieldHead, sizeof kFieldHead)) return false;
  unsigned char differs = right.size() == kCodeBytes ? 0 : 1;
  for (size_t i = 0; i < right.size() && i < kCodeBytes; ++i) {
    differs |= static_cast<unsigned char>(right[i] ^ field[sizeof kFieldHead + i]);
  }
  if (differs != 0) return false;
  bytes->resize(record.size());
  return true;
}

// Nothing that counts.
std::string VoidOf(const std::string& forged) {
  eventlog::v1::Record read, kept;
  if (read.ParseFromString(forged) && read.has_opened()) {
    *kept.mutable_opened()->mutable_settings() = read.opened().settings();
  }
  return kept.SerializeAsString();
}

class AuthenticatedLog : public PartitionLog {
 public:
  AuthenticatedLog(std::unique_ptr<PartitionLog> log, RecordCode code, TellForged tell)
      : log_(std::move(log)), code_(std::move(code)), tell_(std::move(tell)) {}

  absl::Status NewWriter() override { return log_->NewWriter(); }
  void Append(AppendRequest request) override {
    const std::string code = code_(request.record);
    request.record.append(kFieldHead, sizeof kFieldHead).append(code);
    log_->Append(std::move(request));
  }
  std::optional<AppendResult> Poll() override { return log_->Poll(); }
  std::optional<LogTime> Time() override { return log_->Time(); }
  absl::StatusOr<Offset> End() override { return log_->End(); }
  absl::StatusOr<std::vector<LogRecord>> Read(Offset from, size_t max_bytes) override {
    auto records = log_->Read(from, max_bytes);
    if (!records.ok()) return records;
    for (LogRecord& record : *records) {
      if (TakeCode(code_, &record.bytes)) continue;
      record.bytes = VoidOf(record.bytes);
      if (tell_) tell_(record.offset);
    }
    return records;
  }
  absl::StatusOr<std::string> ReadKeyBlock(const KeyBlockId& id) override { return log_->ReadKeyBlock(id); }
  void Rest() override { log_->Rest(); }

 private:
  const std::unique_ptr<PartitionLog> log_;
  const RecordCode code_;
  const TellForged tell_;
};

}  // namespace

std::unique_ptr<PartitionLog> MakeAuthenticated(std::unique_ptr<PartitionLog> log, RecordCode code, TellForged tell) {
  return std::make_unique<AuthenticatedLog>(std::move(log), std::move(code), std::move(tell));
}

}  // namespace mynumber::eventsourcing
