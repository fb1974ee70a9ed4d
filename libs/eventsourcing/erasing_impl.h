#ifndef MYNUMBER_LIBS_EVENTSOURCING_ERASING_IMPL_H_
#define MYNUMBER_LIBS_EVENTSOURCING_ERASING_IMPL_H_

// Bodies of row_folder.h about subjects that were erased (docs/decisions/0024); include that one.

namespace mynumber::eventsourcing {

template <class Service>
absl::StatusOr<typename RowFolder<Service>::Loaded*> RowFolder<Service>::LoadKnown(const SubjectId& subject) {
  auto loaded = Load(subject);
  if (loaded.ok() && (*loaded)->is_passed_over()) return DataKeyMissing();
  return loaded;
}

template <class Service>
absl::StatusOr<std::optional<eventlog::v1::ErasedSubject>> RowFolder<Service>::FindErased(
    const SubjectId& subject, const Loaded& loaded) const {
  if (loaded.erased_now != nullptr) return std::optional<eventlog::v1::ErasedSubject>(*loaded.erased_now);
  return ReadErased(*rows_, subject);
}

template <class Service>
void RowFolder<Service>::TakeKeyAway(const EventMeta& meta, Loaded* loaded) {
  auto erased = std::make_unique<eventlog::v1::ErasedSubject>();
  erased->set_key_id(std::string(loaded->key.id_view()));
  erased->set_claim_id(std::string(View(loaded->block.claim_id)));
  erased->set_claim_sequence(loaded->block.claim_sequence);
  erased->set_version(meta.version);
  erased->set_sequence(meta.sequence);
  erased->set_index(meta.index);
  erased->set_time_micros(meta.time_micros);
  loaded->erased_now = std::move(erased);
  loaded->key = {};
  loaded->has_key = false;
}

template <class Service>
absl::Status RowFolder<Service>::Erase(const SubjectId& subject, const Loaded& loaded) {
  changes_.Put(ErasedKey(subject), loaded.erased_now->SerializeAsString());
  return DeleteSealedRows(subject);
}

template <class Service>
void RowFolder<Service>::TakeDestroyed(const eventlog::v1::Batch& batch, const eventlog::v1::Command& command) {
  if (command.destroyed_key_id().empty() || command.subject().size() != 16) return;
  const SubjectId subject = SubjectId::FromBytes(command.subject());
  auto erased = std::make_unique<eventlog::v1::ErasedSubject>();
  erased->set_key_id(command.destroyed_key_id());
  erased->set_sequence(batch.sequence());
  erased->set_time_micros(batch.time_micros());
  changes_.Put(ErasedKey(subject), erased->SerializeAsString());
  const auto loaded = loaded_.find(subject);
  if (loaded != loaded_.end()) loaded->second->erased_now = std::move(erased);
}

template <class Service>
absl::Status RowFolder<Service>::DeleteSealedRows(const SubjectId& subject) {
  if constexpr (kErases<Service>) {
    std::vector<std::string> keys;
    const auto take = [&](std::string_view key, std::string_view) {
      keys.emplace_back(key);
      return true;
    };
    for (const char table : Service::kSealedTables) {
      const std::string prefix = std::string(1, table).append(subject.view());
      absl::Status status = rows_->Scan(prefix, "", take);
      if (!status.ok()) return status;
      // Those that have not been written yet.
      for (size_t i = 0; i < changes_.size(); ++i) {
        const RowWrite write = changes_[i];
        if (write.value && write.key.substr(0, prefix.size()) == prefix) keys.emplace_back(write.key);
      }
    }
    for (const std::string& key : keys) changes_.Delete(key);
  }
  return absl::OkStatus();
}

template <class Service>
void RowFolder<Service>::Keep(const RowChange& change, eventlog::v1::Envelope* envelope) {
  eventlog::v1::KeptChange* kept = envelope->add_kept();
  kept->set_key(change.key);
  if (change.kind == RowChange::Kind::kCount) {
    kept->set_counted(1);
  } else {
    kept->set_appended(change.value);
  }
}

template <class Service>
void RowFolder<Service>::PassOver(const eventlog::v1::Envelope& envelope, const EventMeta& meta, Loaded* loaded) {
  loaded->state.set_version(meta.version);
  loaded->dirty = true;
  for (const auto& kept : envelope.kept()) {
    if (kept.counted() != 0) {
      sums_[kept.key()].count += kept.counted();
    } else {
      appended_[kept.key()].push_back(kept.appended());
    }
  }
}

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_ERASING_IMPL_H_
