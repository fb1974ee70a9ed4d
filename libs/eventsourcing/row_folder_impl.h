#ifndef MYNUMBER_LIBS_EVENTSOURCING_ROW_FOLDER_IMPL_H_
#define MYNUMBER_LIBS_EVENTSOURCING_ROW_FOLDER_IMPL_H_

// Bodies of row_folder.h; include that one.

namespace mynumber::eventsourcing {

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
    fresh->block = row->block;
    fresh->has_key = true;
    absl::Status status = OpenRow(subject, row->sealed, fresh.get());
    if (!status.ok()) return status;
  }
  slot = std::move(fresh);
  return slot.get();
}

template <class Service>
absl::Status RowFolder<Service>::OpenRow(const SubjectId& subject, std::string_view sealed, Loaded* loaded) {
  if (loaded->is_passed_over()) {
    loaded->state.set_version(DecodePassedOver(sealed));
    return absl::OkStatus();
  }
  absl::Status status = UnwrapToKeep(vault_, &loaded->key);
  if (status.ok()) status = vault_->Open(loaded->key, StateAssociatedData(subject), sealed, &plain_);
  if (!status.ok()) return status;
  return loaded->state.ParseFromString(plain_) ? absl::OkStatus() : absl::DataLossError("a state row cannot be read");
}

template <class Service>
void RowFolder<Service>::Apply(const Event& event, const EventMeta& meta, Loaded* loaded,
                               eventlog::v1::Envelope* envelope) {
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
  TakeRows(*loaded, envelope);
}

template <class Service>
void RowFolder<Service>::TakeRows(const Loaded& loaded, eventlog::v1::Envelope* envelope) {
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
      case RowChange::Kind::kCount:
        ++sums_[change.key].count;
        if (envelope != nullptr) Keep(change, envelope);
        break;
      case RowChange::Kind::kAppend:
        if (envelope != nullptr) Keep(change, envelope);
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
  if (keep_state && !loaded.is_passed_over()) {
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
  BatchKeys keys(KeyBlockRef::Of(batch.claim_id(), batch.claim_sequence()), &read_key_block);
  uint32_t index = 0;
  TakeCursors(batch);
  for (const eventlog::v1::Command& command : batch.commands()) {
    TakeDeadline(command);
    TakeDestroyed(batch, command);
    absl::Status status = FoldCommand(batch, command, &keys, &index);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

template <class Service>
absl::Status RowFolder<Service>::FoldCommand(const eventlog::v1::Batch& batch,
                                             const eventlog::v1::Command& command, BatchKeys* keys,
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
    absl::Status status = FoldEvent(envelope, keys, meta, *found);
    if (!status.ok()) return status;
    keep_state = keep_state || (!(*found)->is_passed_over() && !Service::AnswerStaysInState(event_));
  }
  if (command.events().empty()) return absl::OkStatus();
  const SubjectId asked = named == 0 ? meta.subject : SubjectId::FromBytes(command.subject());
  auto loaded = Load(asked);
  return loaded.ok() ? AddReceipt(command, meta, keep_state, asked, **loaded) : loaded.status();
}

template <class Service>
absl::Status RowFolder<Service>::FoldEvent(const eventlog::v1::Envelope& envelope, BatchKeys* keys,
                                           const EventMeta& meta, Loaded* loaded) {
  if (meta.version != loaded->state.version() + 1) {
    return absl::DataLossError(absl::StrCat("an event of version ", meta.version,
                                            " follows one of version ", loaded->state.version()));
  }
  const bool erases = !envelope.destroys_key_id().empty();
  if (erases) TakeKeyAway(meta, loaded);
  if (!loaded->has_key || loaded->key.id_view() != envelope.key_id()) {
    absl::Status status = TakeKey(envelope.key_id(), keys, loaded);
    if (!status.ok()) return status;
  }
  if (loaded->is_passed_over()) {
    PassOver(envelope, meta, loaded);
    return absl::OkStatus();
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
  Apply(event_, meta, loaded);
  return erases ? Erase(meta.subject, *loaded) : absl::OkStatus();
}

template <class Service>
absl::Status RowFolder<Service>::TakeKey(const std::string& key_id, BatchKeys* keys, Loaded* loaded) {
  auto found = keys->Find(key_id);
  if (!found.ok()) return found.status();
  loaded->key = *found;
  loaded->block = keys->block();
  loaded->has_key = true;
  return loaded->is_passed_over() ? absl::OkStatus() : UnwrapToKeep(vault_, &loaded->key);
}

template <class Service>
absl::Status RowFolder<Service>::Finish(Changes* changes) {
  for (auto& [subject, loaded] : loaded_) {
    if (!loaded || !loaded->dirty) continue;
    sealed_.clear();
    AppendStateRowHead(loaded->key, loaded->block, &sealed_);
    if (loaded->is_passed_over()) {
      AppendPassedOver(loaded->state.version(), &sealed_);
    } else {
      loaded->state.SerializeToString(&plain_);
      vault_->Seal(loaded->key, StateAssociatedData(subject), plain_, &sealed_);
    }
    changes_.Put(StateKey(subject), sealed_);
  }
  absl::Status status = AddSums();
  if (status.ok()) status = NumberAppended();
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
absl::Status RowFolder<Service>::AddSums() {
  for (const auto& [key, added] : sums_) {
    std::string value;
    absl::StatusOr<bool> found = rows_->Get(key, &value);
    if (!found.ok()) return found.status();
    Sum sum = *found ? DecodeSum(value) : Sum{};
    sum.count += added.count;
    sum.total += added.total;
    if (sum.count == 0 && sum.total == 0) {
      changes_.Delete(key);
    } else {
      changes_.Put(key, EncodeSum(sum));
    }
  }
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

#endif  // MYNUMBER_LIBS_EVENTSOURCING_ROW_FOLDER_IMPL_H_
