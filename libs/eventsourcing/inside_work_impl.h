#ifndef MYNUMBER_LIBS_EVENTSOURCING_INSIDE_WORK_IMPL_H_
#define MYNUMBER_LIBS_EVENTSOURCING_INSIDE_WORK_IMPL_H_

// Bodies of partition.h, for what nobody asked for: reactions to other services' events, and deadlines (design.md
// section 5). Include that one.

#include "absl/strings/str_cat.h"

namespace mynumber::eventsourcing {

template <class Service>
bool Partition<Service>::HasInsideWork(int64_t now_micros) {
  if (now_micros < inside_from_micros_) return false;
  if (kHasDeadlines<Service> && FirstDueMicros() <= std::max(head_.time_micros(), now_micros)) return true;
  if (!inputs_resumed_) return false;
  for (const ForeignReader& input : inputs_) {
    if (input.broken().ok() && input.Next()) return true;
  }
  return MustCarry(now_micros);
}

// Half of a batch is for callers, whatever else there is to do.
template <class Service>
bool Partition<Service>::HasRoom(const eventlog::v1::Batch& batch) const {
  return static_cast<size_t>(batch.commands_size()) < InsideRoom() && batch_bytes_ < options_.batch_bytes / 2;
}

template <class Service>
bool Partition<Service>::ReadInputs() {
  if (inputs_.empty()) return false;
  if (!inputs_resumed_) {
    absl::Status status = ResumeInputs();
    if (!status.ok()) input_trouble_ = status;
    if (!status.ok()) return false;
  }
  bool has_read = false;
  for (ForeignReader& input : inputs_) {
    if (!input.Next()) has_read = input.Step() || has_read;
    if (!input.broken().ok()) input_trouble_ = input.broken();
  }
  return has_read;
}

template <class Service>
absl::Status Partition<Service>::ResumeInputs() {
  carried_.resize(inputs_.size());
  for (size_t i = 0; i < inputs_.size(); ++i) {
    std::string value;
    auto found = rows_->Get(CursorKey(inputs_[i].service()), &value);
    if (!found.ok()) return found.status();
    carried_[i].Clear();
    if (*found && !carried_[i].ParseFromString(value)) return absl::DataLossError("a cursor's row cannot be read");
    inputs_[i].Resume(carried_[i]);
  }
  inputs_resumed_ = true;
  return absl::OkStatus();
}

template <class Service>
void Partition<Service>::DecideForeign(eventlog::v1::Batch* batch) {
  if (!inputs_resumed_) return;
  for (ForeignReader& input : inputs_) {
    while (input.broken().ok() && unreadable_.ok() && HasRoom(*batch)) {
      const auto item = input.Next();
      if (!item) break;
      absl::Status status = Meet(input, *item, batch);
      input_trouble_ = status;
      // Another time: nothing of this event has been decided.
      if (absl::IsUnavailable(status)) break;
      if (!status.ok()) {
        input.Break(status);
        break;
      }
      input.Take();
    }
  }
}

// Reads all that it needs before it decides anything.
template <class Service>
absl::Status Partition<Service>::Meet(const ForeignReader& input, const ForeignReader::Item& item,
                                      eventlog::v1::Batch* batch) {
  if constexpr (kReacts<Service>) {
    const auto& envelope = *item.envelope;
    if (!service_->ReactsTo(input.service(), envelope.type())) return absl::OkStatus();
    if (envelope.subject().size() != 16) return absl::DataLossError("an event has no subject");
    ForeignEvent event;
    event.service = input.service();
    event.type = envelope.type();
    event.subject = SubjectId::FromBytes(envelope.subject());
    event.version = envelope.version();
    event.position = {options_.partition, item.batch->sequence(), item.index};
    event.time_micros = item.batch->time_micros();
    event.caller = item.command->caller();
    event.clerk_id = item.command->clerk_id();
    auto loaded = folder_.LoadKnown(event.subject);
    if (!loaded.ok()) return loaded.status();
    const auto key = FindForeignKey(input, item, event.subject, *loaded);
    if (!key.ok()) return key.status();
    if (!*key) return absl::OkStatus();
    const std::string cause = absl::StrCat(input.service(), "/", FormatPosition(event.position));
    if (IsDestroyed(**key)) {
      NoteDestroyed(cause, envelope, batch);
      return absl::OkStatus();
    }
    std::string payload;
    absl::Status status = vault_->Open(**key, EventAssociatedData(event.type, event.subject, event.version),
                                       envelope.sealed_payload(), &payload);
    if (!status.ok()) return status;
    event.payload = payload;
    auto reactions = service_->React(event);
    if (!reactions.ok()) return reactions.status();
    for (auto& reaction : *reactions) {
      DecideInside(reaction.subject, std::move(reaction.command), cause, "", batch);
      ++observed_.reactions;
    }
  }
  return absl::OkStatus();
}

// A subject has one data key, whoever writes of it: destroying it makes all of that unreadable. An erasing event alone
// comes with another one, which is its writer's own.
template <class Service>
absl::StatusOr<std::optional<SubjectKey>> Partition<Service>::FindForeignKey(const ForeignReader& input,
                                                                             const ForeignReader::Item& item,
                                                                             const SubjectId& subject,
                                                                             typename Folder::Loaded* loaded) {
  if (loaded->has_key && loaded->key.id_view() == item.envelope->key_id()) return loaded->key;
  const bool erases = !item.envelope->destroys_key_id().empty();
  auto key = ReadForeignKey(input, item);
  if (absl::IsUnavailable(key.status())) return key.status();
  if (!key.ok() || loaded->has_key) {
    // Erased here: what others wrote of it until they heard says nothing any more.
    const auto erased = folder_.FindErased(subject, *loaded);
    if (!erased.ok()) return erased.status();
    if (*erased) return std::nullopt;
    if (!key.ok()) return key.status();
  }
  if (erases || IsDestroyed(*key)) return *key;
  if (loaded->has_key) return absl::DataLossError("an event of another service is sealed with another key");
  loaded->key = *key;
  loaded->has_key = true;
  return *key;
}

template <class Service>
absl::StatusOr<SubjectKey> Partition<Service>::ReadForeignKey(const ForeignReader& input,
                                                              const ForeignReader::Item& item) {
  const KeyBlockId block{item.batch->claim_id(), item.batch->claim_sequence()};
  if (foreign_block_.claim_id != block.claim_id || foreign_block_.claim_sequence != block.claim_sequence) {
    auto keys = ReadKeys(input.log()->ReadKeyBlock(block));
    if (!keys.ok()) return keys.status();
    foreign_keys_ = *std::move(keys);
    foreign_block_ = block;
  }
  const auto found = foreign_keys_.find(item.envelope->key_id());
  if (found == foreign_keys_.end()) return DataKeyMissing();
  SubjectKey key = found->second;
  absl::Status status = IsDestroyed(key) ? absl::OkStatus() : UnwrapToKeep(vault_, &key);
  if (status.ok()) return key;
  // It may have been wrapped anew since.
  foreign_block_ = {};
  return status;
}

template <class Service>
int64_t Partition<Service>::FirstDueMicros() {
  if (first_due_micros_) return *first_due_micros_;
  int64_t first = INT64_MAX;
  absl::Status status = rows_->Scan(std::string(1, kDeadlineTable), "", [&](std::string_view key, std::string_view) {
    if (const auto deadline = ParseDeadlineKey(key)) first = deadline->due_micros;
    return false;
  });
  if (status.ok()) first_due_micros_ = first;
  return first;
}

template <class Service>
void Partition<Service>::DecideDue(eventlog::v1::Batch* batch) {
  if constexpr (kHasDeadlines<Service>) {
    if (FirstDueMicros() > batch->time_micros()) return;
    std::vector<Deadline> due;
    const size_t room = InsideRoom();
    absl::Status status = rows_->Scan(std::string(1, kDeadlineTable), "", [&](std::string_view key, std::string_view) {
      const auto deadline = ParseDeadlineKey(key);
      if (!deadline || deadline->due_micros > batch->time_micros()) return false;
      due.push_back(*deadline);
      return due.size() < room;
    });
    // What could not be read is due at the next batch, too.
    if (!status.ok()) return;
    for (const Deadline& deadline : due) {
      if (!HasRoom(*batch) || !unreadable_.ok()) return;
      DecideInside(deadline.subject, service_->WhenDue(deadline), "due", DeadlineKey(deadline), batch);
      ++observed_.due;
    }
  }
}

// Always ends in a record, so that a fold never decides again; or else in unreadable_.
template <class Service>
void Partition<Service>::DecideInside(const SubjectId& subject, typename Service::Command command, std::string cause,
                                      std::string deadline, eventlog::v1::Batch* batch) {
  auto loaded = folder_.LoadKnown(subject);
  if (!loaded.ok()) unreadable_ = loaded.status();
  if (!loaded.ok()) return;
  auto events = Ask(**loaded, command, {batch->time_micros(), subject}, &unreadable_);
  if (!unreadable_.ok()) return;
  eventlog::v1::Command* written = batch->add_commands();
  written->set_cause(std::move(cause));
  written->set_deadline(std::move(deadline));
  folder_.TakeDeadline(*written);
  if (!events.ok()) {
    written->set_refused(std::string(events.status().message()));
    ++observed_.refused_inside;
  } else if (!events->empty()) {
    Append(subject, *loaded, *events, *batch, written);
  }
}

template <class Service>
std::nullopt_t Partition<Service>::GiveUp(int64_t now_micros) {
  input_trouble_ = unreadable_;
  inside_from_micros_ = now_micros + kRetryInsideMicros;
  new_keys_.Clear();
  Discard();
  return std::nullopt;
}

template <class Service>
bool Partition<Service>::HasMoved(size_t input) const {
  const auto& cursor = inputs_[input].cursor();
  return cursor.running_hash() != carried_[input].running_hash() || cursor.events() != carried_[input].events();
}

template <class Service>
bool Partition<Service>::MustCarry(int64_t now_micros) const {
  for (size_t i = 0; i < inputs_.size(); ++i) {
    const bool is_due = inputs_[i].batches_taken() >= options_.carry_batches ||
                        now_micros - carried_micros_ >= options_.carry_micros;
    if (is_due && HasMoved(i)) return true;
  }
  return false;
}

template <class Service>
void Partition<Service>::CarryCursors(int64_t now_micros, eventlog::v1::Batch* batch) {
  if (!inputs_resumed_ || inputs_.empty()) return;
  if (taken_.empty() && batch->commands().empty() && !MustCarry(now_micros)) return;
  for (size_t i = 0; i < inputs_.size(); ++i) {
    if (!HasMoved(i)) continue;
    carried_[i] = inputs_[i].cursor();
    *batch->add_foreign_cursors() = carried_[i];
    inputs_[i].CountAnew();
  }
  carried_micros_ = now_micros;
  folder_.TakeCursors(*batch);
}

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_INSIDE_WORK_IMPL_H_
