#ifndef MYNUMBER_LIBS_EVENTSOURCING_REWRAPPING_IMPL_H_
#define MYNUMBER_LIBS_EVENTSOURCING_REWRAPPING_IMPL_H_

// Bodies of partition.h about keys that a former master key wrapped (docs/decisions/0025); include that one.

namespace mynumber::eventsourcing {

// Whatever is loaded or folded meanwhile is up to date by itself.
template <class Service>
bool Partition<Service>::RewrapRows() {
  constexpr int kRowsAtOnce = 500;
  Changes anew;
  std::string row_anew;
  int seen = 0;
  const std::string after = rewrapped_rows_;
  absl::Status status = rows_->Scan({&kStateTable, 1}, after, [&](std::string_view key, std::string_view value) {
    rewrapped_rows_ = std::string(key);
    auto row = DecodeStateRow(value);
    const bool is_former = row.ok() && !IsDestroyed(row->key) && row->key.master_version != vault_->NewestMaster();
    if (is_former && vault_->Unwrap(&row->key).ok()) {
      vault_->Rewrap(&row->key);
      row_anew.clear();
      AppendStateRowHead(row->key, row->block, &row_anew);
      row_anew.append(row->sealed);
      anew.Put(key, row_anew);
    }
    return ++seen < kRowsAtOnce;
  });
  const bool is_last = status.ok() && seen < kRowsAtOnce;
  Head stored = stored_head_;
  if (is_last) {
    stored.set_rows_master_version(vault_->NewestMaster());
    anew.Put(kHeadKey, stored.SerializeAsString());
  }
  if (status.ok() && !anew.empty()) status = rows_->Write(anew);
  // From the beginning again, another time.
  if (!status.ok() || is_last) rewrapped_rows_.clear();
  if (!status.ok()) return false;
  if (is_last) stored_head_ = stored;
  if (is_last) head_.set_rows_master_version(vault_->NewestMaster());
  return true;
}

template <class Service>
absl::StatusOr<std::optional<KeyBlockRef>> Partition<Service>::NextBlock() {
  constexpr int kRowsAtOnce = 1000;
  std::optional<KeyBlockRef> next;
  int seen = 0;
  const std::string after = rewrapped_blocks_;
  absl::Status status = rows_->Scan({&kStateTable, 1}, after, [&](std::string_view key, std::string_view value) {
    rewrapped_blocks_ = std::string(key);
    const auto row = DecodeStateRow(value);
    if (row.ok() && seen_blocks_.insert(row->block).second) next = row->block;
    return ++seen < kRowsAtOnce && !next;
  });
  if (!status.ok()) return status;
  all_blocks_seen_ = seen < kRowsAtOnce && !next;
  return next;
}

template <class Service>
absl::StatusOr<std::string> Partition<Service>::RewrappedBlock(const KeyBlockRef& ref) {
  auto bytes = log_->ReadKeyBlock({std::string(View(ref.claim_id)), ref.claim_sequence});
  if (absl::IsNotFound(bytes.status())) return std::string();
  if (!bytes.ok()) return bytes.status();
  eventlog::v1::KeyBlock block;
  if (!block.ParseFromString(*bytes)) return absl::DataLossError("a key block cannot be read");
  bool has_former = false;
  for (auto& wrapped : *block.mutable_keys()) {
    auto key = ToSubjectKey(wrapped);
    if (!key || IsDestroyed(*key) || key->master_version == vault_->NewestMaster()) continue;
    absl::Status status = vault_->Unwrap(&*key);
    if (!status.ok()) return status;
    vault_->Rewrap(&*key);
    wrapped.set_master_version(key->master_version);
    wrapped.set_wrapped(std::string(key->wrapped_view()));
    has_former = true;
  }
  return has_former ? block.SerializeAsString() : std::string();
}

template <class Service>
std::optional<BuiltBatch> Partition<Service>::BuildRewrap(int64_t now_micros) {
  if (!HasFormerBlocks()) return std::nullopt;
  if (rewrap_claim_ != head_.claim_id()) {
    rewrap_claim_ = head_.claim_id();
    rewrapped_blocks_.clear();
    seen_blocks_.clear();
    block_under_way_.reset();
    all_blocks_seen_ = false;
  }
  eventlog::v1::Record record;
  eventlog::v1::Batch* batch = BeginBatch(now_micros, &record);
  constexpr int kBlocksAtOnce = 100;
  for (int looked = 0; !all_blocks_seen_; ++looked) {
    if (looked == kBlocksAtOnce) return std::nullopt;
    if (!block_under_way_) {
      auto next = NextBlock();
      if (!next.ok() || (!*next && !all_blocks_seen_)) return std::nullopt;
      block_under_way_ = *next;
      continue;
    }
    auto block = RewrappedBlock(*block_under_way_);
    if (!block.ok()) return std::nullopt;
    if (!block->empty()) {
      upkeep_ = Upkeep::kRewrap;
      return BuiltWith(record, now_micros, *std::move(block), *block_under_way_);
    }
    block_under_way_.reset();
  }
  batch->set_rewrapped_master_version(vault_->NewestMaster());
  return BuiltWith(record, now_micros, std::string(), {});
}

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_REWRAPPING_IMPL_H_
