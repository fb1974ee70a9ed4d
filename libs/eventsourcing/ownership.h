#ifndef MYNUMBER_LIBS_EVENTSOURCING_OWNERSHIP_H_
#define MYNUMBER_LIBS_EVENTSOURCING_OWNERSHIP_H_

// One writer for each partition, by a claim in the log (design.md section 4), as a state machine without thread, clock
// or socket. Embedded, simulated and Kafka log share it.

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "libs/eventsourcing/fold.h"
#include "libs/eventsourcing/log.h"
#include "mynumber/eventlog/v1/eventlog.pb.h"

namespace mynumber::eventsourcing {

using FillRandom = std::function<void(uint8_t* out, size_t size)>;

// A batch that is ready to be sent.
struct BuiltBatch {
  AppendRequest request;
  // The head once it stands in the log; its offset is known only then.
  Head after;
};

// What the protocol needs of whoever holds a partition's rows and its waiting commands.
class Tenant {
 public:
  virtual ~Tenant() = default;

  // The head of the rows, buffered folds included.
  virtual const Head& head() const = 0;

  // Takes in a record read from the log and judged valid; may buffer. An error stops the partition.
  virtual absl::Status Fold(const eventlog::v1::Record& record, const Head& after) = 0;
  // Writes what Fold has buffered.
  virtual absl::Status FlushFolds() = 0;
  // Forgets all rows, buffered folds included: the fold begins anew.
  virtual absl::Status StartOver() = 0;

  // Decides what waits into one batch, an empty one if only answers wait for it; nothing if nothing waits.
  virtual std::optional<BuiltBatch> Build(int64_t now_micros) = 0;
  // The batch stands in the log: write the rows, then answer. An error: the rows do not have it, nobody was answered.
  virtual absl::Status Commit(const Head& after) = 0;
  // The batch is not to be committed by this claim; its commands wait again, to be decided again.
  virtual void Discard() = 0;
  // Does not serve any longer or not yet: whatever waits is refused as safe to repeat. Never OK: what was read of the
  // log without a claim of one's own behind it may still be lost.
  virtual void Refuse(const absl::Status& why) = 0;
};

struct OwnershipOptions {
  std::string instance;
  std::string address;
  eventlog::v1::ClusterSettings settings;
  int64_t retry_millis = 20;
  int64_t retry_max_millis = 2000;
  size_t read_bytes = 4 << 20;
  // An owner whose clock is further from the log's does not serve.
  int64_t clock_off_max_micros = 5'000'000;
  // Nothing is heard of the log's clock but by an append: a claim looks again after so long, though the clock still
  // seems wrong, since it may have been the log's clock, or the estimate of it, that was.
  int64_t clock_look_again_micros = 600'000'000;
  // An owner that has nothing to append asks so often whether somebody else has written; 0: never, since nobody else
  // can. One that is not wanted any more asks ten times as often.
  int64_t look_micros = 0;
};

// Counts since the start; what metrics and tests read.
struct OwnershipCounts {
  uint64_t claims = 0;
  uint64_t void_records = 0;
  uint64_t gaps = 0;
  uint64_t step_downs = 0;
  uint64_t unknown_outcomes = 0;
  // Batches of unknown outcome that were found in the log, valid, and those that were not when the next claim was read:
  // they count no more, should they arrive.
  uint64_t unknown_found_written = 0;
  uint64_t unknown_found_absent = 0;
  // Not there when another's claim was read: it is for the other to decide what they asked.
  uint64_t unknown_superseded = 0;
  uint64_t truncations = 0;
  // Times that it did not go on because its clock was wrong.
  uint64_t clock_step_downs = 0;
  uint64_t folded_records = 0;

  OwnershipCounts& operator+=(const OwnershipCounts& more) {
    for (const auto field : {&OwnershipCounts::claims, &OwnershipCounts::void_records, &OwnershipCounts::gaps,
                             &OwnershipCounts::step_downs, &OwnershipCounts::unknown_outcomes,
                             &OwnershipCounts::unknown_found_written, &OwnershipCounts::unknown_found_absent,
                             &OwnershipCounts::unknown_superseded, &OwnershipCounts::truncations,
                             &OwnershipCounts::clock_step_downs, &OwnershipCounts::folded_records}) {
      this->*field += more.*field;
    }
    return *this;
  }
};

class Ownership {
 public:
  enum class Phase {
    // Reads up to the end of the log; a follower stays here.
    kReading,
    // The claim has been sent.
    kClaiming,
    // The claim was acknowledged; reads up to it.
    kReadingClaim,
    kServing,
    // The batch's offset was not the next one: reads what stands between.
    kReadingGap,
    // After an unknown outcome, until the time to try again.
    kWaiting,
    // For good: see stopped().
    kStopped,
  };

  // Does not own `log` and `tenant`. Wants nothing at first.
  Ownership(PartitionLog* log, Tenant* tenant, OwnershipOptions options, ChainHash chain, FillRandom random);

  // Whether this instance is to own the partition; comes from outside. A fenced owner wants nothing until told again;
  // one that is no longer wanted serves until it reads of a newer claim.
  void Want(bool own);

  // Does what can be done now; true if it did something, so that it is worth calling again at once.
  bool Step(int64_t now_micros);

  Phase phase() const { return phase_; }
  bool serving() const { return phase_ == Phase::kServing || phase_ == Phase::kReadingGap; }
  // Commands that come now will be served within about a second: worth waiting for.
  bool serving_soon() const {
    return serving() || (phase_ != Phase::kReading && phase_ != Phase::kStopped && retry_millis_ <= 640);
  }
  // Why the partition stopped; OK otherwise.
  const absl::Status& stopped() const { return stopped_; }
  // What failed last, until it serves again; OK if nothing did. RESOURCE_EXHAUSTED: a disk is full.
  const absl::Status& trouble() const { return trouble_; }
  const OwnershipCounts& counts() const { return counts_; }
  // How far this instance's clock is ahead of the log's, or behind it (below 0), at least; 0 as far as is known.
  int64_t clock_off_micros() const { return clock_off_micros_; }
  // A standby has seen the end of the log once since it began to read. It stays true.
  bool has_caught_up() const { return has_caught_up_; }
  bool wanted() const { return wanted_; }
  // It does not serve since its clock is wrong, as far as it knew when it claimed last.
  bool clock_is_wrong() const { return clock_is_wrong_; }
  // Progress of reading: where it stands and where it wants to.
  Offset read_offset() const { return read_offset_; }
  Offset target() const { return target_; }

 private:
  bool StepReading(int64_t now_micros);
  bool Follow(int64_t now_micros);
  bool StepClaiming(int64_t now_micros);
  bool StepReadingClaim(int64_t now_micros);
  bool StepServing(int64_t now_micros);
  bool StepReadingGap(int64_t now_micros);
  // Of an owner with nothing under way: whether it reads what others have written, now.
  bool LookForOthers(int64_t now_micros);
  bool ReadOthers(int64_t now_micros);

  // Whether the log's first claim was made with our settings; false: it cannot be told now, or it was not and this
  // stops.
  bool CompareSettings();
  // Judges and folds what stands in [read_offset_, last]; false if there is nothing to read now.
  bool ReadUpTo(Offset last, int64_t now_micros);
  absl::Status Take(const LogRecord& entry, const eventlog::v1::Record& record, Verdict verdict);
  // Another's claim behind the one under which this owner served last.
  void FencedBy(const std::string& claim_id);
  // What became of the last batch of unknown outcome, if the record that was folded now tells.
  void ResolveUnknown(const Head& after, Verdict verdict);
  bool MustCompare(Verdict verdict, Offset offset);
  // Goes on if the log is still the one that the rows were folded from, else begins anew; false: cannot be told now.
  bool CompareHead(int64_t now_micros);
  // Whether the log, folded from the valid batch before the last one on (docs/decisions/0009), comes to the rows' head;
  // nothing if it cannot be read now.
  std::optional<bool> HeadStands();
  // The log's chain, folded apart from the rows.
  struct ChainFold {
    // Above 0: from the head on which the batch there says that it was decided.
    Offset begin = 0;
    Offset next = 0;
    Head head = EmptyHead();
    bool is_broken = false;
  };
  // Folds on, by one read, at most to the rows' head; false if nothing can be read now.
  bool FoldChain(ChainFold* fold);
  // Begins anew if the alarm is one of the rows, and not of the log; false if it cannot be told now.
  bool ProveAlarm();
  // Whether all that the claim, or the batch behind a gap, stands on was read right; false: not, or not to be told now.
  bool Proven(int64_t now_micros);
  void Truncated();
  // Stops for good what time cannot heal; tries again later otherwise. False: nothing has changed.
  bool TakeFailed(const absl::Status& status, int64_t now_micros);
  // Compares the instance's clock with the log's, if that has one; false: it is wrong, so nothing is to be sent.
  bool ClockIsRight(int64_t now_micros);
  // Whether a claim may be sent; says why not.
  bool MayClaim(int64_t now_micros);
  void StepDownByClock(int64_t now_micros);
  int64_t ClaimTime(int64_t now_micros) const;
  void SendClaim(int64_t now_micros);
  void Acknowledged(Offset offset, int64_t now_micros);
  void GiveUpWriter(int64_t now_micros, bool unknown);
  void ThrowClaimAway();
  bool IsOwnThrownAway(const std::string& claim_id) const;
  void DropFlight();
  void ReadAnew();
  void StepDown(const char* why);
  void Stop(absl::Status why);
  void CommitOwn(Offset offset, int64_t now_micros);

  PartitionLog* log_;
  Tenant* tenant_;
  OwnershipOptions options_;
  ChainHash chain_;
  FillRandom random_;

  Phase phase_ = Phase::kReading;
  bool wanted_ = false;
  absl::Status stopped_;
  absl::Status trouble_;
  OwnershipCounts counts_;
  bool settings_checked_ = false;
  // Whether the rows' head was compared with the log since the last look at its end, or since the claim.
  bool compared_ = false;
  // An alarm stops the partition only if it is still there after a comparison, and after the proof from the beginning.
  Offset alarm_offset_ = -1;
  std::optional<ChainFold> proof_;
  // Under way, of the rows with this running hash; begun after whatever it is to prove.
  std::optional<ChainFold> comparison_;
  std::string compared_head_;
  Offset proven_alarm_offset_ = -1;
  Offset read_offset_ = 0;
  Offset target_ = -1;
  bool has_caught_up_ = false;
  // Of a standby that has read further than the log now goes: when to read again.
  int64_t follow_from_micros_ = 0;
  // Of a serving owner that looks at what others have written: up to where, and from where on; when it appended or
  // looked last.
  Offset others_end_ = -1;
  Offset others_next_ = 0;
  int64_t looked_micros_ = 0;
  std::string claim_id_;
  // Under which it served last.
  std::string served_claim_id_;
  Offset claim_offset_ = -1;
  // The own batch under way, and where an acknowledgement says it is.
  std::optional<Head> flight_;
  Offset flight_offset_ = -1;
  // Own claims whose outcome was not learned: they may still arrive.
  std::deque<std::string> thrown_away_claims_;
  // Of the last own batch whose outcome was not learned; it can only stand behind that offset.
  std::string unknown_hash_;
  Offset unknown_after_ = -1;
  int64_t retry_millis_ = 0;
  int64_t wake_micros_ = 0;
  int64_t clock_off_micros_ = 0;
  // Steps down by its clock, or has; when to look again.
  bool clock_is_wrong_ = false;
  int64_t clock_look_again_micros_ = 0;
};

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_OWNERSHIP_H_
