#ifndef MYNUMBER_LIBS_CLUSTER_RECEIVER_H_
#define MYNUMBER_LIBS_CLUSTER_RECEIVER_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "libs/cluster/forwarded.h"
#include "libs/cluster/peer_service.h"
#include "libs/runtime/partition_host.h"

namespace mynumber::cluster {

// Commands that another instance sent, given to the partitions here.
template <class S>
class Receiver {
 public:
  using Request = eventsourcing::Request<S>;
  // The sequence of the newest batch in a partition's rows.
  using Sequence = std::function<uint64_t(uint32_t partition)>;

  // Owns nothing; `host` outlives every call.
  Receiver(runtime::PartitionHost<S>* host, runtime::Now now, Sequence sequence)
      : host_(host), now_(std::move(now)), sequence_(std::move(sequence)) {}

  void Receive(const v1::SubmitRequest& message, PeerService::Respond respond) const {
    const uint32_t p = message.partition();
    if (p >= host_->partition_count() || !host_->ServesSoon(p)) {
      v1::SubmitResponse answer;
      if (p < host_->partition_count()) answer.set_owner_address(host_->Snapshot(p).head.owner_address());
      return respond(std::move(answer));
    }
    auto under_way = std::make_shared<UnderWay>();
    under_way->left = static_cast<size_t>(message.requests_size());
    under_way->respond = std::move(respond);
    for (int i = 0; i < message.requests_size(); ++i) under_way->answer.add_outcomes();
    if (message.requests_size() == 0) return under_way->respond(std::move(under_way->answer));
    std::vector<Request> requests;
    std::shared_ptr<const eventsourcing::Origin> origin;
    for (int i = 0; i < message.requests_size(); ++i) {
      Request request;
      if (!TakeRequest(message.requests(i), now_(), &origin, &request)) {
        under_way->End(i, absl::UnavailableError("the owner is of another version and cannot read this command"));
        continue;
      }
      Answer(under_way, i, p, &request);
      requests.push_back(std::move(request));
    }
    host_->Submit(p, std::move(requests));
  }

 private:
  struct UnderWay {
    std::atomic<size_t> left{0};
    v1::SubmitResponse answer;
    PeerService::Respond respond;

    // Each outcome belongs to one request; whoever ends the last one responds.
    void End(int i, const absl::Status& status) {
      v1::Outcome* outcome = answer.mutable_outcomes(i);
      PutStatus(status, outcome);
      if (!status.ok()) outcome->clear_state();
      if (left.fetch_sub(1) == 1) respond(std::move(answer));
    }
  };

  void Answer(const std::shared_ptr<UnderWay>& under_way, int i, uint32_t partition, Request* request) const {
    request->prepare = [under_way, i](const eventsourcing::Prepared<typename S::State>& prepared) {
      v1::Outcome* outcome = under_way->answer.mutable_outcomes(i);
      prepared.state.SerializeToString(outcome->mutable_state());
      outcome->set_sequence(prepared.position.sequence);
      outcome->set_index(prepared.position.index);
      outcome->set_repeated(prepared.repeated);
      outcome->set_already(prepared.already);
    };
    const bool is_proof = !request->command;
    request->finish = [this, under_way, i, partition, is_proof](const absl::Status& status) {
      if (is_proof && status.ok()) under_way->answer.mutable_outcomes(i)->set_sequence(sequence_(partition));
      under_way->End(i, status);
    };
  }

  runtime::PartitionHost<S>* const host_;
  const runtime::Now now_;
  const Sequence sequence_;
};

}  // namespace mynumber::cluster

#endif  // MYNUMBER_LIBS_CLUSTER_RECEIVER_H_
