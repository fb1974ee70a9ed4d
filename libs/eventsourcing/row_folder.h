#ifndef MYNUMBER_LIBS_EVENTSOURCING_ROW_FOLDER_H_
#define MYNUMBER_LIBS_EVENTSOURCING_ROW_FOLDER_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "libs/eventsourcing/aggregate.h"
#include "libs/eventsourcing/rows.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "libs/eventsourcing/state_reader.h"
#include "libs/eventsourcing/vault.h"
#include "libs/eventsourcing/wrapped_key.h"
#include "mynumber/eventlog/v1/eventlog.pb.h"

namespace mynumber::eventsourcing {

// Events in, rows out: the one place where rows come from events, for a batch that is being decided, for one read from
// the log, and for `verify`. Holds the aggregates it has touched, so that a batch reads its own writes, until Finish.
// Service as in aggregate.h. Not thread-safe; owns nothing it is given.
template <class Service>
class RowFolder {
 public:
  using State = typename Service::State;
  using Event = typename Service::Event;
  struct Loaded {
    State state;
    SubjectKey key;
    // The batch that brought it.
    KeyBlockRef block;
    bool has_key = false;
    bool dirty = false;
    // Set if it was erased since the last Finish.
    std::unique_ptr<eventlog::v1::ErasedSubject> erased_now;
    // Of `key` the id is all that there is, and the event that says so has not come yet: nothing of the state is known
    // but the version.
    bool is_passed_over() const { return has_key && IsDestroyed(key); }
  };
  using ReadKeyBlock = BatchKeys::Read;

  RowFolder(const Service* service, const Rows* rows, Vault* vault, uint32_t partition,
            int64_t receipt_retention_micros)
      : service_(service),
        rows_(rows),
        vault_(vault),
        partition_(partition),
        receipt_retention_micros_(receipt_retention_micros) {}

  // The aggregate as it is with everything folded so far; default state and no key if it is unknown.
  absl::StatusOr<Loaded*> Load(const SubjectId& subject);
  // The same for whoever decides or answers. DATA_LOSS: its key is gone, and no event says that it was destroyed.
  absl::StatusOr<Loaded*> LoadKnown(const SubjectId& subject);
  // What an event of this log said of its erasing; nothing if there was none.
  absl::StatusOr<std::optional<eventlog::v1::ErasedSubject>> FindErased(const SubjectId& subject,
                                                                        const Loaded& loaded) const;

  // Evolves and projects one event. `loaded` must be the subject's, and have its key. What stays when the subject is
  // erased is written into `envelope`, too, if there is one.
  void Apply(const Event& event, const EventMeta& meta, Loaded* loaded, eventlog::v1::Envelope* envelope = nullptr);
  // Before an erasing event is sealed or opened: the subject has no key any more, and erased_now.
  void TakeKeyAway(const EventMeta& meta, Loaded* loaded);
  // After it was applied.
  absl::Status Erase(const SubjectId& subject, const Loaded& loaded);

  // The receipt of a request, or null: no row, or too old by `time_micros`.
  absl::StatusOr<const eventlog::v1::Receipt*> FindReceipt(const std::string& key, int64_t time_micros);
  // After Apply of a command's events: what its receipt says. `keep_state`: the first answer cannot be made from later
  // states; then `subject`, which was asked for, has events.
  absl::Status AddReceipt(const eventlog::v1::Command& command, const EventMeta& last, bool keep_state,
                          const SubjectId& subject, const Loaded& loaded);

  // The batch was decided on what other services wrote up to there.
  void TakeCursors(const eventlog::v1::Batch& batch);
  // What a command says of a key that was destroyed before its subject was known here.
  void TakeDestroyed(const eventlog::v1::Batch& batch, const eventlog::v1::Command& command);
  // The deadline that a command meets is one no more.
  void TakeDeadline(const eventlog::v1::Command& command);

  // Folds a whole batch read from the log. An event that this binary does not know, or whose key is missing, is an
  // error; one whose key was destroyed leaves what it kept.
  absl::Status FoldBatch(const eventlog::v1::Batch& batch, const ReadKeyBlock& read_key_block);

  // Appends all changes since the last Finish or Clear, and forgets the aggregates.
  absl::Status Finish(Changes* changes);
  void Clear();

 private:
  absl::Status FoldCommand(const eventlog::v1::Batch& batch, const eventlog::v1::Command& command, BatchKeys* keys,
                           uint32_t* index);
  absl::Status FoldEvent(const eventlog::v1::Envelope& envelope, BatchKeys* keys, const EventMeta& meta,
                         Loaded* loaded);
  absl::Status TakeKey(const std::string& key_id, BatchKeys* keys, Loaded* loaded);
  // An event whose key was destroyed.
  void PassOver(const eventlog::v1::Envelope& envelope, const EventMeta& meta, Loaded* loaded);
  absl::Status OpenRow(const SubjectId& subject, std::string_view sealed, Loaded* loaded);
  void TakeRows(const Loaded& loaded, eventlog::v1::Envelope* envelope);
  static void Keep(const RowChange& change, eventlog::v1::Envelope* envelope);
  absl::Status DeleteSealedRows(const SubjectId& subject);
  absl::Status AddSums();
  absl::Status NumberAppended();
  // Whether the command is one more of the request that the receipt is of.
  static bool Continues(const eventlog::v1::Receipt& receipt, const eventlog::v1::Command& command,
                        const SubjectId& subject);

  const Service* service_;
  const Rows* rows_;
  Vault* vault_;
  uint32_t partition_;
  int64_t receipt_retention_micros_;
  absl::flat_hash_map<SubjectId, std::unique_ptr<Loaded>> loaded_;
  // Nothing: looked for, and not there.
  absl::flat_hash_map<std::string, std::optional<eventlog::v1::Receipt>> receipts_;
  absl::flat_hash_map<std::string, Sum> sums_;
  // By list, in order.
  absl::flat_hash_map<std::string, std::vector<std::string>> appended_;
  Changes changes_;
  // Kept between calls for their memory.
  std::vector<RowChange> projected_;
  Event event_;
  std::string plain_;
  std::string sealed_;
};

}  // namespace mynumber::eventsourcing

#include "libs/eventsourcing/erasing_impl.h"
#include "libs/eventsourcing/row_folder_impl.h"

#endif  // MYNUMBER_LIBS_EVENTSOURCING_ROW_FOLDER_H_
