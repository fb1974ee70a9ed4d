#ifndef MYNUMBER_LIBS_CLUSTER_PEER_SERVICE_H_
#define MYNUMBER_LIBS_CLUSTER_PEER_SERVICE_H_

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "absl/status/status.h"
#include "mynumber/cluster/v1/peer_service.grpc.pb.h"

namespace mynumber::cluster {

// What this instance answers to others: commands for its partitions, rows of these, and beats. Any thread.
class PeerService : public v1::PeerService::CallbackService {
 public:
  // Calls `respond` once, from any thread.
  using Respond = std::function<void(v1::SubmitResponse)>;
  using Receive = std::function<void(const v1::SubmitRequest&, Respond respond)>;
  using ReadRowsOf = std::function<absl::Status(const v1::ReadRowsRequest&, v1::ReadRowsResponse*)>;

  explicit PeerService(std::string instance);
  // Stops.
  ~PeerService() override;

  // Who takes commands for the service, and reads its rows; before the first call of a peer.
  void Serve(const std::string& service, Receive receive, ReadRowsOf read);
  // What beats tell of the service from now on: partitions, in any order.
  void SetServed(const std::string& service, std::vector<v1::Served> served);
  // Tells all who watch that the partitions of a service, or one of them, want to be taken over, or no longer: `what`
  // as Beat.leaving has it.
  void SetLeaving(const std::string& what, bool is_leaving);
  // Ends all streams. A second call does nothing.
  void Stop();

  grpc::ServerUnaryReactor* Submit(grpc::CallbackServerContext* context, const v1::SubmitRequest* request,
                                   v1::SubmitResponse* response) override;
  grpc::ServerWriteReactor<v1::Beat>* Watch(grpc::CallbackServerContext* context,
                                            const v1::WatchRequest* request) override;
  grpc::ServerUnaryReactor* ReadRows(grpc::CallbackServerContext* context, const v1::ReadRowsRequest* request,
                                     v1::ReadRowsResponse* response) override;

 private:
  class Watcher;
  struct Served {
    Receive receive;
    ReadRowsOf read;
  };
  // Nothing: this instance does not serve that service.
  Served Find(const std::string& service);
  void BeatOn();

  const std::string instance_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_stopping_ = false;
  std::map<std::string, Served> services_;
  std::map<std::string, std::vector<v1::Served>> served_;
  std::set<std::string> leaving_;
  std::set<Watcher*> watchers_;
  std::thread thread_;
};

}  // namespace mynumber::cluster

#endif  // MYNUMBER_LIBS_CLUSTER_PEER_SERVICE_H_
