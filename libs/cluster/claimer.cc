#include "libs/cluster/claimer.h"

#include <utility>

namespace mynumber::cluster {
namespace {

// Less may be a connection that is only made anew.
constexpr int64_t kBrokenMicros = 30'000;
constexpr int64_t kAgainMicros = 1'000'000;

}  // namespace

Claimer::Claimer(ClaimerOptions options, Around around)
    : options_(std::move(options)), around_(std::move(around)), parts_(options_.partition_count) {}

void Claimer::Told(uint32_t partition, bool is_assigned) {
  std::lock_guard<std::mutex> lock(mutex_);
  Part& part = parts_[partition];
  part.is_assigned = is_assigned;
  part.told_anew = is_assigned;
  part.revoked_anew = !is_assigned;
}

void Claimer::Tick(const std::vector<runtime::PartitionSnapshot>& seen, int64_t now_micros, bool is_leaving) {
  for (uint32_t p = 0; p < options_.partition_count; ++p) {
    std::lock_guard<std::mutex> lock(mutex_);
    TickOne(p, seen[p], now_micros, is_leaving);
  }
}

void Claimer::Claim(uint32_t partition, Part* part) {
  part->due_micros = 0;
  around_.want(partition, true);
}

void Claimer::TickOne(uint32_t partition, const runtime::PartitionSnapshot& seen, int64_t now_micros,
                      bool is_leaving) {
  Part& part = parts_[partition];
  part.is_served = seen.serving();
  if (std::exchange(part.revoked_anew, false) || is_leaving) {
    // It serves on until it reads of another's claim.
    if (seen.wanted) around_.want(partition, false);
    if (is_leaving) return;
  }
  if (!seen.stopped.ok()) return;
  if (seen.head.claim_id() != part.claim_id) {
    part.claim_id = seen.head.claim_id();
    part.due_micros = 0;
  }
  if (part.is_served) {
    if (part.lost_micros != 0) around_.took_over(now_micros - std::exchange(part.lost_micros, 0));
    if (std::exchange(part.told_anew, false) && !seen.wanted) around_.want(partition, true);
    part.assigned_micros = now_micros;
    // Replaced, it stops before its rows have the other's claim, and must not take back what was taken.
    part.due_micros = now_micros + kAgainMicros;
    return;
  }
  if (std::exchange(part.told_anew, false)) {
    part.assigned_micros = now_micros;
    return Claim(partition, &part);
  }
  if (seen.wanted || !seen.has_caught_up || seen.head.claim_id().empty()) return;
  if (seen.head.owner_instance() == options_.instance) {
    // Of this instance before it was started again, or lost its group while it claimed: nobody serves it, now and until
    // it is claimed. Fenced since, it would have read of that.
    if (now_micros < part.due_micros) return;
    Claim(partition, &part);
    part.due_micros = now_micros + kAgainMicros;
    return;
  }
  LookAfter(partition, &part, seen, now_micros);
}

void Claimer::LookAfter(uint32_t partition, Part* part, const runtime::PartitionSnapshot& seen, int64_t now_micros) {
  const PeerSeen peer = around_.see(seen.head.owner_address());
  const bool is_leaving = peer.Leaves(options_.service, partition);
  if (!is_leaving && !IsLost(peer, now_micros)) {
    part->due_micros = part->lost_micros = 0;
    if (part->is_assigned && now_micros - part->assigned_micros > options_.balance_micros) {
      part->assigned_micros = now_micros;
      Claim(partition, part);
    }
    return;
  }
  if (part->lost_micros == 0) part->lost_micros = is_leaving ? now_micros : peer.lost_micros;
  // Whom the group has chosen goes first.
  if (part->due_micros == 0) {
    const int64_t spread_micros = options_.spread_micros;
    const int64_t rank_micros = around_.rank ? around_.rank(partition) * options_.rank_micros : 0;
    part->due_micros =
        now_micros + (part->is_assigned ? 0 : spread_micros / 10 + around_.random(spread_micros) + rank_micros);
  }
  if (now_micros >= part->due_micros) Claim(partition, part);
}

bool Claimer::IsLost(const PeerSeen& peer, int64_t now_micros) const {
  if (peer.lost_micros == 0) return false;
  const int64_t patience_micros = peer.was_connected ? kBrokenMicros : options_.unreached_micros;
  return now_micros - peer.lost_micros > patience_micros;
}

}  // namespace mynumber::cluster
