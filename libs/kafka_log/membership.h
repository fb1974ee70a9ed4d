#ifndef MYNUMBER_LIBS_KAFKA_LOG_MEMBERSHIP_H_
#define MYNUMBER_LIBS_KAFKA_LOG_MEMBERSHIP_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "libs/kafka_log/client.h"
#include "libs/kafka_log/kafka_log.h"

namespace mynumber::kafka_log {

// A member of a Kafka consumer group on a topic to which nobody writes: the group shares the topic's partitions out. A
// thread of its own keeps it in the group whatever the rest of the process does, and joins anew when it was thrown out.
class Membership : public GroupMembership {
 public:
  struct Options {
    // MemberSettings, with brokers, group.id and client.id.
    Settings settings;
    std::string topic;
    // As of KafkaLog::JoinGroup.
    std::function<void(uint32_t partition, bool assigned)> told;
  };

  // INVALID_ARGUMENT: a setting that librdkafka does not take.
  static absl::StatusOr<std::unique_ptr<Membership>> Join(Options options);
  ~Membership() override;

  void Leave() override;

 private:
  explicit Membership(Options options) : options_(std::move(options)), told_(options_.told) {}
  // The thread. Everything below is its own, unless it says otherwise.
  void Stay();
  absl::Status Enter();
  // False: this client is of no use any more.
  bool Poll();
  // None of the brokers has been reached for long, as far as librdkafka says, which does not tell when one is back.
  bool AreBrokersGone();
  void Rebalance(rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t* partitions);
  void LoseAll();
  // Whether the client can be destroyed: librdkafka 2.0.2 aborts the process if it is between the group's answer to its
  // joining and its first assignment, an empty one included.
  bool MayGo() const { return was_assigned_ || !saw_brokers_; }
  void Discard();
  void Tell(uint32_t partition, bool assigned);
  void Pause();

  const Options options_;
  std::unique_ptr<Client> client_;
  std::set<uint32_t> assigned_;
  // Of the present client: it has had an assignment; it has reached a broker; it was asked whether it does.
  bool was_assigned_ = false;
  bool saw_brokers_ = false;
  bool is_asked_ = false;
  int64_t pause_millis_ = 0;
  std::atomic<bool> leaving_{false};
  std::mutex told_mutex_;
  // Empty after Leave. Guarded by told_mutex_.
  std::function<void(uint32_t, bool)> told_;
  std::thread thread_;
};

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_MEMBERSHIP_H_
