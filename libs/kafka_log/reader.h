#ifndef MYNUMBER_LIBS_KAFKA_LOG_READER_H_
#define MYNUMBER_LIBS_KAFKA_LOG_READER_H_

#include <deque>
#include <limits>
#include <memory>
#include <string>

#include "libs/kafka_log/reader_clients.h"
#include "libs/kafka_log/record.h"
#include "libs/kafka_log/tail.h"

namespace mynumber::kafka_log {

// Reads one partition of a topic in order, ahead of who asks, by manual assignment: by a place of its own on a client,
// taken at the first question, and by the partition's tail once it is at the end. One thread at a time; nothing here
// blocks for long.
class Reader {
 public:
  enum class Now {
    kRecord,
    // Everything that was there a moment ago has been read.
    kEnd,
    // Nothing is known yet.
    kPending,
    // The place that was asked for lies beyond the end, or has been deleted.
    kOutOfRange,
  };

  // `keep_bytes`: so much of what has been read is kept, and can be read again without a jump.
  Reader(std::string topic, int32_t partition, size_t keep_bytes, ReaderClients* clients,
         std::shared_ptr<WakeUp> wake);
  ~Reader() { Close(); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // Goes to the offset `from`; a jump, unless it is the next one or kept.
  void Seat(int64_t from);
  bool seated() const { return seated_; }
  // Keeps what stands there and behind, however much that is, until the next Pin: a reader's caller may not take all
  // that it was given.
  void Pin(int64_t from) { pinned_ = from; }
  // Whether Seat(from) would be none.
  bool Holds(int64_t from) const { return seated_ && from >= first_ && from <= next_; }
  // What stands at the present place: with kRecord, `*record` until the next call of anything.
  Now Peek(const Record** record);
  // Goes behind the record of the last Peek.
  void Pass();
  // Peek said that the log ends here, and the caller knows that it does not. A leader that was cut off from its peers
  // says so for as long as the cut lasts, and a client that knows no other broker asks it for as long: after 0.5 s of
  // that, the client is made anew, for all who share it.
  void IsBehind();
  // Where it stands: offset of the next record or, in a topic with holes, one before it.
  int64_t offset() const { return place_; }
  // What went wrong last; OK if nothing has since a record or the end was seen.
  const absl::Status& trouble() const { return trouble_; }
  // Steady time of the last Seat, Peek or Pass.
  int64_t used_micros() const { return used_micros_; }
  // Lets the place on the client and all that was fetched go; the next question takes another.
  void Close();

 private:
  // Fetches from next_ on: by the partition's tail if that has it; `makes_tail` if there is none.
  void Start(bool makes_tail = false);
  void StartAlone();
  // Whether it goes on behind what has been read by the tail.
  bool JoinTail(bool makes);
  void LeaveTail();
  // Goes on behind what has been read, with a large read-ahead; as it did if there is no place for that.
  void MoveFar();
  // Takes what has been fetched; false if that is nothing.
  bool Fetch(Now* now);
  bool FetchAlone(Now* now);
  bool Nothing(Now* now);
  void Take(std::shared_ptr<const Record> record);
  void ReachedEnd(int64_t offset);
  // What has been so since `since_micros` (0: since now) is the client's fault if it lasts so long: `event` is logged.
  void LeaveClientAfter(int64_t patience_micros, const char* event, int64_t* since_micros);
  // The client is of no use any more, to none of those who share it.
  void LeaveClient();
  Now Failed(rd_kafka_resp_err_t error);
  void DropKept();

  const std::string topic_;
  const int32_t partition_;
  const size_t keep_bytes_;
  ReaderClients* const clients_;
  const std::shared_ptr<WakeUp> wake_;
  // One of the two at most.
  std::unique_ptr<Feed> feed_;
  std::shared_ptr<Tail> tail_;
  // Records read and kept: offsets in [first_, next_), not all there if the topic has holes.
  std::deque<std::shared_ptr<const Record>> kept_;
  size_t kept_bytes_ = 0;
  size_t index_ = 0;  // of the present place in kept_
  int64_t first_ = 0;
  int64_t next_ = 0;
  int64_t place_ = 0;
  bool seated_ = false;
  bool at_end_ = false;
  int64_t pinned_ = std::numeric_limits<int64_t>::max();
  int64_t used_micros_ = 0;
  // Read since the end was seen last, or since a place far ahead was last asked for.
  size_t unended_bytes_ = 0;
  // Steady, since when it is behind, and since when nothing is known; 0 if that is not so.
  int64_t behind_micros_ = 0;
  int64_t pending_micros_ = 0;
  absl::Status trouble_;
};

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_READER_H_
