#ifndef MYNUMBER_LIBS_CLUSTER_CLUSTER_H_
#define MYNUMBER_LIBS_CLUSTER_CLUSTER_H_

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/cluster/claimer.h"
#include "libs/cluster/peer_links.h"
#include "libs/cluster/peer_service.h"
#include "libs/metrics/metrics.h"
#include "libs/rpc/server.h"
#include "libs/runtime/partition_snapshot.h"

namespace mynumber::cluster {

struct ClusterOptions {
  // Its name in claims: the same after a restart, and no other's.
  std::string instance;
  // Where it takes calls of other instances, HOST:PORT; port 0 takes a free one.
  std::string listen = "127.0.0.1:0";
  // HOST:PORT as others reach it; empty: as it listens.
  std::string advertise;
  // Mutual TLS among instances; none: plain text, for loopback only.
  std::shared_ptr<grpc::ServerCredentials> server_credentials;
  std::shared_ptr<grpc::ChannelCredentials> channel_credentials;
};

// One service of this instance in the cluster.
struct ClusterService {
  std::string name;
  uint32_t partition_count = 0;
  std::function<runtime::PartitionSnapshot(uint32_t partition)> snapshot;
  std::function<void(uint32_t partition, bool own)> want;
  PeerService::Receive receive;
  // Rows of a partition, for instances that do not follow it; see owner_rows.h.
  std::function<absl::Status(uint32_t partition, const v1::ReadRowsRequest&, v1::ReadRowsResponse*)> read_rows;
  // Tells who serves a partition that rests here. Empty: none rests, all are followed.
  std::function<void(uint32_t partition, const runtime::Owner& owner)> tell_owner;
};

// Asks for the addresses of all instances, HOST:PORT, and calls `told` once by any thread, with none if they cannot be
// had now.
using FindPeers = std::function<void(std::function<void(std::vector<std::string> addresses)> told)>;

// Joins a service's group; the result leaves it, and nothing is told after that.
using LeaveGroup = std::function<void()>;
using JoinGroup = std::function<absl::StatusOr<LeaveGroup>(
    const std::string& service, std::function<void(uint32_t partition, bool is_assigned)> told)>;

// This instance among others: its peers, and what it claims. Any thread.
class Cluster {
 public:
  // Listens for peers at once, so that its address is known. Errors are sentences for an operator.
  static absl::StatusOr<std::unique_ptr<Cluster>> Start(const ClusterOptions& options, metrics::Registry* registry);
  // Stops.
  ~Cluster();

  const std::string& address() const { return address_; }
  const std::string& instance() const { return options_.instance; }
  PeerLinks* links() { return &links_; }

  // All services, before Join.
  void Serve(ClusterService service);
  // Enters the groups, and claims from now on. `find` serves an instance that does not read in all partitions' logs
  // where the others are; it ends before Stop returns.
  void Join(JoinGroup join, FindPeers find);
  // Leaves all groups and hands partitions over: returns when others own them, or after `patience_millis`, or at once
  // if nobody is there. Still serves what nobody took.
  void Leave(int64_t patience_millis);
  // Ends what Leave began. A second call does nothing.
  void Stop();

 private:
  struct Member;

  explicit Cluster(ClusterOptions options);
  void Run();
  void Tick(Member* member, int64_t now_micros);
  // For an instance that follows only what it owns: finds the others, and tells who owns what rests here.
  void FindOthers(int64_t now_micros);
  void TellOwners(Member* member, std::vector<runtime::PartitionSnapshot>* seen);
  // Wants some of the partitions that are served here to be taken over; how many are served.
  int OfferSome();
  // How many of the connected instances are to claim the partition before this one.
  int RankFor(const std::string& service, uint32_t partition);
  // Leaves the group while it cannot serve, `why` being the cause, and enters it again later.
  void LeaveOrEnter(Member* member, const char* why, int64_t now_micros);
  void Enter(Member* member);
  // Null: it can, all partitions or those that have not stopped.
  static const char* WhyItCannotServe(const std::vector<runtime::PartitionSnapshot>& seen);
  static void LeaveGroupOf(Member* member);
  void LeaveGroups();
  void Wake();

  const ClusterOptions options_;
  std::string address_;
  PeerService service_;
  std::unique_ptr<rpc::Server> server_;
  metrics::Registry* registry_ = nullptr;
  metrics::Gauge peers_;
  std::vector<std::unique_ptr<Member>> members_;
  JoinGroup join_;
  FindPeers find_;
  bool follows_all_ = true;
  int64_t find_micros_ = 0;
  // By mutex.
  std::vector<std::string> found_;
  bool is_finding_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool has_news_ = false;
  std::atomic<bool> is_leaving_{false};
  bool is_stopping_ = false;
  std::thread thread_;
  // The first to go: until then its threads call Wake.
  PeerLinks links_;
};

}  // namespace mynumber::cluster

#endif  // MYNUMBER_LIBS_CLUSTER_CLUSTER_H_
