#ifndef MYNUMBER_LIBS_EVENTSOURCING_PARTITION_IMPL_H_
#define MYNUMBER_LIBS_EVENTSOURCING_PARTITION_IMPL_H_

// Bodies of partition.h; include that one.

#include <algorithm>

namespace mynumber::eventsourcing {

template <class Service>
Partition<Service>::Partition(const Service* service, PartitionLog* log, Rows* rows, Vault* vault,
                              const PartitionOptions& options, const OwnershipOptions& ownership,
                              ChainHash chain, FillRandom random,
                              std::function<void(const BatchObserved&)> observe)
    : service_(service),
      log_(log),
      rows_(rows),
      vault_(vault),
      options_(options),
      observe_(std::move(observe)),
      ownership_options_(ownership),
      chain_(std::move(chain)),
      random_(std::move(random)),
      folder_(service, rows, vault, options.partition, options.receipt_retention_micros) {}

template <class Service>
absl::Status Partition<Service>::Open() {
  std::string value;
  absl::StatusOr<bool> found = rows_->Get(kHeadKey, &value);
  if (!found.ok()) return found.status();
  head_ = EmptyHead();
  const bool is_read = *found && head_.ParseFromString(value);
  absl::Status status = is_read ? CheckRows(head_, options_.partition, options_.projection_version) : absl::OkStatus();
  const bool is_other = *found && (!is_read || head_.projection_version() != options_.projection_version);
  if (status.ok() && is_other) status = rows_->StartOver();
  if (!status.ok()) return status;
  if (is_other) head_ = EmptyHead();
  head_.set_projection_version(options_.projection_version);
  if (!*found || is_other) head_.set_rows_master_version(vault_->NewestMaster());
  stored_head_ = head_;
  ownership_ = std::make_unique<Ownership>(log_, this, ownership_options_, chain_, random_);
  return absl::OkStatus();
}

template <class Service>
void Partition<Service>::Offer(Request<Service> request) {
  if (request.needs_no_owner()) return OfferRead(std::move(request));
  if (!ownership_->stopped().ok()) return request.finish(ownership_->stopped());
  if (!ownership_->serving_soon()) {
    return TurnAway(std::move(request), absl::IsResourceExhausted(ownership_->trouble())
                                            ? absl::ResourceExhaustedError(kStorageFull)
                                            : absl::UnavailableError("this partition does not serve yet"));
  }
  Lane& lane = request.urgent ? urgent_ : waiting_;
  if (lane.size() >= (request.urgent ? options_.waiting_urgent : options_.waiting_commands)) {
    return request.finish(absl::ResourceExhaustedError("too many commands wait for this partition"));
  }
  lane.push_back(std::move(request));
}

template <class Service>
bool Partition<Service>::Step(int64_t now_micros) {
  if (!ownership_->serving()) {
    ExpireWaiting(now_micros, &urgent_);
    ExpireWaiting(now_micros, &waiting_);
  }
  const bool has_read = ownership_->serving() && now_micros >= inside_from_micros_ && ReadInputs();
  const bool has_stepped = ownership_->Step(now_micros);
  const bool has_served = !reads_.empty() && ServeReads(now_micros);
  const bool has_rewrapped = HasFormerRows() && RewrapRows();
  return has_stepped || has_read || has_served || has_rewrapped;
}

template <class Service>
void Partition<Service>::ExpireWaiting(int64_t now_micros, Lane* lane) {
  const auto expired = [&](const Request<Service>& request) {
    return request.deadline_micros != 0 && request.deadline_micros < now_micros;
  };
  for (auto it = lane->begin(); it != lane->end();) {
    if (!expired(*it)) {
      ++it;
      continue;
    }
    it->finish(absl::DeadlineExceededError("the deadline passed before the outcome was known"));
    it = lane->erase(it);
  }
}

template <class Service>
absl::Status Partition<Service>::Fold(const eventlog::v1::Record& record, const Head& after) {
  inputs_resumed_ = false;
  if (record.has_batch()) {
    const eventlog::v1::Batch& batch = record.batch();
    absl::Status status = folder_.FoldBatch(
        batch, [&] { return log_->ReadKeyBlock({batch.claim_id(), batch.claim_sequence()}); });
    if (!status.ok()) {
      folder_.Clear();
      head_ = stored_head_;
      return status;
    }
    for (const auto& command : batch.commands()) folded_events_ += static_cast<size_t>(command.events_size());
  }
  head_ = after;
  return folded_events_ >= options_.fold_events ? FlushFolds() : absl::OkStatus();
}

template <class Service>
absl::Status Partition<Service>::FlushFolds() {
  folded_events_ = 0;
  if (head_.offset() == stored_head_.offset()) return absl::OkStatus();
  changes_.clear();
  absl::Status status = folder_.Finish(&changes_);
  if (status.ok()) status = WriteRows(head_);
  if (!status.ok()) {
    folder_.Clear();
    head_ = stored_head_;
  }
  return status;
}

template <class Service>
absl::Status Partition<Service>::WriteRows(const Head& after) {
  changes_.Put(kHeadKey, after.SerializeAsString());
  absl::Status status = rows_->Write(changes_);
  changes_.clear();
  first_due_micros_.reset();
  if (status.ok()) stored_head_ = after;
  return status;
}

template <class Service>
absl::Status Partition<Service>::StartOver() {
  folder_.Clear();
  changes_.clear();
  folded_events_ = 0;
  absl::Status status = rows_->StartOver();
  if (!status.ok()) return status;
  head_ = EmptyHead();
  head_.set_projection_version(options_.projection_version);
  head_.set_rows_master_version(vault_->NewestMaster());
  stored_head_ = head_;
  inputs_resumed_ = false;
  first_due_micros_.reset();
  return absl::OkStatus();
}

template <class Service>
std::optional<BuiltBatch> Partition<Service>::Build(int64_t now_micros) {
  callers_turn_ = !callers_turn_ && AnyWaits();
  if (!callers_turn_) {
    if (auto destruction = BuildDestruction(now_micros)) return destruction;
    if (auto rewrap = BuildRewrap(now_micros)) return rewrap;
  }
  if (!AnyWaits() && !HasInsideWork(now_micros)) return std::nullopt;
  google::protobuf::Arena arena;
  auto* record = google::protobuf::Arena::CreateMessage<eventlog::v1::Record>(&arena);
  eventlog::v1::Batch* batch = BeginBatch(now_micros, record);
  next_index_ = 0;
  batch_bytes_ = 0;
  observed_ = {};
  observed_.sent_micros = now_micros;
  unreadable_ = absl::OkStatus();
  if (now_micros >= inside_from_micros_) {
    DecideDue(batch);
    DecideForeign(batch);
  }
  if (!unreadable_.ok()) return GiveUp(now_micros);
  DecideWaiting(now_micros, &urgent_, batch);
  DecideWaiting(now_micros, &waiting_, batch);
  if (!unreadable_.ok()) return GiveUp(now_micros);
  CarryCursors(now_micros, batch);
  if (taken_.empty() && batch->commands().empty() && batch->foreign_cursors().empty()) return std::nullopt;
  BuiltBatch built;
  built.request.record = record->SerializeAsString();
  if (new_keys_.keys_size() > 0) {
    built.request.key_block = new_keys_.SerializeAsString();
    built.request.key_block_id = {batch->claim_id(), batch->claim_sequence()};
    new_keys_.Clear();
  }
  built.after = Advance(head_, *record, built.request.record, -1, chain_);
  observed_.commands = taken_.size();
  observed_.events = next_index_;
  observed_.bytes = built.request.record.size();
  return built;
}

template <class Service>
eventlog::v1::Batch* Partition<Service>::BeginBatch(int64_t now_micros, eventlog::v1::Record* record) const {
  eventlog::v1::Batch* batch = record->mutable_batch();
  batch->set_claim_id(head_.claim_id());
  batch->set_claim_sequence(head_.next_claim_sequence());
  batch->set_running_hash(head_.running_hash());
  batch->set_sequence(head_.sequence() + 1);
  batch->set_time_micros(std::max(head_.time_micros(), now_micros));
  return batch;
}

template <class Service>
void Partition<Service>::DecideWaiting(int64_t now_micros, Lane* lane, eventlog::v1::Batch* batch) {
  while (!lane->empty() && taken_.size() < options_.batch_commands && batch_bytes_ < options_.batch_bytes) {
    taken_.push_back({std::move(lane->front()), absl::OkStatus(), false});
    lane->pop_front();
    Taken& taken = taken_.back();
    if (taken.request.deadline_micros != 0 && taken.request.deadline_micros < now_micros) {
      taken.status = absl::DeadlineExceededError("the deadline passed before the outcome was known");
    } else if (taken.request.command) {
      const int commands = batch->commands_size();
      taken.status = Decide(taken.request, batch);
      taken.wrote = batch->commands_size() > commands;
    } else {
      ++observed_.reads;
    }
    if (!taken.status.ok()) ++observed_.refused;
  }
}

template <class Service>
absl::StatusOr<Decided<Service>> Partition<Service>::Ask(
    const typename Folder::Loaded& loaded, const typename Service::Command& command, const DecideContext& asked,
    absl::Status* rows_error) {
  ReachContext<typename Service::State> context;
  static_cast<DecideContext&>(context) = asked;
  if constexpr (kReaches<Service>) {
    context.other = [this, rows_error](const SubjectId& id) -> const typename Service::State& {
      auto other = folder_.LoadKnown(id);
      if (other.ok()) return (*other)->state;
      *rows_error = other.status();
      return Service::State::default_instance();
    };
  }
  auto decided = service_->Decide(loaded.state, command, context);
  if constexpr (kReaches<Service>) {
    // Whoever is written of must be known here.
    for (size_t i = 0; decided.ok() && i < decided->size(); ++i) context.other((*decided)[i].subject);
    if (!rows_error->ok()) return *rows_error;
  }
  return decided;
}

template <class Service>
absl::Status Partition<Service>::Decide(const Request<Service>& request, eventlog::v1::Batch* batch) {
  absl::StatusOr<bool> repeated = Repeat(request, batch->time_micros());
  if (!repeated.ok()) return repeated.status();
  if (*repeated) return absl::OkStatus();
  auto loaded = folder_.LoadKnown(request.subject);
  if (!loaded.ok()) return loaded.status();
  absl::Status rows_error;
  const DecideContext asked{batch->time_micros(), request.subject, request.origin->caller};
  auto events = Ask(**loaded, *request.command, asked, &rows_error);
  if (!events.ok()) return events.status();
  if (events->empty()) {
    ++observed_.repeated;
    request.prepare({(*loaded)->state, {options_.partition, batch->sequence(), 0}, false, true});
    return absl::OkStatus();
  }
  return Accept(request, *events, *loaded, batch);
}

template <class Service>
absl::StatusOr<bool> Partition<Service>::Repeat(const Request<Service>& request, int64_t time_micros) {
  if (request.origin->needs_no_receipt) return false;
  auto receipt = folder_.FindReceipt(
      ReceiptKey(request.origin->caller, request.origin->method, View(request.request_id)), time_micros);
  if (!receipt.ok()) return receipt.status();
  if (*receipt == nullptr) return false;
  if ((*receipt)->request_hash() != View(request.request_hash)) {
    return absl::AlreadyExistsError(kRequestIdReused);
  }
  for (const auto& entry : (*receipt)->entries()) {
    if (entry.subject() != request.subject.view()) continue;
    ++observed_.repeated;
    absl::Status status = AnswerFromReceipt(request, entry);
    if (!status.ok()) return status;
    return true;
  }
  return false;
}

template <class Service>
absl::Status Partition<Service>::AnswerFromReceipt(const Request<Service>& request,
                                                   const eventlog::v1::Receipt::Entry& entry) {
  auto loaded = folder_.LoadKnown(request.subject);
  if (!loaded.ok()) return loaded.status();
  const auto erased = folder_.FindErased(request.subject, **loaded);
  if (!erased.ok()) return erased.status();
  if (*erased && entry.version() < (*erased)->version()) return absl::NotFoundError(kAnswerErased);
  const Position position{options_.partition, entry.sequence(), entry.index()};
  if (entry.sealed_state().empty()) {
    request.prepare({(*loaded)->state, position, true, false});
    return absl::OkStatus();
  }
  absl::Status status =
      vault_->Open((*loaded)->key, ReceiptAssociatedData(request.subject, entry.version()),
                   entry.sealed_state(), &plain_);
  if (!status.ok()) return status;
  typename Service::State state;
  if (!state.ParseFromString(plain_)) return absl::DataLossError("a receipt's state cannot be read");
  request.prepare({state, position, true, false});
  return absl::OkStatus();
}

template <class Service>
absl::Status Partition<Service>::Commit(const Head& after) {
  changes_.clear();
  absl::Status status = folder_.Finish(&changes_);
  Head written = after;
  // Rows may have been wrapped anew since the batch was built.
  written.set_rows_master_version(head_.rows_master_version());
  if (status.ok()) status = WriteRows(written);
  if (!status.ok()) return status;
  head_ = written;
  if (upkeep_ == Upkeep::kDestruction) to_destroy_.pop_front();
  if (upkeep_ == Upkeep::kRewrap) rewrapping_.next.reset();
  upkeep_ = Upkeep::kNone;
  to_destroy_.insert(to_destroy_.end(), erased_now_.begin(), erased_now_.end());
  erased_now_.clear();
  std::vector<Taken> taken;
  taken.swap(taken_);
  if (observe_) observe_(observed_);
  for (Taken& done : taken) done.request.finish(done.status);
  return absl::OkStatus();
}

template <class Service>
void Partition<Service>::Discard() {
  folder_.Clear();
  changes_.clear();
  inputs_resumed_ = false;
  upkeep_ = Upkeep::kNone;
  erased_now_.clear();
  for (auto it = taken_.rbegin(); it != taken_.rend(); ++it) {
    it->request.may_be_written = it->request.may_be_written || it->wrote;
    Lane& lane = it->request.urgent ? urgent_ : waiting_;
    lane.push_front(std::move(it->request));
  }
  taken_.clear();
}

template <class Service>
void Partition<Service>::Refuse(const absl::Status& why) {
  Lane waiting;
  waiting.swap(urgent_);
  for (Request<Service>& request : waiting_) waiting.push_back(std::move(request));
  waiting_.clear();
  const absl::Status status = absl::IsResourceExhausted(why) ? absl::ResourceExhaustedError(kStorageFull) : why;
  for (Request<Service>& request : waiting) TurnAway(std::move(request), status);
  folder_.Clear();
}

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_PARTITION_IMPL_H_
