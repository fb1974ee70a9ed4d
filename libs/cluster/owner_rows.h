#ifndef MYNUMBER_LIBS_CLUSTER_OWNER_ROWS_H_
#define MYNUMBER_LIBS_CLUSTER_OWNER_ROWS_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "libs/cluster/peer_links.h"
#include "libs/eventsourcing/rows.h"

namespace mynumber::cluster {

// The rows of one partition, wherever they are, for an instance that follows only what it owns (docs/decisions/0021):
// read here while it serves the partition, at the owner otherwise. Waits some seconds for an owner; UNAVAILABLE after
// that. For threads that may wait. Reading alone.
class OwnerRows : public eventsourcing::Rows {
 public:
  struct Parts {
    std::string service;
    uint32_t partition = 0;
    const eventsourcing::Rows* here = nullptr;
    PeerLinks* links = nullptr;
    // Whether this instance serves the partition.
    std::function<bool()> serves;
    // Where others do, as far as is known; empty: not known, or it is this one.
    std::function<std::string()> owner_address;
  };

  explicit OwnerRows(Parts parts) : parts_(std::move(parts)) {}

  // An owner has proven that its batch `sequence` stands: what is read from now on has it.
  void Prove(uint64_t sequence);

  absl::StatusOr<bool> Get(std::string_view key, std::string* value) const override;
  absl::Status Scan(std::string_view prefix, std::string_view after,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const override;
  absl::Status Write(const eventsourcing::Changes&) override;
  absl::Status StartOver() override;

 private:
  bool IsHere() const;
  v1::ReadRowsRequest Request() const;
  // Of whoever owns them.
  absl::StatusOr<v1::ReadRowsResponse> Read(const v1::ReadRowsRequest& request) const;

  const Parts parts_;
  // Proven, and not yet found here.
  mutable std::atomic<uint64_t> proven_{0};
};

// Answers a peer from the rows of a partition that this instance serves, or does not.
absl::Status ReadOwned(const eventsourcing::Rows& rows, bool serves, const v1::ReadRowsRequest& request,
                       v1::ReadRowsResponse* response);

}  // namespace mynumber::cluster

#endif  // MYNUMBER_LIBS_CLUSTER_OWNER_ROWS_H_
