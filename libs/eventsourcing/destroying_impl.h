#ifndef MYNUMBER_LIBS_EVENTSOURCING_DESTROYING_IMPL_H_
#define MYNUMBER_LIBS_EVENTSOURCING_DESTROYING_IMPL_H_

// Bodies of partition.h about the keys of subjects that were erased (docs/decisions/0024); include that one.

namespace mynumber::eventsourcing {

template <class Service>
bool Partition<Service>::Erases(const typename Service::Event& event) {
  if constexpr (kErases<Service>) return Service::Erases(event);
  return false;
}

template <class Service>
void Partition<Service>::ListErased(int64_t now_micros) {
  constexpr int64_t kDayMicros = int64_t{24} * 3600 * 1'000'000;
  if (looked_through_claim_ == head_.claim_id() && now_micros < look_through_from_micros_) return;
  std::deque<SubjectId> found;
  absl::Status status = rows_->Scan(std::string(1, kErasedTable), "", [&](std::string_view key, std::string_view) {
    if (key.size() == 17) found.push_back(SubjectId::FromBytes(key.substr(1)));
    return true;
  });
  // Rows that cannot be read now are asked again for the next batch.
  if (!status.ok()) return;
  to_destroy_ = std::move(found);
  looked_through_claim_ = head_.claim_id();
  look_through_from_micros_ = now_micros + kDayMicros;
}

template <class Service>
void Partition<Service>::NoteDestroyed(const std::string& cause, const eventlog::v1::Envelope& envelope,
                                       eventlog::v1::Batch* batch) {
  eventlog::v1::Command* written = batch->add_commands();
  written->set_cause(cause);
  written->set_subject(envelope.subject());
  written->set_destroyed_key_id(envelope.key_id());
  folder_.TakeDestroyed(*batch, *written);
}

template <class Service>
std::optional<BuiltBatch> Partition<Service>::BuildDestruction(int64_t now_micros) {
  if constexpr (!kErases<Service>) return std::nullopt;
  ListErased(now_micros);
  for (; !to_destroy_.empty(); to_destroy_.pop_front()) {
    const auto found = ReadErased(*rows_, to_destroy_.front());
    if (!found.ok()) return std::nullopt;
    if (!*found) continue;
    const eventlog::v1::ErasedSubject& erased = **found;
    // Another service erased it before it was known here: no block had its key.
    if (erased.claim_id().empty()) continue;
    const auto ref = KeyBlockRef::Of(erased.claim_id(), erased.claim_sequence());
    auto block = ChangedBlock(ref, [&](eventlog::v1::WrappedKey* key) -> absl::StatusOr<bool> {
      if (key->key_id() != erased.key_id() || key->master_version() == 0) return false;
      key->clear_master_version();
      key->clear_wrapped();
      return true;
    });
    if (!block.ok()) return std::nullopt;
    if (block->empty()) continue;
    eventlog::v1::Record record;
    BeginBatch(now_micros, &record);
    upkeep_ = Upkeep::kDestruction;
    return BuiltWith(record, now_micros, *std::move(block), ref);
  }
  return std::nullopt;
}

// A batch of which nobody waits for an answer.
template <class Service>
BuiltBatch Partition<Service>::BuiltWith(const eventlog::v1::Record& record, int64_t now_micros, std::string key_block,
                                         const KeyBlockRef& block) {
  BuiltBatch built;
  built.request.record = record.SerializeAsString();
  built.request.key_block = std::move(key_block);
  built.request.key_block_id = {std::string(View(block.claim_id)), block.claim_sequence};
  built.after = Advance(head_, record, built.request.record, -1, chain_);
  observed_ = {};
  observed_.sent_micros = now_micros;
  observed_.bytes = built.request.record.size();
  return built;
}

template <class Service>
absl::StatusOr<std::string> Partition<Service>::ChangedBlock(const KeyBlockRef& ref, const ChangeKey& change) {
  auto bytes = log_->ReadKeyBlock({std::string(View(ref.claim_id)), ref.claim_sequence});
  if (absl::IsNotFound(bytes.status())) return std::string();
  if (!bytes.ok()) return bytes.status();
  eventlog::v1::KeyBlock block;
  if (!block.ParseFromString(*bytes)) return absl::DataLossError("a key block cannot be read");
  bool is_changed = false;
  for (auto& key : *block.mutable_keys()) {
    auto changes = change(&key);
    if (!changes.ok()) return changes.status();
    is_changed = is_changed || *changes;
  }
  return is_changed ? block.SerializeAsString() : std::string();
}

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_DESTROYING_IMPL_H_
