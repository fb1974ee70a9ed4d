#include "libs/eventsourcing/foreign_reader.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace mynumber::eventsourcing {

using eventlog::v1::Record;

namespace {

constexpr size_t kReadBytes = 1 << 20;
constexpr size_t kBufferedBytesMax = 4 << 20;

}  // namespace

void ForeignReader::Resume(const Cursor& cursor) {
  cursor_ = cursor;
  cursor_.set_service(service_);
  head_ = EmptyHead();
  next_ = 0;
  is_sought_ = cursor.sequence() > 0;
  is_before_cursor_ = false;
  entries_.clear();
  bytes_ = 0;
  command_ = event_ = 0;
  batches_taken_ = 0;
}

bool ForeignReader::Step() {
  if (!broken_.ok() || bytes_ >= kBufferedBytesMax) return false;
  if (is_sought_ && !Seek()) return false;
  auto records = log_->Read(next_, kReadBytes);
  if (absl::IsOutOfRange(records.status())) {
    // It lost a tail, or a leader that was cut off answers: what was not reacted to is read again.
    Resume(Cursor(cursor_));
    return false;
  }
  if (!records.ok() || records->empty()) return false;
  for (const LogRecord& entry : *records) {
    if (!TakeIn(entry)) break;
  }
  return true;
}

bool ForeignReader::Seek() {
  auto records = log_->Read(cursor_.offset(), 1);
  if (!records.ok() || records->empty()) return false;
  is_sought_ = false;
  Record record;
  const LogRecord& entry = records->front();
  if (record.ParseFromString(entry.bytes) && record.has_batch() && record.batch().sequence() == cursor_.sequence()) {
    head_ = Advance(HeadBefore(record), record, entry.bytes, entry.offset, chain_);
    next_ = entry.offset + 1;
    if (head_.running_hash() == cursor_.running_hash()) {
      KeepCursorsBatch(std::move(record), entry.bytes.size());
      return true;
    }
  }
  head_ = EmptyHead();
  next_ = 0;
  is_before_cursor_ = true;
  return true;
}

bool ForeignReader::TakeIn(const LogRecord& entry) {
  Record record;
  const Verdict verdict = Judge(head_, entry.bytes, &record);
  if (verdict == Verdict::kAlarm) {
    if (alarm_offset_ == entry.offset) {
      BreakLog("continues another history than was read before");
    } else {
      alarm_offset_ = entry.offset;
      Resume(Cursor(cursor_));
    }
    return false;
  }
  next_ = entry.offset + 1;
  if (verdict == Verdict::kVoid) return true;
  head_ = Advance(head_, record, entry.bytes, entry.offset, chain_);
  if (verdict == Verdict::kClaim) return true;
  if (!is_before_cursor_) {
    Keep(std::move(record), entry.bytes.size());
  } else if (head_.sequence() == cursor_.sequence()) {
    if (head_.running_hash() != cursor_.running_hash()) {
      BreakLog("lacks what has been reacted to");
      return false;
    }
    is_before_cursor_ = false;
    cursor_.set_offset(entry.offset);
    KeepCursorsBatch(std::move(record), entry.bytes.size());
  }
  return true;
}

void ForeignReader::Keep(Record record, size_t bytes) {
  entries_.push_back({std::move(record), head_});
  bytes_ += bytes;
  Settle();
}

void ForeignReader::KeepCursorsBatch(Record record, size_t bytes) {
  event_ = static_cast<int>(cursor_.events());
  Keep(std::move(record), bytes);
}

void ForeignReader::Settle() {
  while (!entries_.empty()) {
    const Entry& entry = entries_.front();
    const auto& commands = entry.record.batch().commands();
    for (; command_ < commands.size() && event_ >= commands[command_].events_size(); ++command_) {
      event_ -= commands[command_].events_size();
    }
    if (command_ < commands.size()) return;
    if (cursor_.sequence() != entry.after.sequence()) Touch(entry.after);
    ++batches_taken_;
    command_ = event_ = 0;
    entries_.pop_front();
  }
  bytes_ = 0;
}

void ForeignReader::Touch(const Head& batch) {
  cursor_.set_sequence(batch.sequence());
  cursor_.set_claim_id(batch.claim_id());
  cursor_.set_running_hash(batch.running_hash());
  cursor_.set_offset(batch.offset());
  cursor_.set_events(0);
}

std::optional<ForeignReader::Item> ForeignReader::Next() const {
  if (entries_.empty()) return std::nullopt;
  const Entry& entry = entries_.front();
  const auto& command = entry.record.batch().commands(command_);
  const bool is_begun = cursor_.sequence() == entry.after.sequence();
  return Item{&entry.record.batch(), &command, &command.events(event_), is_begun ? cursor_.events() : 0};
}

void ForeignReader::Take() {
  const Head& batch = entries_.front().after;
  if (cursor_.sequence() != batch.sequence()) Touch(batch);
  cursor_.set_events(cursor_.events() + 1);
  ++event_;
  Settle();
}

void ForeignReader::BreakLog(const char* why) {
  broken_ = absl::DataLossError(absl::StrCat("the log of ", service_, " ", why,
                                             ": keep all copies of it, compare them by 'mynumberctl verify', and "
                                             "restore the right one"));
}

}  // namespace mynumber::eventsourcing
