#ifndef MYNUMBER_LIBS_EVENTSOURCING_PARTITION_H_
#define MYNUMBER_LIBS_EVENTSOURCING_PARTITION_H_

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "google/protobuf/arena.h"
#include "libs/eventsourcing/aggregate.h"
#include "libs/eventsourcing/fold.h"
#include "libs/eventsourcing/foreign_reader.h"
#include "libs/eventsourcing/log.h"
#include "libs/eventsourcing/ownership.h"
#include "libs/eventsourcing/request.h"
#include "libs/eventsourcing/row_folder.h"
#include "libs/eventsourcing/rows.h"
#include "libs/eventsourcing/settings.h"
#include "libs/eventsourcing/vault.h"

namespace mynumber::eventsourcing {

struct PartitionOptions {
  uint32_t partition = 0;
  // A batch ends at whichever comes first.
  size_t batch_commands = 1000;
  // Of what nobody asked for, at most half of a batch: callers wait for the batch that is under way.
  size_t inside_commands = 500;
  size_t batch_bytes = 900'000;
  // More than this waiting: RESOURCE_EXHAUSTED.
  size_t waiting_commands = 10'000;
  // The same for urgent ones, which the others do not keep out.
  size_t waiting_urgent = 1000;
  // The same for all who fold this log.
  int64_t receipt_retention_micros = kReceiptRetentionMicros;
  // Rows of another version are folded afresh.
  uint32_t projection_version = 1;
  // While folding: rows are written at the latest after this many events.
  size_t fold_events = 4000;
  // How far other services' logs were read, though nothing came of it, is written down at the latest after so long or
  // so many of their batches.
  int64_t carry_micros = 10'000'000;
  uint64_t carry_batches = 10'000;
};

// What became of one batch, for metrics: `commands` taken, of these `refused` and `repeated` without an event, and
// `reads` that only had to be proven current.
struct BatchObserved {
  size_t commands = 0;
  size_t events = 0;
  size_t refused = 0;
  size_t repeated = 0;
  size_t reads = 0;
  // Without a caller: led to by other services' events, and by deadlines; of these `refused_inside` without an event.
  size_t reactions = 0;
  size_t due = 0;
  size_t refused_inside = 0;
  size_t bytes = 0;
  int64_t sent_micros = 0;
  // How many of `events` are of a type (Service::EventType); the types in no order.
  std::vector<std::pair<std::string, size_t>> event_types;

  void CountEvent(std::string_view type) {
    for (auto& [known, count] : event_types) {
      if (known == type) {
        ++count;
        return;
      }
    }
    event_types.emplace_back(type, 1);
  }
};

// The partition loop: one writer, no locks. Group commit: everything that waits is decided into one batch, appended as
// one record, applied to the rows in one atomic write, then answered, the refused too. Has no thread and no clock: a
// driver calls Offer and Step from one thread at a time.
template <class Service>
class Partition : public Tenant {
 public:
  // Owns nothing. `observe` may be empty.
  Partition(const Service* service, PartitionLog* log, Rows* rows, Vault* vault,
            const PartitionOptions& options, const OwnershipOptions& ownership, ChainHash chain,
            FillRandom random, std::function<void(const BatchObserved&)> observe);

  // Another service's partition of the same number, for Service::React: a handle of its own, which outlives this.
  // Before Open.
  void ReactTo(std::string service, PartitionLog* log) { inputs_.emplace_back(std::move(service), log, chain_); }
  // Who is handed a request that cannot be served here, unchanged, in the place of `finish` with that UNAVAILABLE.
  using GiveBack = std::function<void(Request<Service> request, const absl::Status& why)>;
  void GiveBackTo(GiveBack give_back) { give_back_ = std::move(give_back); }
  // Reads where the rows stand. Must be called, and be OK, before anything else. FAILED_PRECONDITION: a newer program
  // made them.
  absl::Status Open();

  void Want(bool own) { ownership_->Want(own); }
  // Takes a command in, or finishes it at once if the queue is full or the partition does not serve.
  void Offer(Request<Service> request);
  // Does what can be done now; true if it is worth calling again at once.
  bool Step(int64_t now_micros);

  const Ownership& ownership() const { return *ownership_; }
  size_t waiting() const { return urgent_.size() + waiting_.size() + taken_.size() + reads_.size(); }
  // Erased subjects whose former keys are still to be looked for in their key blocks, by this owner.
  size_t keys_to_destroy() const { return ownership_->serving() ? to_destroy_.size() : 0; }
  // Whether former master keys are needed still: by rows here, or, where this owns the partition, by its key blocks.
  bool needs_former_masters() const { return HasFormerRows() || (ownership_->serving() && HasFormerBlocks()); }
  // Why an event of another service cannot be reacted to; OK while all can. UNAVAILABLE heals by itself.
  const absl::Status& input_trouble() const { return input_trouble_; }

  // For Ownership.
  const Head& head() const override { return head_; }
  absl::Status Fold(const eventlog::v1::Record& record, const Head& after) override;
  absl::Status FlushFolds() override;
  absl::Status StartOver() override;
  std::optional<BuiltBatch> Build(int64_t now_micros) override;
  absl::Status Commit(const Head& after) override;
  void Discard() override;
  void Refuse(const absl::Status& why) override;

 private:
  using Folder = RowFolder<Service>;
  static constexpr int64_t kRetryInsideMicros = 100'000;
  struct Taken {
    Request<Service> request;
    absl::Status status;
    // The batch has events of it.
    bool wrote;
  };

  // Asks the service. An error of the rows comes first: then nothing was decided.
  absl::StatusOr<Decided<Service>> Ask(const typename Folder::Loaded& loaded,
                                       const typename Service::Command& command, const DecideContext& asked,
                                       absl::Status* rows_error);
  // Decides one request into the batch under construction.
  absl::Status Decide(const Request<Service>& request, eventlog::v1::Batch* batch);
  // Answers from the receipt if the request was accepted before; true if it was, or was refused for its id.
  absl::StatusOr<bool> Repeat(const Request<Service>& request, int64_t time_micros);
  absl::Status AnswerFromReceipt(const Request<Service>& request,
                                 const eventlog::v1::Receipt::Entry& entry);
  // Writes an accepted command down, and makes its answer and its receipt.
  absl::Status Accept(const Request<Service>& request, const Decided<Service>& events,
                      typename Folder::Loaded* loaded, eventlog::v1::Batch* batch);
  // Seals the events into the command, and applies them; of the last one. All subjects have been loaded.
  EventMeta Append(const SubjectId& subject, typename Folder::Loaded* loaded, const Decided<Service>& events,
                   const eventlog::v1::Batch& batch, eventlog::v1::Command* command);
  void AppendEvent(const typename Service::Event& event, typename Folder::Loaded* loaded, EventMeta* meta,
                   eventlog::v1::Command* command);
  static bool Erases(const typename Service::Event& event);
  // The key block brings the key of a subject whose first event this is.
  void BringKey(typename Folder::Loaded* loaded);
  using Lane = std::deque<Request<Service>>;
  bool AnyWaits() const { return !urgent_.empty() || !waiting_.empty(); }
  static void ExpireWaiting(int64_t now_micros, Lane* lane);
  // Ends a request that this instance cannot serve, or hands it back.
  void TurnAway(Request<Service> request, const absl::Status& why);
  void OfferRead(Request<Service> request);
  // Fresh reads and those of a position: true if one was answered, or an end was told.
  bool ServeReads(int64_t now_micros);
  bool LearnEnd();
  // A read of rows as they are, whoever owns the partition.
  struct RowRead {
    Request<Service> request;
    // Of a fresh one: ends of the log that were told since it came, and the second of them, up to which it waits: the
    // first may answer a question that was asked before.
    int ends_told = 0;
    Offset end = -1;
  };
  // Whether the rows have what this read waits for.
  bool HasArrived(const RowRead& read) const;
  absl::Status WriteRows(const Head& after);
  // As many of the lane as the batch has room for.
  void DecideWaiting(int64_t now_micros, Lane* lane, eventlog::v1::Batch* batch);

  // What nobody asked for (inside_work_impl.h).
  bool HasInsideWork(int64_t now_micros);
  bool HasRoom(const eventlog::v1::Batch& batch) const;
  size_t InsideRoom() const { return std::min(options_.inside_commands, options_.batch_commands / 2); }
  bool ReadInputs();
  absl::Status ResumeInputs();
  void DecideForeign(eventlog::v1::Batch* batch);
  absl::Status Meet(const ForeignReader& input, const ForeignReader::Item& item, eventlog::v1::Batch* batch);
  // One that was destroyed may come back; nothing: that is known already.
  absl::StatusOr<std::optional<SubjectKey>> FindForeignKey(const ForeignReader& input, const ForeignReader::Item& item,
                                                           const SubjectId& subject, typename Folder::Loaded* loaded);
  absl::StatusOr<SubjectKey> ReadForeignKey(const ForeignReader& input, const ForeignReader::Item& item);
  void DecideDue(eventlog::v1::Batch* batch);
  int64_t FirstDueMicros();
  void DecideInside(const SubjectId& subject, typename Service::Command command, std::string cause,
                    std::string deadline, eventlog::v1::Batch* batch);
  // Destroying the keys of the erased (destroying_impl.h): a batch that does nothing but bring the key block in which
  // one stood, written anew without it; nothing if there is none to destroy now.
  std::optional<BuiltBatch> BuildDestruction(int64_t now_micros);
  void ListErased(int64_t now_micros);
  // Of a subject that was never known here: its key was destroyed first.
  void NoteDestroyed(const std::string& cause, const eventlog::v1::Envelope& envelope, eventlog::v1::Batch* batch);
  // A key block after `change` was handed each of its keys and said which it changed; empty: none, or there is no such
  // block. UNAVAILABLE: ask again.
  using ChangeKey = std::function<absl::StatusOr<bool>(eventlog::v1::WrappedKey* key)>;
  absl::StatusOr<std::string> ChangedBlock(const KeyBlockRef& ref, const ChangeKey& change);
  // The next batch under the claim, with nothing in it.
  eventlog::v1::Batch* BeginBatch(int64_t now_micros, eventlog::v1::Record* record) const;

  // Wrapping keys anew once there is another master key (rewrapping_impl.h): the rows' by everybody, so many at a time;
  // true if there is more to do.
  bool RewrapRows();
  // The owner's: a batch that does nothing but bring a key block, or says that there is none left; nothing if there is
  // none to bring now.
  std::optional<BuiltBatch> BuildRewrap(int64_t now_micros);
  bool HasFormerBlocks() const { return vault_->NewestMaster() > std::max(1u, head_.blocks_master_version()); }
  bool HasFormerRows() const { return vault_->NewestMaster() > std::max(1u, stored_head_.rows_master_version()); }
  // Whether a key, wrapped still, opens by a former master key alone.
  bool NeedsFormer(const SubjectKey& key) const {
    return !IsDestroyed(key) && key.master_version != vault_->NewestMaster();
  }
  // Goes on in the rows to one that names a block which this pass has not seen, so many rows at a time.
  absl::Status FindNextBlock();
  BuiltBatch BuiltWith(const eventlog::v1::Record& record, int64_t now_micros, std::string key_block,
                       const KeyBlockRef& block);

  // Of the batch under construction nothing is kept; callers are heard before what nobody asked for is tried again.
  std::nullopt_t GiveUp(int64_t now_micros);
  // Whether a cursor is to be written though nothing else is.
  bool MustCarry(int64_t now_micros) const;
  // Whether the cursor of the input is another one than was written last.
  bool HasMoved(size_t input) const;
  void CarryCursors(int64_t now_micros, eventlog::v1::Batch* batch);

  const Service* service_;
  PartitionLog* log_;
  Rows* rows_;
  Vault* vault_;
  PartitionOptions options_;
  std::function<void(const BatchObserved&)> observe_;
  std::unique_ptr<Ownership> ownership_;
  OwnershipOptions ownership_options_;
  ChainHash chain_;
  FillRandom random_;

  // Of the rows and of what is folded but not yet written; the same outside of Fold ... FlushFolds.
  Head head_;
  Head stored_head_;
  Folder folder_;
  size_t folded_events_ = 0;
  // Each in the order in which they came.
  Lane urgent_;
  Lane waiting_;
  std::deque<RowRead> reads_;
  GiveBack give_back_;
  // Other services' logs; read only while this serves, from the cursors that the rows have.
  std::vector<ForeignReader> inputs_;
  bool inputs_resumed_ = false;
  // Of the foreign batch that was met last: one block holds the keys of thousands of events.
  KeyBlockId foreign_block_;
  KeyMap foreign_keys_;
  // As written last, by input.
  std::vector<eventlog::v1::ForeignCursor> carried_;
  int64_t carried_micros_ = 0;
  absl::Status input_trouble_;
  // Of the rows; nothing: not looked for since they changed.
  std::optional<int64_t> first_due_micros_;
  // The batch under way.
  std::vector<Taken> taken_;
  Changes changes_;
  eventlog::v1::KeyBlock new_keys_;
  uint32_t next_index_ = 0;
  size_t batch_bytes_ = 0;
  BatchObserved observed_;
  // Rows that could not be read for what nobody asked for: the batch is given up.
  absl::Status unreadable_;
  // The batch under way erases these.
  std::vector<SubjectId> erased_now_;
  // What the batch under way does besides, or instead of, what it was asked for.
  enum class Upkeep { kNone, kDestruction, kRewrap };
  Upkeep upkeep_ = Upkeep::kNone;
  // Every second batch is for callers, whatever there is to keep up.
  bool callers_turn_ = false;
  // Whose former keys may still stand in their key blocks. All that were ever erased are looked through under each
  // claim and once a day: a writer that was replaced may have put an older block back.
  std::deque<SubjectId> to_destroy_;
  std::string looked_through_claim_;
  int64_t look_through_from_micros_ = 0;
  // How far the rows have been wrapped anew, by key.
  std::string rewrapped_rows_;
  // An owner's pass over the key blocks: begun anew under each claim.
  struct BlockPass {
    std::string claim_id;
    // The row that was looked at last, the blocks that rows up to there name, and the one that is to be wrapped next.
    std::string row;
    absl::flat_hash_set<KeyBlockRef> seen;
    std::optional<KeyBlockRef> next;
    bool is_done = false;
  };
  BlockPass rewrapping_;
  // The wall clock until which what nobody asked for is left alone.
  int64_t inside_from_micros_ = 0;
  std::string plain_;
};

}  // namespace mynumber::eventsourcing

#include "libs/eventsourcing/accept_impl.h"
#include "libs/eventsourcing/destroying_impl.h"
#include "libs/eventsourcing/inside_work_impl.h"
#include "libs/eventsourcing/partition_impl.h"
#include "libs/eventsourcing/rewrapping_impl.h"
#include "libs/eventsourcing/row_reads_impl.h"

#endif  // MYNUMBER_LIBS_EVENTSOURCING_PARTITION_H_
