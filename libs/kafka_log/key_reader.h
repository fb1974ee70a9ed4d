#ifndef MYNUMBER_LIBS_KAFKA_LOG_KEY_READER_H_
#define MYNUMBER_LIBS_KAFKA_LOG_KEY_READER_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "libs/kafka_log/end_asker.h"
#include "libs/kafka_log/place.h"
#include "libs/kafka_log/reader.h"

namespace mynumber::kafka_log {

// Finds key blocks in the compacted topic. A rebuild asks in the order in which they were written and with their
// addresses, so that is one pass over the topic; a block that was rewritten stands elsewhere and is found by an index
// of the whole partition, 16 bytes for each block, made only then. One thread at a time; nothing here blocks.
class KeyReader {
 public:
  enum class Now { kFound, kNone, kPending };

  KeyReader(const Place& place, ReaderClients* clients, EndClient* ends, Background* background,
            std::shared_ptr<WakeUp> wake);

  // Looks for the newest block under `key` (KeyBlockKey); `address`: where it may stand, or a newer one, -1 if that is
  // not known.
  Now Find(const std::string& key, int64_t address, std::string* block);
  // Frees all that it holds; the next question begins anew.
  void Close();
  int64_t used_micros() const { return reader_.used_micros(); }
  const absl::Status& trouble() const { return reader_.trouble(); }

 private:
  // Pending, too, while the log ends before the place, as its leader tells: one that was cut off tells an old end.
  Now FindAt(const std::string& key, int64_t address, std::string* block);
  Now FindByIndex(const std::string& key, std::string* block);
  // Reads on to the partition's end, as told after the question came.
  bool IndexAll();
  bool IsOurs(const Record& record) const;
  void Take(const Record& record);

  const std::string service_prefix_;
  Reader reader_;
  Reader scanner_;
  EndAsker end_;
  struct Block {
    int64_t offset = -1;
    std::string bytes;
  };
  // The blocks read last, the oldest first; all bytes together bounded.
  absl::flat_hash_map<std::string, Block> window_;
  std::deque<std::string> order_;
  size_t window_bytes_ = 0;
  // Question under way, where it may stand, and since when that has been waited for (steady).
  std::string asked_;
  int64_t address_ = -1;
  int64_t asked_micros_ = 0;
  bool by_index_ = false;
  bool indexed_ = false;
  int64_t end_offset_ = -1;
  int64_t scanned_ = 0;
  absl::flat_hash_map<uint64_t, int64_t> index_;
};

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_KEY_READER_H_
