#ifndef MYNUMBER_LIBS_CLUSTER_ROUTER_H_
#define MYNUMBER_LIBS_CLUSTER_ROUTER_H_

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "libs/cluster/forwarded.h"
#include "libs/cluster/peer_links.h"
#include "libs/cluster/waiting_room.h"
#include "libs/metrics/metrics.h"
#include "libs/runtime/partition_host.h"

namespace mynumber::cluster {

struct RouterMetrics {
  // Sent to the owner and answered; sent again after the owner changed or was not reached; given up.
  metrics::Counter answered, again, given_up;
};

// Takes every request of a service to the owner of its partition: to the loop here, or once to the instance that the
// newest claim names. A request that was not served, or of which nobody knows what became (its receipt tells), is tried
// again, within its deadline and 8 s at most: so a takeover is waited out here and not by the caller. Any thread.
template <class S>
class Router {
 public:
  using Request = eventsourcing::Request<S>;
  using Host = runtime::PartitionHost<S>;

  // Owns nothing; outlived by all. Takes what `host` gives back.
  Router(Host* host, PeerLinks* links, std::string service, std::string own_address, runtime::Now now,
         RouterMetrics metrics)
      : host_(host),
        links_(links),
        service_(std::move(service)),
        own_address_(std::move(own_address)),
        now_(std::move(now)),
        metrics_(metrics),
        hints_(host->partition_count()) {
    host_->GiveBackTo([this](uint32_t p, Request request, const absl::Status& why) {
      request.is_forwarded ? End(request, why) : TryAgain(p, std::move(request), why);
    });
  }
  ~Router() { Stop(); }

  // The rows of partitions that are not served here are read at the owner (owner_rows.h): `proven` is told of the batch
  // that an owner has proven, in the place of waiting for it here, and other reads become proofs. Before Submit.
  using Proven = std::function<void(uint32_t partition, uint64_t sequence)>;
  void RowsAreAtTheOwner(Proven proven) { proven_ = std::move(proven); }

  void Submit(uint32_t partition, std::vector<Request> requests) {
    if (host_->ServesSoon(partition)) return host_->Submit(partition, std::move(requests));
    for (Request& request : requests) {
      if (!request.needs_no_owner()) break;
      if (!proven_) return host_->Submit(partition, std::move(requests));
      request.fresh = false;
      request.at_sequence = 0;
    }
    const std::string address = OwnerOf(partition);
    if (address.empty() || address == own_address_) {
      for (Request& request : requests) {
        TryAgain(partition, std::move(request), absl::UnavailableError("no instance serves this partition yet"));
      }
      return;
    }
    for (size_t from = 0; from < requests.size(); from += kSentTogether) {
      const size_t to = std::min(requests.size(), from + kSentTogether);
      std::vector<Request> some(std::make_move_iterator(requests.begin() + static_cast<ptrdiff_t>(from)),
                                std::make_move_iterator(requests.begin() + static_cast<ptrdiff_t>(to)));
      Send(partition, address, std::move(some));
    }
  }

  // Ends what waits to be tried again, and waits for what is under way. A second call does nothing.
  void Stop() {
    waiting_.Stop();
    while (under_way_ > 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }

 private:
  static constexpr size_t kSentTogether = 500;
  static constexpr size_t kUnderWayMax = 20'000;
  static constexpr int64_t kTryMicros = 8'000'000;
  static constexpr int64_t kOwnWriteMicros = 500'000;
  // Left to the last answer on its way to the caller.
  static constexpr int64_t kAnswerMicros = 100'000;

  struct Sent {
    uint32_t partition = 0;
    std::vector<Request> requests;
  };

  // As the last wrong guess was answered, else as the newest claim in the rows says. Rows that have stopped may know a
  // claim of long ago alone: then any peer is asked, who answers with the owner that it knows.
  std::string OwnerOf(uint32_t partition) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      std::string hint;
      hint.swap(hints_[partition]);
      if (!hint.empty()) return hint;
    }
    const runtime::PartitionSnapshot seen = host_->Snapshot(partition);
    const std::string& named = seen.head.owner_address();
    if (seen.stopped.ok() && !seen.rests) return named;
    if (!named.empty() && named != own_address_ && links_->See(named).is_connected) return named;
    const std::string other = links_->AnyConnected();
    return other.empty() ? named : other;
  }

  void Send(uint32_t partition, const std::string& address, std::vector<Request> requests) {
    if (under_way_ + requests.size() > kUnderWayMax) {
      for (Request& request : requests) {
        request.finish(absl::ResourceExhaustedError("too many commands are under way to other instances"));
      }
      return;
    }
    under_way_ += requests.size();
    v1::SubmitRequest message;
    message.set_service(service_);
    message.set_partition(partition);
    const int64_t now_micros = now_();
    int64_t timeout_micros = 0;
    const eventsourcing::Origin* previous = nullptr;
    for (Request& request : requests) {
      const int64_t until = TryUntil(&request, now_micros);
      timeout_micros = std::max(timeout_micros, until - now_micros);
      PutRequest(request, previous, now_micros, message.add_requests());
      previous = request.origin.get();
    }
    auto sent = std::make_shared<Sent>();
    sent->partition = partition;
    sent->requests = std::move(requests);
    links_->Submit(address, message, std::max<int64_t>(timeout_micros, 1000),
                   [this, sent](const grpc::Status& status, const v1::SubmitResponse& answer) {
                     Answered(sent.get(), status, answer);
                     under_way_ -= sent->requests.size();
                   });
  }

  void Answered(Sent* sent, const grpc::Status& status, const v1::SubmitResponse& answer) {
    if (!status.ok()) {
      for (Request& request : sent->requests) {
        // It may have come there before the connection broke.
        request.may_be_written = request.may_be_written || request.command;
        TryAgain(sent->partition, std::move(request), absl::UnavailableError("the owner was not reached"));
      }
      return;
    }
    if (answer.outcomes_size() != static_cast<int>(sent->requests.size())) {
      if (answer.owner_address() != own_address_) {
        std::lock_guard<std::mutex> lock(mutex_);
        hints_[sent->partition] = answer.owner_address();
      }
      for (Request& request : sent->requests) {
        TryAgain(sent->partition, std::move(request), absl::UnavailableError("the owner has changed"));
      }
      return;
    }
    for (int i = 0; i < answer.outcomes_size(); ++i) {
      Take(sent->partition, std::move(sent->requests[static_cast<size_t>(i)]), answer.outcomes(i));
    }
  }

  void Take(uint32_t partition, Request request, const v1::Outcome& outcome) {
    const absl::Status status = StatusIn(outcome);
    if (IsToTryAgain(status)) {
      request.may_be_written =
          request.may_be_written || (request.command && status.message() == eventsourcing::kOutcomeUnknown);
      return TryAgain(partition, std::move(request), status);
    }
    metrics_.answered.Increment();
    if (!status.ok()) return request.finish(status);
    // The owner has proven that all up to here stands: what is read from the rows here, once they have it, is current.
    if (!request.command) {
      const int64_t until_micros = TryUntil(&request, now_());
      return AwaitRows(partition, request, outcome.sequence(), until_micros, std::move(request.finish));
    }
    typename S::State state;
    if (!state.ParseFromString(outcome.state())) {
      return request.finish(absl::InternalError("the owner's answer cannot be read"));
    }
    request.prepare({state, {partition, outcome.sequence(), outcome.index()}, outcome.repeated(), outcome.already()});
    // Whoever wrote through this instance and goes on here finds it in its rows, in lists and searches too. For a
    // moment only: it stands in the log, whether this instance has come that far or not.
    AwaitRows(partition, request, outcome.sequence(), now_() + kOwnWriteMicros,
              [finish = std::move(request.finish)](const absl::Status&) { finish(absl::OkStatus()); });
  }

  // Calls `finish` once the rows here have the batch of this sequence; 0: at once.
  void AwaitRows(uint32_t partition, const Request& of, uint64_t sequence, int64_t until_micros,
                 std::function<void(const absl::Status&)> finish) {
    if (proven_) proven_(partition, sequence);
    if (sequence == 0 || proven_) return finish(absl::OkStatus());
    Request arrival;
    arrival.at_sequence = sequence;
    arrival.deadline_micros = until_micros;
    arrival.origin = of.origin;
    arrival.finish = std::move(finish);
    host_->Submit(partition, std::move(arrival));
  }

  // Engine's own words alone: what carries more was decided.
  static bool IsToTryAgain(const absl::Status& status) {
    bool has_payload = false;
    status.ForEachPayload([&](absl::string_view, const absl::Cord&) { has_payload = true; });
    if (has_payload) return false;
    return absl::IsUnavailable(status) ||
           (absl::IsResourceExhausted(status) && status.message() == eventsourcing::kStorageFull);
  }

  int64_t TryUntil(Request* request, int64_t now_micros) const {
    if (request->try_until_micros == 0) {
      request->try_until_micros = now_micros + kTryMicros;
      if (request->deadline_micros != 0) {
        request->try_until_micros = std::min(request->try_until_micros, request->deadline_micros);
      }
    }
    return request->try_until_micros;
  }

  void TryAgain(uint32_t partition, Request request, const absl::Status& why) {
    const int64_t now_micros = now_();
    const int64_t until = TryUntil(&request, now_micros);
    const int64_t wait_micros = std::min<int64_t>(5'000 << std::min(request.tries, 5), 100'000);
    if (now_micros + wait_micros + kAnswerMicros >= until) return GiveUp(request, why);
    ++request.tries;
    metrics_.again.Increment();
    auto held = std::make_shared<Request>(std::move(request));
    const bool has_room = waiting_.In(wait_micros, [this, partition, held](bool stopping) {
      if (stopping) return GiveUp(*held, absl::UnavailableError("this instance is stopping"));
      std::vector<Request> one;
      one.push_back(std::move(*held));
      Submit(partition, std::move(one));
    });
    if (has_room) return;
    GiveUp(*held, absl::ResourceExhaustedError("too many commands wait for another instance"));
  }

  void GiveUp(const Request& request, const absl::Status& why) {
    metrics_.given_up.Increment();
    End(request, why);
  }

  static void End(const Request& request, const absl::Status& why) {
    request.finish(request.may_be_written ? absl::UnavailableError(eventsourcing::kOutcomeUnknown) : why);
  }

  Host* const host_;
  PeerLinks* const links_;
  const std::string service_;
  const std::string own_address_;
  const runtime::Now now_;
  const RouterMetrics metrics_;
  Proven proven_;
  std::mutex mutex_;
  std::vector<std::string> hints_;
  std::atomic<size_t> under_way_{0};
  WaitingRoom waiting_;
};

}  // namespace mynumber::cluster

#endif  // MYNUMBER_LIBS_CLUSTER_ROUTER_H_
