#ifndef MYNUMBER_LIBS_EVENTSOURCING_NOTING_TENANT_H_
#define MYNUMBER_LIBS_EVENTSOURCING_NOTING_TENANT_H_

// The smallest Tenant, for tests of Ownership: its commands are request ids, its rows a list of those that were
// accepted.

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "libs/eventsourcing/made_records.h"
#include "libs/eventsourcing/ownership.h"

namespace mynumber::eventsourcing {

class NotingTenant : public Tenant {
 public:
  using Ids = std::vector<std::string>;

  const Head& head() const override { return head_; }

  absl::Status Fold(const eventlog::v1::Record& record, const Head& after) override {
    if (!fold.ok()) return GoBack(fold);
    for (const auto& command : record.batch().commands()) rows.push_back(command.request_id());
    head_ = after;
    return absl::OkStatus();
  }
  absl::Status FlushFolds() override {
    if (!flush.ok() && head_.offset() != stored_head_.offset()) return GoBack(flush);
    return Store();
  }
  absl::Status StartOver() override {
    ++start_overs;
    if (!start_over.ok()) return start_over;
    rows.clear();
    head_ = EmptyHead();
    return Store();
  }
  std::optional<BuiltBatch> Build(int64_t now_micros) override {
    if (waiting.empty()) return std::nullopt;
    eventlog::v1::Record record = NextBatch(head_, "", now_micros);
    for (const std::string& id : waiting) {
      if (std::find(rows.begin(), rows.end(), id) == rows.end()) {
        record.mutable_batch()->add_commands()->set_request_id(id);
        decided_.push_back(id);
      }
      taken_.push_back(id);
    }
    waiting.clear();
    BuiltBatch built;
    built.request.record = record.SerializeAsString();
    built.after = After(head_, record, -1);
    return built;
  }
  absl::Status Commit(const Head& after) override {
    if (!commit.ok()) return commit;
    rows.insert(rows.end(), decided_.begin(), decided_.end());
    answered.insert(answered.end(), taken_.begin(), taken_.end());
    decided_.clear();
    taken_.clear();
    head_ = after;
    return Store();
  }
  void Discard() override {
    waiting.insert(waiting.begin(), taken_.begin(), taken_.end());
    taken_.clear();
    decided_.clear();
  }
  void Refuse(const absl::Status& why) override {
    for (const std::string& id : waiting) refused.push_back(id);
    waiting.clear();
    refusal = why;
  }

  std::deque<std::string> waiting;
  Ids rows, answered, refused;
  absl::Status refusal;
  int start_overs = 0;
  // What the calls fail with.
  absl::Status fold, flush, start_over, commit;

 private:
  absl::Status Store() {
    stored_rows_ = rows;
    stored_head_ = head_;
    return absl::OkStatus();
  }
  absl::Status GoBack(const absl::Status& why) {
    rows = stored_rows_;
    head_ = stored_head_;
    return why;
  }

  Head head_ = EmptyHead(), stored_head_ = EmptyHead();
  Ids stored_rows_, taken_, decided_;
};

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_NOTING_TENANT_H_
