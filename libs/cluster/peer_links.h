#ifndef MYNUMBER_LIBS_CLUSTER_PEER_LINKS_H_
#define MYNUMBER_LIBS_CLUSTER_PEER_LINKS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "absl/status/statusor.h"
#include "mynumber/cluster/v1/peer_service.grpc.pb.h"

namespace mynumber::cluster {

// Of a message between instances: several hundred commands with their states.
inline constexpr int kPeerMessageBytesMax = 64 << 20;

// What is known of another instance. Times are micros of the steady clock.
struct PeerSeen {
  bool is_connected = false;
  bool was_connected = false;
  // Since when its health stream is broken or silent, or could not be had; 0 while it beats.
  int64_t lost_micros = 0;
  // What it wants to be taken over, as Beat.leaving has it.
  std::set<std::string> leaving;

  bool Leaves(const std::string& service, uint32_t partition) const;
};

// Who serves a partition, as its beats say; an empty address: nobody who is connected.
struct ServedBy {
  std::string address;
  std::string instance;
  std::string claim_id;
  uint64_t sequence = 0;
};

// A single partition in Beat.leaving: "issuance/3".
std::string PartitionInBeat(const std::string& service, uint32_t partition);

// Connections to other instances by the addresses that claims name: a health stream to each, and the way for commands.
// Any thread.
class PeerLinks {
 public:
  using Answered = std::function<void(const grpc::Status&, const v1::SubmitResponse&)>;

  // `instance`: how this one is called. `credentials`: as rpc::ChannelOptions has them. `changed` is called by any
  // thread when a peer came, went, or leaves.
  PeerLinks(std::string instance, std::shared_ptr<grpc::ChannelCredentials> credentials,
            std::function<void()> changed);
  // Cancels what is under way; no call comes after it.
  ~PeerLinks();
  PeerLinks(const PeerLinks&) = delete;
  PeerLinks& operator=(const PeerLinks&) = delete;

  // What is known of the instance at this address; the first question begins to watch it, and a minute without one ends
  // that.
  PeerSeen See(const std::string& address);
  // Sends commands; `answered` is called once by another thread.
  void Submit(const std::string& address, const v1::SubmitRequest& request, int64_t timeout_micros, Answered answered);
  // Rows of a partition from the instance at this address; waits for the answer. UNAVAILABLE: there is none.
  absl::StatusOr<v1::ReadRowsResponse> ReadRows(const std::string& address, const v1::ReadRowsRequest& request,
                                                int64_t timeout_micros);
  // By partition of the service: who of the connected peers serves it; of several the one that is furthest.
  std::vector<ServedBy> Served(const std::string& service, uint32_t partition_count);
  // Names of the instances whose stream beats and who do not want the partition to be taken over.
  std::vector<std::string> StayingInstances(const std::string& service, uint32_t partition);
  // Peers whose stream beats.
  int ConnectedCount();
  // The address of one of these, each in its turn; empty: there is none.
  std::string AnyConnected();

 private:
  class Link;
  std::shared_ptr<Link> Get(const std::string& address);
  void ForgetUnused(int64_t now_micros);

  const std::string instance_;
  const std::shared_ptr<grpc::ChannelCredentials> credentials_;
  const std::function<void()> changed_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Link>> links_;
  size_t turn_ = 0;
};

}  // namespace mynumber::cluster

#endif  // MYNUMBER_LIBS_CLUSTER_PEER_LINKS_H_
