#ifndef MYNUMBER_LIBS_SERVING_WATCHED_ROWS_H_
#define MYNUMBER_LIBS_SERVING_WATCHED_ROWS_H_

#include <functional>
#include <string>
#include <utility>

#include "libs/eventsourcing/rows.h"

namespace mynumber::serving {

// Rows whose changes somebody else hears of first: what a service keeps in memory beside them holds on every instance
// that folds the log, not on the one alone that decided.
class WatchedRows : public eventsourcing::Rows {
 public:
  using Hear = std::function<void(const eventsourcing::Changes&)>;

  // Does not own `rows`. `hear` is called by the thread that writes.
  WatchedRows(eventsourcing::Rows* rows, Hear hear) : rows_(rows), hear_(std::move(hear)) {}

  absl::StatusOr<bool> Get(std::string_view key, std::string* value) const override { return rows_->Get(key, value); }
  absl::Status Write(const eventsourcing::Changes& changes) override {
    hear_(changes);
    return rows_->Write(changes);
  }
  absl::Status Scan(std::string_view prefix, std::string_view after,
                    const std::function<bool(std::string_view key, std::string_view value)>& visit) const override {
    return rows_->Scan(prefix, after, visit);
  }
  absl::Status StartOver() override { return rows_->StartOver(); }

 private:
  eventsourcing::Rows* const rows_;
  const Hear hear_;
};

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_WATCHED_ROWS_H_
