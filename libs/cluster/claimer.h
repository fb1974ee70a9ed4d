#ifndef MYNUMBER_LIBS_CLUSTER_CLAIMER_H_
#define MYNUMBER_LIBS_CLUSTER_CLAIMER_H_

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "libs/cluster/peer_links.h"
#include "libs/runtime/partition_snapshot.h"

namespace mynumber::cluster {

struct ClaimerOptions {
  std::string service;
  std::string instance;
  uint32_t partition_count = 0;
  // A standby waits at random so long before it claims what a lost peer owned, so that not all do at once.
  int64_t spread_micros = 150'000;
  // Who could never be reached is taken for lost after so long.
  int64_t unreached_micros = 3'000'000;
  // For each instance that is to claim before this one; it has rows to bring first.
  int64_t rank_micros = 20'000'000;
  // What the group assigned here, and another still serves after so long, is claimed again.
  int64_t balance_micros = 20'000'000;
};

// Who claims which partition (docs/decisions/0017): whom the group assigns it to, whose own former claim is the newest,
// and who sees the owner lost or leaving. It may be wrong: the log decides who owns. Decides by Tick alone.
class Claimer {
 public:
  struct Around {
    std::function<void(uint32_t partition, bool own)> want;
    std::function<PeerSeen(const std::string& address)> see;
    // Micros from 0 to below `below`.
    std::function<int64_t(int64_t below)> random;
    // How many others are to claim the partition of a lost peer before this instance. Empty: all stand by, and whoever
    // comes first costs nothing.
    std::function<int(uint32_t partition)> rank;
    // How long a partition of a lost peer was without an owner, as far as is seen here.
    std::function<void(int64_t micros)> took_over;
  };

  Claimer(ClaimerOptions options, Around around);

  // What the group says; any thread.
  void Told(uint32_t partition, bool is_assigned);
  // Does what is to be done now (steady time), `seen` being all partitions as they stand; one thread. While
  // `is_leaving` nothing is claimed.
  void Tick(const std::vector<runtime::PartitionSnapshot>& seen, int64_t now_micros, bool is_leaving);

 private:
  struct Part {
    // By mutex.
    bool is_assigned = false;
    bool told_anew = false;
    bool revoked_anew = false;
    // Of Tick alone. The claim that was last looked at, and when one of our own is to follow it; 0: not yet known.
    std::string claim_id;
    int64_t due_micros = 0;
    int64_t lost_micros = 0;
    int64_t assigned_micros = 0;
    bool is_served = false;
  };

  void TickOne(uint32_t partition, const runtime::PartitionSnapshot& seen, int64_t now_micros, bool is_leaving);
  void Claim(uint32_t partition, Part* part);
  // Looks after the owner that another instance's claim names.
  void LookAfter(uint32_t partition, Part* part, const runtime::PartitionSnapshot& seen, int64_t now_micros);
  bool IsLost(const PeerSeen& peer, int64_t now_micros) const;

  const ClaimerOptions options_;
  const Around around_;
  std::mutex mutex_;
  std::vector<Part> parts_;
};

}  // namespace mynumber::cluster

#endif  // MYNUMBER_LIBS_CLUSTER_CLAIMER_H_
