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
    bool has_key = false;
    bool dirty = false;
  };
  // The wrapped keys that a batch brought along.
  using ReadKeyBlock = std::function<absl::StatusOr<std::string>()>;

  RowFolder(const Service* service, const Rows* rows, Vault* vault, uint32_t partition,
            int64_t receipt_retention_micros)
      : service_(service),
        rows_(rows),
        vault_(vault),
        partition_(partition),
        receipt_retention_micros_(receipt_retention_micros) {}

  // The aggregate as it is with everything folded so far; default state and no key if it is unknown.
  absl::StatusOr<Loaded*> Load(const SubjectId& subject);

  // Evolves and projects one event. `loaded` must be the subject's, and have its key.
  void Apply(const Event& event, const EventMeta& meta, Loaded* loaded);

  // The receipt of a request, or null: no row, or too old by `time_micros`.
  absl::StatusOr<const eventlog::v1::Receipt*> FindReceipt(const std::string& key, int64_t time_micros);
  // After Apply of a command's events: what its receipt says. `keep_state`: the first answer cannot be made from later
  // states; then `subject`, which was asked for, has events.
  absl::Status AddReceipt(const eventlog::v1::Command& command, const EventMeta& last, bool keep_state,
                          const SubjectId& subject, const Loaded& loaded);

  // The batch was decided on what other services wrote up to there.
  void TakeCursors(const eventlog::v1::Batch& batch);
  // The deadline that a command meets is one no more.
  void TakeDeadline(const eventlog::v1::Command& command);

  // Folds a whole batch read from the log. An event that this binary does not know, or whose key is missing, is an
  // error.
  absl::Status FoldBatch(const eventlog::v1::Batch& batch, const ReadKeyBlock& read_key_block);

  // Appends all changes since the last Finish or Clear, and forgets the aggregates.
  absl::Status Finish(Changes* changes);
  void Clear();

 private:
  absl::Status FoldCommand(const eventlog::v1::Batch& batch, const eventlog::v1::Command& command,
                           const ReadKeyBlock& read_key_block, KeyMap* keys, uint32_t* index);
  absl::Status FoldEvent(const eventlog::v1::Envelope& envelope, const ReadKeyBlock& read_key_block,
                         KeyMap* keys, const EventMeta& meta, Loaded* loaded);
  absl::Status TakeKey(const std::string& key_id, const ReadKeyBlock& read_key_block, KeyMap* keys,
                       Loaded* loaded);
  void TakeRows(const Loaded& loaded);
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

template <class Service>
absl::StatusOr<typename RowFolder<Service>::Loaded*> RowFolder<Service>::Load(const SubjectId& subject) {
  std::unique_ptr<Loaded>& slot = loaded_[subject];
  if (slot) return slot.get();
  auto fresh = std::make_unique<Loaded>();
  std::string value;
  absl::StatusOr<bool> found = rows_->Get(StateKey(subject), &value);
  if (!found.ok()) return found.status();
  if (*found) {
    auto row = DecodeStateRow(value);
    if (!row.ok()) return row.status();
    fresh->key = row->key;
    fresh->has_key = true;
    absl::Status status = vault_->Unwrap(&fresh->key);
    if (status.ok()) {
      status = vault_->Open(fresh->key, StateAssociatedData(subject), row->sealed, &plain_);
    }
    if (!status.ok()) return status;
    if (!fresh->state.ParseFromString(plain_)) return absl::DataLossError("a state row cannot be read");
  }
  slot = std::move(fresh);
  return slot.get();
}

template <class Service>
void RowFolder<Service>::Apply(const Event& event, const EventMeta& meta, Loaded* loaded) {
  projected_.clear();
  if (loaded->state.version() == 0) {
    service_->Evolve(event, meta, &loaded->state);
    loaded->state.set_version(meta.version);
    service_->Project(State::default_instance(), loaded->state, event, meta, &projected_);
  } else {
    const State before = loaded->state;
    service_->Evolve(event, meta, &loaded->state);
    loaded->state.set_version(meta.version);
    service_->Project(before, loaded->state, event, meta, &projected_);
  }
  loaded->dirty = true;
  TakeRows(*loaded);
}

template <class Service>
void RowFolder<Service>::TakeRows(const Loaded& loaded) {
  for (RowChange& change : projected_) {
    switch (change.kind) {
      case RowChange::Kind::kPut:
        changes_.Put(change.key, change.value);
        break;
      case RowChange::Kind::kPutSealed: {
        sealed_.assign(loaded.key.id_view());
        vault_->Seal(loaded.key, change.key, change.value, &sealed_);
        changes_.Put(change.key, sealed_);
        break;
      }
      case RowChange::Kind::kDelete:
        changes_.Delete(change.key);
        break;
      case RowChange::Kind::kAdd: {
        Sum& sum = sums_[change.key];
        sum.count += change.count;
        const unsigned __int128 summand = SummandOf(change.value);
        sum.total += change.count < 0 ? -summand : summand;
        break;
      }
      case RowChange::Kind::kAppend:
        appended_[change.key].push_back(std::move(change.value));
        break;
    }
  }
}

template <class Service>
absl::StatusOr<const eventlog::v1::Receipt*> RowFolder<Service>::FindReceipt(const std::string& key,
                                                                             int64_t time_micros) {
  auto [slot, is_new] = receipts_.try_emplace(key);
  if (is_new) {
    std::string value;
    absl::StatusOr<bool> found = rows_->Get(key, &value);
    absl::StatusOr<eventlog::v1::Receipt> receipt;
    if (found.ok() && *found) receipt = DecodeReceiptRow(value);
    if (!found.ok() || (*found && !receipt.ok())) {
      receipts_.erase(slot);
      return found.ok() ? receipt.status() : found.status();
    }
    if (*found) slot->second = *std::move(receipt);
  }
  if (!slot->second || IsExpired(slot->second->time_micros(), receipt_retention_micros_, time_micros)) return nullptr;
  return &*slot->second;
}

template <class Service>
bool RowFolder<Service>::Continues(const eventlog::v1::Receipt& receipt, const eventlog::v1::Command& command,
                                   const SubjectId& subject) {
  if (receipt.request_hash() != command.request_hash()) return false;
  for (const auto& entry : receipt.entries()) {
    if (entry.subject() == subject.view()) return false;
  }
  return true;
}

template <class Service>
absl::Status RowFolder<Service>::AddReceipt(const eventlog::v1::Command& command, const EventMeta& last,
                                            bool keep_state, const SubjectId& subject, const Loaded& loaded) {
  if (command.request_id().empty()) return absl::OkStatus();
  const std::string key = ReceiptKey(command.caller(), command.method(), command.request_id());
  bool adds = false;
  if (command.shares_request()) {
    auto found = FindReceipt(key, last.time_micros);
    if (!found.ok()) return found.status();
    adds = *found != nullptr && Continues(**found, command, subject);
  }
  // A request id that is used again after its receipt's time begins afresh, whether or not the old row was looked at or
  // is still there: the rows must depend on the log alone.
  if (!adds) receipts_[key].emplace();
  eventlog::v1::Receipt& receipt = *receipts_[key];
  receipt.set_time_micros(last.time_micros);
  receipt.set_request_hash(command.request_hash());
  auto* entry = receipt.add_entries();
  entry->set_subject(std::string(subject.view()));
  entry->set_version(loaded.state.version());
  entry->set_sequence(last.sequence);
  entry->set_index(last.index);
  if (keep_state) {
    loaded.state.SerializeToString(&plain_);
    vault_->Seal(loaded.key, ReceiptAssociatedData(subject, entry->version()), plain_,
                 entry->mutable_sealed_state());
  }
  changes_.Put(key, EncodeReceiptRow(receipt));
  return absl::OkStatus();
}

template <class Service>
void RowFolder<Service>::TakeCursors(const eventlog::v1::Batch& batch) {
  for (const auto& cursor : batch.foreign_cursors()) {
    changes_.Put(CursorKey(cursor.service()), cursor.SerializeAsString());
  }
}

template <class Service>
void RowFolder<Service>::TakeDeadline(const eventlog::v1::Command& command) {
  if (!command.deadline().empty()) changes_.Delete(command.deadline());
}

template <class Service>
absl::Status RowFolder<Service>::FoldBatch(const eventlog::v1::Batch& batch,
                                           const ReadKeyBlock& read_key_block) {
  KeyMap keys;
  uint32_t index = 0;
  TakeCursors(batch);
  for (const eventlog::v1::Command& command : batch.commands()) {
    TakeDeadline(command);
    absl::Status status = FoldCommand(batch, command, read_key_block, &keys, &index);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

template <class Service>
absl::Status RowFolder<Service>::FoldCommand(const eventlog::v1::Batch& batch,
                                             const eventlog::v1::Command& command,
                                             const ReadKeyBlock& read_key_block, KeyMap* keys,
                                             uint32_t* index) {
  EventMeta meta;
  meta.partition = partition_;
  meta.sequence = batch.sequence();
  meta.time_micros = batch.time_micros();
  meta.caller = command.caller();
  meta.clerk_id = command.clerk_id();
  bool keep_state = false;
  const size_t named = command.subject().size();
  if (named != 0 && named != 16) return absl::DataLossError("a command's subject is none");
  for (const eventlog::v1::Envelope& envelope : command.events()) {
    if (envelope.subject().size() != 16) return absl::DataLossError("an event has no subject");
    meta.subject = SubjectId::FromBytes(envelope.subject());
    meta.version = envelope.version();
    meta.index = (*index)++;
    auto found = Load(meta.subject);
    if (!found.ok()) return found.status();
    absl::Status status = FoldEvent(envelope, read_key_block, keys, meta, *found);
    if (!status.ok()) return status;
    keep_state = keep_state || !Service::AnswerStaysInState(event_);
  }
  if (command.events().empty()) return absl::OkStatus();
  const SubjectId asked = named == 0 ? meta.subject : SubjectId::FromBytes(command.subject());
  auto loaded = Load(asked);
  return loaded.ok() ? AddReceipt(command, meta, keep_state, asked, **loaded) : loaded.status();
}

template <class Service>
absl::Status RowFolder<Service>::FoldEvent(const eventlog::v1::Envelope& envelope,
                                           const ReadKeyBlock& read_key_block, KeyMap* keys,
                                           const EventMeta& meta, Loaded* loaded) {
  if (!loaded->has_key || loaded->key.id_view() != envelope.key_id()) {
    absl::Status status = TakeKey(envelope.key_id(), read_key_block, keys, loaded);
    if (!status.ok()) return status;
  }
  absl::Status status =
      vault_->Open(loaded->key, EventAssociatedData(envelope.type(), meta.subject, meta.version),
                   envelope.sealed_payload(), &plain_);
  if (!status.ok()) return status;
  if (!event_.ParseFromString(plain_)) return absl::DataLossError("an event cannot be read");
  if (Service::EventType(event_) != envelope.type()) {
    return absl::UnimplementedError(absl::StrCat(
        "the log holds an event '", envelope.type(),
        "' that this version does not know: start the version that wrote it, or a newer one"));
  }
  if (meta.version != loaded->state.version() + 1) {
    return absl::DataLossError(absl::StrCat("an event of version ", meta.version,
                                            " follows one of version ", loaded->state.version()));
  }
  Apply(event_, meta, loaded);
  return absl::OkStatus();
}

template <class Service>
absl::Status RowFolder<Service>::TakeKey(const std::string& key_id, const ReadKeyBlock& read_key_block,
                                         KeyMap* keys, Loaded* loaded) {
  if (keys->empty()) {
    auto read = ReadKeys(read_key_block());
    if (!read.ok()) return read.status();
    *keys = *std::move(read);
  }
  auto found = keys->find(key_id);
  if (found == keys->end()) return DataKeyMissing();
  loaded->key = found->second;
  loaded->has_key = true;
  return vault_->Unwrap(&loaded->key);
}

template <class Service>
absl::Status RowFolder<Service>::Finish(Changes* changes) {
  for (auto& [subject, loaded] : loaded_) {
    if (!loaded || !loaded->dirty) continue;
    loaded->state.SerializeToString(&plain_);
    sealed_.clear();
    AppendStateRowHead(loaded->key, &sealed_);
    vault_->Seal(loaded->key, StateAssociatedData(subject), plain_, &sealed_);
    changes_.Put(StateKey(subject), sealed_);
  }
  for (const auto& [key, added] : sums_) {
    std::string value;
    absl::StatusOr<bool> found = rows_->Get(key, &value);
    if (!found.ok()) return found.status();
    Sum sum = *found ? DecodeSum(value) : Sum{};
    sum.count += added.count;
    sum.total += added.total;
    changes_.Put(key, EncodeSum(sum));
  }
  absl::Status status = NumberAppended();
  if (!status.ok()) return status;
  if (changes->empty()) {
    std::swap(*changes, changes_);
  } else {
    for (size_t i = 0; i < changes_.size(); ++i) changes->Add(changes_[i]);
  }
  Clear();
  return absl::OkStatus();
}

template <class Service>
absl::Status RowFolder<Service>::NumberAppended() {
  for (const auto& [list, values] : appended_) {
    std::string value;
    absl::StatusOr<bool> found = rows_->Get(list, &value);
    if (!found.ok()) return found.status();
    uint64_t number = *found ? DecodeListCount(value) : 0;
    for (const std::string& appended : values) changes_.Put(list + EncodeListNumber(++number), appended);
    changes_.Put(list, EncodeListNumber(number));
  }
  return absl::OkStatus();
}

template <class Service>
void RowFolder<Service>::Clear() {
  loaded_.clear();
  receipts_.clear();
  sums_.clear();
  appended_.clear();
  changes_.clear();
}

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_ROW_FOLDER_H_
