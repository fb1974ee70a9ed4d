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
  reads_.push_back(std::move(request));
}

template <class Service>
bool Partition<Service>::HasArrived(const Request<Service>& read, Offset fresh_end) const {
  if (read.at_sequence > 0) return stored_head_.sequence() >= read.at_sequence;
  return fresh_end >= 0 && ownership_->read_offset() >= fresh_end;
}

// An answer may be of a question that came before these reads did: the second one is not.
template <class Service>
bool Partition<Service>::LearnEnd() {
  bool any_fresh = false;
  for (const Request<Service>& read : reads_) any_fresh = any_fresh || read.fresh;
  if (!any_fresh) return false;
  const absl::StatusOr<Offset> end = log_->End();
  if (!end.ok()) return false;
  fresh_end_ = *end;
  told_reads_ = asked_reads_;
  asked_reads_ = reads_.size();
  return true;
}

template <class Service>
bool Partition<Service>::ServeReads(int64_t now_micros) {
  // One end for all that came before it was asked for, and the next one only when these are answered.
  const bool has_learnt = told_reads_ == 0 && LearnEnd();
  Lane left;
  size_t told = 0, asked = 0;
  for (size_t i = 0; i < reads_.size(); ++i) {
    Request<Service>& read = reads_[i];
    if (HasArrived(read, i < told_reads_ ? fresh_end_ : -1)) {
      read.finish(absl::OkStatus());
    } else if (!ownership_->stopped().ok()) {
      read.finish(absl::UnavailableError("this partition has stopped, and its rows with it"));
    } else if (read.deadline_micros != 0 && read.deadline_micros < now_micros) {
      read.finish(absl::DeadlineExceededError("the rows did not come this far before the deadline"));
    } else {
      told += i < told_reads_ ? 1 : 0;
      asked += i < asked_reads_ ? 1 : 0;
      left.push_back(std::move(read));
    }
  }
  const bool any_answered = left.size() < reads_.size();
  reads_.swap(left);
  asked_reads_ = asked;
  // Those of a position keep nobody from learning the end.
  told_reads_ = told;
  bool any_fresh = false;
  for (size_t i = 0; i < told_reads_; ++i) any_fresh = any_fresh || reads_[i].fresh;
  if (!any_fresh) told_reads_ = 0;
  return any_answered || has_learnt;
}

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_ROW_READS_IMPL_H_
