#ifndef MYNUMBER_LIBS_EVENTSOURCING_ROWS_H_
#define MYNUMBER_LIBS_EVENTSOURCING_ROWS_H_

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace mynumber::eventsourcing {

// One change to one row; no value: the row goes. The views live as long as the Changes they are of, unchanged.
struct RowWrite {
  std::string_view key;
  std::optional<std::string_view> value;
};

// Changes that become visible and durable together, or not at all. Of several to one row the last counts. All bytes
// stand in one buffer that keeps its memory when cleared: a batch has thousands of rows, and none costs an allocation.
class Changes {
 public:
  Changes() = default;
  Changes(std::initializer_list<RowWrite> writes) {
    for (const RowWrite& write : writes) Add(write);
  }
  void Put(std::string_view key, std::string_view value) {
    entries_.push_back({bytes_.size(), key.size(), value.size(), true});
    bytes_.append(key).append(value);
  }
  void Delete(std::string_view key) {
    entries_.push_back({bytes_.size(), key.size(), 0, false});
    bytes_.append(key);
  }
  void Add(const RowWrite& write) { write.value ? Put(write.key, *write.value) : Delete(write.key); }
  void clear() {
    bytes_.clear();
    entries_.clear();
  }

  size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  // Of all keys and values.
  size_t bytes() const { return bytes_.size(); }
  RowWrite operator[](size_t i) const {
    const Entry& entry = entries_[i];
    const std::string_view all = bytes_;
    RowWrite write{all.substr(entry.at, entry.key_size), std::nullopt};
    if (entry.has_value) write.value = all.substr(entry.at + entry.key_size, entry.value_size);
    return write;
  }

 private:
  struct Entry {
    size_t at, key_size, value_size;
    bool has_value;
  };
  std::string bytes_;
  std::vector<Entry> entries_;
};

// The rows of one partition's projection: a sorted map of bytes. Get and Scan may be called by any thread; Write by the
// partition's loop alone. After a crash the rows are those of some earlier Write, never a part of one.
class Rows {
 public:
  virtual ~Rows() = default;

  // False if there is no such row.
  virtual absl::StatusOr<bool> Get(std::string_view key, std::string* value) const = 0;

  virtual absl::Status Write(const Changes& changes) = 0;

  // Rows whose key starts with `prefix` and is greater than `after` (empty: from the first), in order, until `visit`
  // returns false. The views live as long as the visit.
  virtual absl::Status Scan(std::string_view prefix, std::string_view after,
                            const std::function<bool(std::string_view key, std::string_view value)>&
                                visit) const = 0;

  // Forgets every row, for a fold from the beginning; the old ones are kept aside, since they may be the only copy.
  virtual absl::Status StartOver() = 0;
};

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_ROWS_H_
