#ifndef MYNUMBER_LIBS_RUNTIME_PARTITION_HOST_H_
#define MYNUMBER_LIBS_RUNTIME_PARTITION_HOST_H_

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "libs/eventsourcing/partition.h"
#include "libs/runtime/partition_snapshot.h"
#include "libs/runtime/partition_threads.h"

namespace mynumber::runtime {

// What one partition stands on. Outlives the host.
struct PartitionParts {
  eventsourcing::PartitionLog* log = nullptr;
  eventsourcing::Rows* rows = nullptr;
  // Used by the partition's thread alone.
  eventsourcing::Vault* vault = nullptr;
  // Likewise.
  eventsourcing::FillRandom random;
  // Other services' partitions of the same number, by service, that this one reacts to; handles of their own that never
  // block. Opened with a `wake` that calls PartitionHost::Wake, they are read when something is written there; without,
  // at the next tick.
  std::vector<std::pair<std::string, eventsourcing::PartitionLog*>> foreign = {};
};

// How a host does without the rows of partitions that it is not to own (docs/decisions/0021).
struct Resting {
  // Makes the rows as new as they can be had without the log, before they are followed again; and gives their disk
  // back. Called by the partition's thread, to whom the rows are nothing until `done`, which any thread calls once.
  using Job = std::function<void(uint32_t partition, std::function<void()> done)>;
  Job bring;
  Job drop;
  // Of partitions not wanted for so long, by the clock of the loops.
  int64_t drop_micros = 600'000'000;
  // What is not wanted any more is followed for so long, to learn from the log who owns it now.
  int64_t linger_micros = 3'000'000;
};

// What commands to a partition that stopped for good end with, as UNAVAILABLE: Snapshot says why it stopped.
inline constexpr char kPartitionStopped[] = "this partition has stopped";

// All partitions of one service in this process: their loops, the threads that drive them, and the mailboxes through
// which other threads reach them.
template <class Service>
class PartitionHost {
 public:
  using Request = eventsourcing::Request<Service>;

  PartitionHost(const Service* service, std::vector<PartitionParts> parts,
                const eventsourcing::PartitionOptions& options,
                const eventsourcing::OwnershipOptions& ownership, const eventsourcing::ChainHash& chain,
                const std::function<void(uint32_t partition, const eventsourcing::BatchObserved&)>& observe)
      : waiting_max_(options.waiting_commands), urgent_max_(options.waiting_urgent) {
    for (uint32_t p = 0; p < parts.size(); ++p) {
      auto cell = std::make_unique<Cell>();
      eventsourcing::PartitionOptions own = options;
      own.partition = cell->number = p;
      cell->partition = std::make_unique<eventsourcing::Partition<Service>>(
          service, parts[p].log, parts[p].rows, parts[p].vault, own, ownership, chain,
          std::move(parts[p].random),
          [observe, p](const eventsourcing::BatchObserved& seen) {
            if (observe) observe(p, seen);
          });
      cell->logs.push_back(parts[p].log);
      for (const auto& [other, log] : parts[p].foreign) {
        cell->partition->ReactTo(other, log);
        cell->logs.push_back(log);
      }
      cells_.push_back(std::move(cell));
    }
  }
  ~PartitionHost() { Stop(); }

  // Who takes requests that this instance cannot serve, by the partition's thread; see Partition::GiveBackTo. Before
  // Start.
  using GiveBack = std::function<void(uint32_t partition, Request request, const absl::Status& why)>;
  void GiveBackTo(GiveBack give_back) {
    give_back_ = std::move(give_back);
    for (uint32_t p = 0; p < cells_.size(); ++p) {
      cells_[p]->partition->GiveBackTo([this, p](Request request, const absl::Status& why) {
        give_back_(p, std::move(request), why);
      });
    }
  }
  // Partitions that this instance follows count as served by Serving, once they have caught up: another instance owns
  // them. Before Start.
  void CountStandbys() { counts_standbys_ = true; }

  // Follows only what it is to own. Before Start.
  void RestUnlessWanted(Resting resting) { resting_ = std::move(resting); }
  // Of a partition that rests, who owns it; nothing to others. Any thread.
  void TellOwner(uint32_t partition, const Owner& owner) {
    Cell& cell = *cells_[partition];
    std::lock_guard<std::mutex> lock(cell.mutex);
    PartitionSnapshot& seen = cell.snapshot;
    if (!seen.rests) return;
    seen.has_caught_up = true;
    if (seen.head.claim_id() == owner.claim_id) return;
    seen.head.set_claim_id(owner.claim_id);
    seen.head.set_owner_instance(owner.instance);
    seen.head.set_owner_address(owner.address);
  }

  // Opens the rows and starts `threads` threads, which tell the loops the time by `now`. Wants no partition before Want
  // says so.
  absl::Status Start(int threads, const Now& now = WallMicros, int niceness = 0) {
    std::vector<std::function<bool(int64_t)>> steps;
    for (auto& cell : cells_) {
      absl::Status status = cell->partition->Open();
      if (!status.ok()) return status;
      cell->rests = resting_.has_value();
      // One that is caught up and not wanted does nothing that would tell where it stands.
      Publish(cell.get());
      steps.push_back([this, cell = cell.get()](int64_t now_micros) { return Step(cell, now_micros); });
    }
    PartitionThreads::Options options;
    options.now = now;
    options.niceness = niceness;
    threads_ = std::make_unique<PartitionThreads>(threads, std::move(steps), options);
    return absl::OkStatus();
  }

  // Whether this instance is to own the partition: comes from outside, and again after it was fenced. Any thread.
  void Want(uint32_t partition, bool own) {
    cells_[partition]->wanted = own ? 1 : 0;
    Wake(partition);
  }

  // What was submitted before is finished as far as that is possible within a moment; the rest is refused.
  void Stop() {
    // The threads' object stays: a log may still wake it, and others ask for it.
    if (threads_) threads_->Stop();
    for (auto& cell : cells_) {
      std::lock_guard<std::mutex> lock(cell->mutex);
      for (auto* mailbox : {&cell->urgent, &cell->mailbox}) {
        for (Request& request : *mailbox) request.finish(absl::UnavailableError("this instance is stopping"));
        mailbox->clear();
      }
    }
  }

  // Any thread. `finish` of each request is called once, maybe before this returns. Urgent ones have a mailbox of
  // their own.
  void Submit(uint32_t partition, std::vector<Request> requests) {
    Cell& cell = *cells_[partition];
    std::vector<Request> refused;
    {
      std::lock_guard<std::mutex> lock(cell.mutex);
      for (Request& request : requests) {
        std::vector<Request>& mailbox = request.urgent ? cell.urgent : cell.mailbox;
        const bool has_room = mailbox.size() < (request.urgent ? urgent_max_ : waiting_max_);
        (has_room ? mailbox : refused).push_back(std::move(request));
      }
    }
    if (threads_) threads_->Wake(static_cast<int>(partition));
    for (Request& request : refused) {
      request.finish(absl::ResourceExhaustedError("too many commands wait for this partition"));
    }
  }
  void Submit(uint32_t partition, Request request) {
    std::vector<Request> one;
    one.push_back(std::move(request));
    Submit(partition, std::move(one));
  }

  // The log has something to tell. Any thread.
  void Wake(uint32_t partition) {
    if (threads_) threads_->Wake(static_cast<int>(partition));
  }

  uint32_t partition_count() const { return static_cast<uint32_t>(cells_.size()); }

  // Whether commands are decided here, or will be in a moment. Without a lock: asked for each request.
  bool ServesSoon(uint32_t partition) const { return cells_[partition]->serves_soon.load(std::memory_order_relaxed); }

  // Whether this instance is the owner as far as it knows, so that the rows here are as current as any.
  bool Serves(uint32_t partition) const { return cells_[partition]->serves.load(std::memory_order_acquire); }

  PartitionSnapshot Snapshot(uint32_t partition) const {
    std::lock_guard<std::mutex> lock(cells_[partition]->mutex);
    return cells_[partition]->snapshot;
  }

  // How long the slowest loop has not returned; see PartitionThreads.
  int64_t LongestRoundMicros() const { return threads_ ? threads_->LongestRoundMicros() : 0; }

  // Whether every partition serves but those that stopped for good, and one at least.
  bool Serving() const {
    bool any = false;
    for (uint32_t p = 0; p < cells_.size(); ++p) {
      const PartitionSnapshot seen = Snapshot(p);
      if (!seen.stopped.ok()) continue;
      const bool stands_by = counts_standbys_ && (resting_ || seen.has_caught_up) && seen.trouble.ok();
      if (seen.phase != eventsourcing::Ownership::Phase::kServing && !stands_by) return false;
      any = true;
    }
    return any;
  }

 private:
  static constexpr int64_t kOpenAgainMicros = 2'000'000;

  struct Cell {
    uint32_t number = 0;
    std::unique_ptr<eventsourcing::Partition<Service>> partition;
    mutable std::mutex mutex;
    std::vector<Request> mailbox;
    std::vector<Request> urgent;
    PartitionSnapshot snapshot;
    // 1 or 0 as Want was told last; -1 once the partition knows.
    std::atomic<int> wanted{-1};
    std::atomic<bool> serves_soon{false};
    std::atomic<bool> serves{false};
    // Somebody else has the rows, to bring or to drop them.
    std::atomic<bool> is_away{false};
    // The partition's thread alone.
    std::vector<eventsourcing::PartitionLog*> logs;
    bool rests = false;
    bool is_brought = false;
    bool is_dropped = false;
    // When rows that could not be opened are brought again.
    int64_t again_micros = 0;
    // While it rests.
    bool wants = false;
    // Up to when it was opened last.
    eventsourcing::OwnershipCounts counts_before;
    // Since when it is not wanted; 0: not so.
    int64_t unwanted_micros = 0;
    std::vector<Request> taken;
    std::vector<Request> taken_urgent;
    absl::Status told_input_trouble;
    bool told_caught_up = false;
  };

  bool Step(Cell* cell, int64_t now_micros) {
    {
      std::lock_guard<std::mutex> lock(cell->mutex);
      cell->taken.swap(cell->mailbox);
      cell->taken_urgent.swap(cell->urgent);
    }
    const bool is_told = cell->wanted.load(std::memory_order_relaxed) >= 0;
    const bool wants = is_told && cell->wanted.exchange(-1) == 1;
    if (cell->rests) return StepResting(cell, is_told ? wants : cell->wants, now_micros);
    if (is_told) cell->partition->Want(wants);
    const bool any = is_told || !cell->taken.empty() || !cell->taken_urgent.empty();
    const bool has_stopped = !cell->partition->ownership().stopped().ok();
    for (auto* taken : {&cell->taken_urgent, &cell->taken}) {
      for (Request& request : *taken) {
        has_stopped ? EndElsewhere(cell, std::move(request), kPartitionStopped)
                    : cell->partition->Offer(std::move(request));
      }
      taken->clear();
    }
    const bool worked = cell->partition->Step(now_micros);
    const bool is_news = cell->partition->ownership().has_caught_up() != cell->told_caught_up ||
                         cell->partition->input_trouble() != cell->told_input_trouble;
    if (worked || any || is_news) Publish(cell);
    if (resting_) RestIfUnwanted(cell, now_micros);
    return worked;
  }

  void RestIfUnwanted(Cell* cell, int64_t now_micros) {
    const eventsourcing::Ownership& ownership = cell->partition->ownership();
    if (ownership.wanted() || ownership.phase() != eventsourcing::Ownership::Phase::kReading) {
      cell->unwanted_micros = 0;
      return;
    }
    // A clock that was set back must not make the wait any longer.
    if (cell->unwanted_micros == 0 || cell->unwanted_micros > now_micros) cell->unwanted_micros = now_micros;
    if (now_micros - cell->unwanted_micros < resting_->linger_micros) return;
    cell->rests = true;
    cell->wants = cell->is_dropped = false;
    cell->unwanted_micros = now_micros;
    for (eventsourcing::PartitionLog* log : cell->logs) log->Rest();
    Publish(cell);
  }

  // Ends or hands back what came, and brings the rows once they are wanted.
  bool StepResting(Cell* cell, bool wants, int64_t now_micros) {
    for (auto* taken : {&cell->taken_urgent, &cell->taken}) {
      for (Request& request : *taken) EndElsewhere(cell, std::move(request), "this partition is not followed here");
      taken->clear();
    }
    if (wants != cell->wants) {
      cell->wants = wants;
      std::lock_guard<std::mutex> lock(cell->mutex);
      cell->snapshot.wanted = wants;
    }
    if (cell->is_away) return false;
    if (wants && cell->is_brought) return FollowAgain(cell, now_micros);
    // A clock that was set back must not make the wait any longer.
    cell->again_micros = std::min(cell->again_micros, now_micros + kOpenAgainMicros);
    if (wants) return now_micros >= cell->again_micros && SendAway(cell, resting_->bring, &cell->is_brought);
    cell->is_brought = false;
    if (cell->unwanted_micros == 0 || cell->unwanted_micros > now_micros) cell->unwanted_micros = now_micros;
    if (cell->is_dropped || now_micros - cell->unwanted_micros < resting_->drop_micros) return false;
    return SendAway(cell, resting_->drop, &cell->is_dropped);
  }

  bool SendAway(Cell* cell, const Resting::Job& job, bool* sent) {
    *sent = true;
    cell->is_away = true;
    job(cell->number, [this, cell] {
      cell->is_away = false;
      Wake(cell->number);
    });
    return false;
  }

  bool FollowAgain(Cell* cell, int64_t now_micros) {
    cell->is_brought = false;
    cell->counts_before += cell->partition->ownership().counts();
    const absl::Status status = cell->partition->Open();
    if (!status.ok()) {
      cell->again_micros = now_micros + kOpenAgainMicros;
      std::lock_guard<std::mutex> lock(cell->mutex);
      cell->snapshot.trouble = status;
      return false;
    }
    cell->rests = false;
    cell->unwanted_micros = 0;
    cell->partition->Want(true);
    Publish(cell);
    return true;
  }

  // Another instance may serve what this one cannot read.
  void EndElsewhere(Cell* cell, Request request, const char* what) {
    const absl::Status why = absl::UnavailableError(what);
    give_back_ && !request.needs_no_owner() ? give_back_(cell->number, std::move(request), why) : request.finish(why);
  }

  void Publish(Cell* cell) {
    const eventsourcing::Ownership& ownership = cell->partition->ownership();
    cell->serves_soon.store(ownership.serving_soon(), std::memory_order_relaxed);
    cell->serves.store(ownership.serving(), std::memory_order_release);
    std::lock_guard<std::mutex> lock(cell->mutex);
    PartitionSnapshot& seen = cell->snapshot;
    seen.phase = ownership.phase();
    if (!ownership.stopped().ok()) seen.stopped = ownership.stopped();
    seen.trouble = ownership.trouble();
    seen.has_caught_up = cell->told_caught_up = ownership.has_caught_up();
    seen.wanted = ownership.wanted();
    seen.rests = cell->rests;
    seen.input_trouble = cell->told_input_trouble = cell->partition->input_trouble();
    seen.head = cell->partition->head();
    seen.counts = cell->counts_before;
    seen.counts += ownership.counts();
    seen.target = ownership.target();
    seen.clock_off_micros = ownership.clock_off_micros();
    seen.clock_is_wrong = ownership.clock_is_wrong();
    seen.waiting = cell->partition->waiting();
    seen.keys_to_destroy = cell->partition->keys_to_destroy();
    seen.needs_former_masters = cell->partition->needs_former_masters();
  }

  size_t waiting_max_;
  size_t urgent_max_;
  GiveBack give_back_;
  bool counts_standbys_ = false;
  std::optional<Resting> resting_;
  std::vector<std::unique_ptr<Cell>> cells_;
  std::unique_ptr<PartitionThreads> threads_;
};

}  // namespace mynumber::runtime

#endif  // MYNUMBER_LIBS_RUNTIME_PARTITION_HOST_H_
