#ifndef MYNUMBER_LIBS_KAFKA_LOG_TAIL_H_
#define MYNUMBER_LIBS_KAFKA_LOG_TAIL_H_

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>

#include "absl/status/status.h"
#include "libs/kafka_log/reader_clients.h"
#include "libs/kafka_log/record.h"

namespace mynumber::kafka_log {

// Calls all of several wake-ups. Any thread.
class WakeAll {
 public:
  void Call();
  void Add(const void* who, std::shared_ptr<WakeUp> wake);
  void Remove(const void* who);

 private:
  std::mutex mutex_;
  std::map<const void*, std::shared_ptr<WakeUp>> wakes_;
};

// The end of one partition of a topic, fetched once for all readers of the process that stand there: brokers answer
// each fetch apart, and every new record would wake one of every reader. Any thread.
//
// At the first error it is gone, for good: each reader then goes on by a feed of its own, sees for itself what is the
// matter, and finds or makes another tail when it is at the end again.
class Tail {
 public:
  enum class Now {
    kRecord,
    // Everything that was there a moment ago has been read.
    kEnd,
    kPending,
    // It is of no use to this reader any more.
    kGone,
    // Its client is of no use to anybody any more: another tail may be.
    kRetired,
  };
  struct Seen {
    Now now = Now::kPending;
    std::shared_ptr<const Record> record;  // With kRecord.
    int64_t end = 0;                       // With kEnd: the next record's offset, or one before it.
  };

  // `clients` outlives it.
  explicit Tail(ReaderClients* clients) : clients_(clients) {}
  ~Tail();
  Tail(const Tail&) = delete;
  Tail& operator=(const Tail&) = delete;

  // Before all else. RESOURCE_EXHAUSTED, UNAVAILABLE: there is no feed to be had, and it is gone.
  absl::Status Start(const std::string& topic, int32_t partition, int64_t from);
  // Whether `reader` may go on here from this offset: it is not gone, and holds what comes from there. `wake` is called
  // when there is something new, until Leave has returned.
  bool Join(const void* reader, int64_t from, std::shared_ptr<WakeUp> wake);
  void Leave(const void* reader);
  bool IsGone();
  // The first record at `from` or behind it. A reader that is far behind the others finds it gone.
  Seen Next(const void* reader, int64_t from);
  // Its client is of no use any more, to nobody.
  void Retire();

 private:
  // All by mutex_.
  bool Holds(int64_t from) const { return feed_ != nullptr && from >= first_ && from <= next_; }
  std::shared_ptr<const Record> Find(int64_t from) const;
  // Takes one message that has been fetched; false if there is none, or it is gone now.
  bool Fetch();
  void Keep(std::shared_ptr<const Record> record);
  bool IsLeftBehind() const;
  void EndWithClient();
  void End();

  ReaderClients* const clients_;
  const std::shared_ptr<WakeAll> wakes_ = std::make_shared<WakeAll>();
  std::mutex mutex_;
  // None: it is gone.
  std::unique_ptr<Feed> feed_;
  // Offsets in [first_, next_), not all there if the topic has holes.
  std::deque<std::shared_ptr<const Record>> kept_;
  size_t kept_bytes_ = 0;
  int64_t first_ = 0;
  int64_t next_ = 0;
  bool at_end_ = false;
  bool retired_ = false;
  // Where each reader stands.
  std::map<const void*, int64_t> readers_;
};

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_TAIL_H_
