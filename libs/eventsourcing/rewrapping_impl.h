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
    if (row.ok() && NeedsFormer(row->key) && UnwrapToKeep(vault_, &row->key).ok()) {
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
absl::Status Partition<Service>::FindNextBlock() {
  constexpr int kRowsAtOnce = 1000;
  int seen = 0;
  const std::string after = rewrapping_.row;
  absl::Status status = rows_->Scan({&kStateTable, 1}, after, [&](std::string_view key, std::string_view value) {
    rewrapping_.row = std::string(key);
    const auto row = DecodeStateRow(value);
    if (row.ok() && rewrapping_.seen.insert(row->block).second) rewrapping_.next = row->block;
    return ++seen < kRowsAtOnce && !rewrapping_.next;
  });
  rewrapping_.is_done = status.ok() && seen < kRowsAtOnce && !rewrapping_.next;
  return status;
}

template <class Service>
std::optional<BuiltBatch> Partition<Service>::BuildRewrap(int64_t now_micros) {
  if (!HasFormerBlocks()) return std::nullopt;
  if (rewrapping_.claim_id != head_.claim_id()) rewrapping_ = BlockPass{head_.claim_id()};
  const auto rewrap = [this](eventlog::v1::WrappedKey* wrapped) -> absl::StatusOr<bool> {
    auto key = ToSubjectKey(*wrapped);
    if (!key || !NeedsFormer(*key)) return false;
    absl::Status status = UnwrapToKeep(vault_, &*key);
    if (!status.ok()) return status;
    ToWrapped(*key, wrapped);
    return true;
  };
  eventlog::v1::Record record;
  constexpr int kBlocksAtOnce = 50;
  for (int looked = 0; !rewrapping_.is_done; ++looked) {
    if (!rewrapping_.next && !FindNextBlock().ok()) return std::nullopt;
    if (rewrapping_.is_done) break;
    if (!rewrapping_.next || looked == kBlocksAtOnce) return std::nullopt;
    auto block = ChangedBlock(*rewrapping_.next, rewrap);
    if (!block.ok()) return std::nullopt;
    if (!block->empty()) {
      BeginBatch(now_micros, &record);
      upkeep_ = Upkeep::kRewrap;
      return BuiltWith(record, now_micros, *std::move(block), *rewrapping_.next);
    }
    rewrapping_.next.reset();
  }
  rewrapping_.seen.clear();
  BeginBatch(now_micros, &record)->set_rewrapped_master_version(vault_->NewestMaster());
  return BuiltWith(record, now_micros, std::string(), {});
}

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_REWRAPPING_IMPL_H_
