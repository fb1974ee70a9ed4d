#ifndef MYNUMBER_LIBS_EVENTSOURCING_ROW_READS_IMPL_H_
#define MYNUMBER_LIBS_EVENTSOURCING_ROW_READS_IMPL_H_

// Bodies of partition.h for reads that any instance can answer, and for requests that it cannot; include that one.

namespace mynumber::eventsourcing {

template <class Service>
void Partition<Service>::TurnAway(Request<Service> request, const absl::Status& why) {
  const bool is_elsewhere = absl::IsUnavailable(why) || absl::IsResourceExhausted(why);
  if (give_back_ && is_elsewhere) return give_back_(std::move(request), why);
  const bool is_unknown = request.may_be_written && absl::IsUnavailable(why);
  request.finish(is_unknown ? absl::UnavailableError(kOutcomeUnknown) : why);
}

template <class Service>
void Partition<Service>::OfferRead(Request<Service> request) {
  if (reads_.size() >= options_.waiting_commands) {
    return request.finish(absl::ResourceExhaustedError("too many reads wait for this partition"));
  }
  reads_.push_back({std::move(request)});
}

template <class Service>
bool Partition<Service>::HasArrived(const RowRead& read) const {
  if (read.request.at_sequence > 0) return stored_head_.sequence() >= read.request.at_sequence;
  return read.end >= 0 && ownership_->read_offset() >= read.end;
}

template <class Service>
bool Partition<Service>::LearnEnd() {
  const auto lacks_end = [](const RowRead& read) { return read.request.fresh && read.end < 0; };
  if (std::none_of(reads_.begin(), reads_.end(), lacks_end)) return false;
  const absl::StatusOr<Offset> end = log_->End();
  if (!end.ok()) return false;
  for (RowRead& read : reads_) {
    if (lacks_end(read) && ++read.ends_told == 2) read.end = *end;
  }
  return true;
}

template <class Service>
bool Partition<Service>::ServeReads(int64_t now_micros) {
  const bool has_learnt = LearnEnd();
  std::deque<RowRead> left;
  for (RowRead& read : reads_) {
    Request<Service>& request = read.request;
    if (HasArrived(read)) {
      request.finish(absl::OkStatus());
    } else if (!ownership_->stopped().ok()) {
      request.finish(absl::UnavailableError("this partition has stopped, and its rows with it"));
    } else if (request.deadline_micros != 0 && request.deadline_micros < now_micros) {
      request.finish(absl::DeadlineExceededError("the rows did not come this far before the deadline"));
    } else {
      left.push_back(std::move(read));
    }
  }
  const bool any_answered = left.size() < reads_.size();
  reads_.swap(left);
  return any_answered || has_learnt;
}

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_ROW_READS_IMPL_H_
