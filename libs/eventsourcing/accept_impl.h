#ifndef MYNUMBER_LIBS_EVENTSOURCING_ACCEPT_IMPL_H_
#define MYNUMBER_LIBS_EVENTSOURCING_ACCEPT_IMPL_H_

// Bodies of partition.h, for what an accepted command writes; include that one.

namespace mynumber::eventsourcing {

template <class Service>
absl::Status Partition<Service>::Accept(const Request<Service>& request, const Decided<Service>& events,
                                        typename Folder::Loaded* loaded, eventlog::v1::Batch* batch) {
  const Origin& origin = *request.origin;
  eventlog::v1::Command* command = batch->add_commands();
  if (!origin.needs_no_receipt) {
    command->set_request_id(std::string(View(request.request_id)));
    command->set_request_hash(std::string(View(request.request_hash)));
  }
  command->set_method(origin.method);
  command->set_caller(origin.caller);
  command->set_clerk_id(origin.clerk_id);
  if (!origin.traceparent.empty()) command->set_traceparent(origin.traceparent);
  if (!origin.cause.empty()) command->set_cause(origin.cause);
  command->set_shares_request(origin.shares_request);
  const EventMeta last = Append(request.subject, loaded, events, *batch, command);
  bool keep_state = false;
  for (const auto& event : events) keep_state = keep_state || !Service::AnswerStaysInState(TheEvent(event));
  request.prepare({loaded->state, {options_.partition, last.sequence, last.index}, false, false});
  return folder_.AddReceipt(*command, last, keep_state, request.subject, *loaded);
}

template <class Service>
void Partition<Service>::BringKey(typename Folder::Loaded* loaded) {
  if (loaded->has_key && loaded->state.version() > 0) return;
  if (!loaded->has_key) loaded->key = vault_->NewKey();
  loaded->has_key = true;
  loaded->block = KeyBlockRef::Of(head_.claim_id(), head_.next_claim_sequence());
  ToWrapped(loaded->key, new_keys_.add_keys());
}

template <class Service>
EventMeta Partition<Service>::Append(const SubjectId& subject, typename Folder::Loaded* loaded,
                                     const Decided<Service>& events, const eventlog::v1::Batch& batch,
                                     eventlog::v1::Command* command) {
  EventMeta meta;
  meta.partition = options_.partition;
  meta.sequence = batch.sequence();
  meta.time_micros = batch.time_micros();
  meta.caller = command->caller();
  meta.clerk_id = command->clerk_id();
  for (const auto& event : events) {
    meta.subject = subject;
    typename Folder::Loaded* of = loaded;
    if constexpr (kReaches<Service>) {
      meta.subject = event.subject;
      of = *folder_.Load(meta.subject);
    }
    AppendEvent(TheEvent(event), of, &meta, command);
  }
  if (!(meta.subject == subject)) command->set_subject(std::string(subject.view()));
  return meta;
}

template <class Service>
void Partition<Service>::AppendEvent(const typename Service::Event& event, typename Folder::Loaded* loaded,
                                     EventMeta* meta, eventlog::v1::Command* command) {
  meta->version = loaded->state.version() + 1;
  meta->index = next_index_++;
  const bool erases = loaded->has_key && Erases(event);
  if (erases) folder_.TakeKeyAway(*meta, loaded);
  BringKey(loaded);
  eventlog::v1::Envelope* envelope = command->add_events();
  const std::string_view type = Service::EventType(event);
  observed_.CountEvent(type);
  envelope->set_type(type.data(), type.size());
  envelope->set_subject(std::string(meta->subject.view()));
  envelope->set_version(meta->version);
  envelope->set_key_id(std::string(loaded->key.id_view()));
  event.SerializeToString(&plain_);
  vault_->Seal(loaded->key, EventAssociatedData(type, meta->subject, meta->version), plain_,
               envelope->mutable_sealed_payload());
  folder_.Apply(event, *meta, loaded, envelope);
  batch_bytes_ += envelope->sealed_payload().size() + 160;
  for (const auto& kept : envelope->kept()) batch_bytes_ += kept.ByteSizeLong();
  if (!erases) return;
  envelope->set_destroys_key_id(loaded->erased_now->key_id());
  erased_now_.push_back(meta->subject);
  absl::Status status = folder_.Erase(meta->subject, *loaded);
  if (!status.ok()) unreadable_ = status;
}

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_ACCEPT_IMPL_H_
