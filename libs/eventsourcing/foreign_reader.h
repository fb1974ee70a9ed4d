#ifndef MYNUMBER_LIBS_EVENTSOURCING_FOREIGN_READER_H_
#define MYNUMBER_LIBS_EVENTSOURCING_FOREIGN_READER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "libs/eventsourcing/fold.h"
#include "libs/eventsourcing/log.h"
#include "mynumber/eventlog/v1/eventlog.pb.h"

namespace mynumber::eventsourcing {

// Reads another service's partition by the rule of fold.h, from a cursor on, and hands its events out one by one. No
// thread, no clock; never blocks. Does not own the log, and is its handle's only user.
class ForeignReader {
 public:
  using Cursor = eventlog::v1::ForeignCursor;
  // One event where it stands; valid until Take or Resume.
  struct Item {
    const eventlog::v1::Batch* batch;
    const eventlog::v1::Command* command;
    const eventlog::v1::Envelope* envelope;
    // Index in the batch.
    uint32_t index;
  };

  ForeignReader(std::string service, PartitionLog* log, ChainHash chain)
      : service_(std::move(service)), log_(log), chain_(std::move(chain)) {}

  // Forgets what was read, and begins behind `cursor`; an empty one: at the first record.
  void Resume(const Cursor& cursor);
  // Reads on while there is room. True if there was something to read.
  bool Step();

  // The next event; nothing: none is there now.
  std::optional<Item> Next() const;
  void Take();

  // Behind all that was taken.
  const Cursor& cursor() const { return cursor_; }
  // Batches taken since Resume, or since CountAnew.
  uint64_t batches_taken() const { return batches_taken_; }
  void CountAnew() { batches_taken_ = 0; }
  // Why nothing can be read any more, though it stands there: DATA_LOSS, the log is not the one that was reacted to.
  const absl::Status& broken() const { return broken_; }
  // What it has read cannot be reacted to: it hands out nothing more.
  void Break(absl::Status why) { broken_ = std::move(why); }
  const std::string& service() const { return service_; }
  PartitionLog* log() const { return log_; }

 private:
  struct Entry {
    eventlog::v1::Record record;
    Head after;
  };

  // Looks whether the cursor's batch is where it was; false: it cannot be told now.
  bool Seek();
  // False: reading begins anew, or is over.
  bool TakeIn(const LogRecord& entry);
  void Keep(eventlog::v1::Record record, size_t bytes);
  // Begins at the cursor's batch, which was just read.
  void KeepCursorsBatch(eventlog::v1::Record record, size_t bytes);
  // To the next event, over what is taken.
  void Settle();
  void Touch(const Head& batch);
  void BreakLog(const char* why);

  std::string service_;
  PartitionLog* log_;
  ChainHash chain_;

  Cursor cursor_;
  // Of what was read.
  Head head_ = EmptyHead();
  Offset next_ = 0;
  // The cursor's batch is still to be looked at.
  bool is_sought_ = false;
  // Not yet behind the cursor's batch: it is looked for from the beginning.
  bool is_before_cursor_ = false;
  std::deque<Entry> entries_;
  size_t bytes_ = 0;
  // Of the next event in the first entry.
  int command_ = 0;
  int event_ = 0;
  uint64_t batches_taken_ = 0;
  // An alarm counts if it is still there when the reading has begun anew from the cursor.
  Offset alarm_offset_ = -1;
  absl::Status broken_;
};

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_FOREIGN_READER_H_
