#ifndef MYNUMBER_LIBS_KAFKA_LOG_CLIENT_H_
#define MYNUMBER_LIBS_KAFKA_LOG_CLIENT_H_

#include <librdkafka/rdkafka.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace mynumber::kafka_log {

// librdkafka's settings by name.
using Settings = std::map<std::string, std::string>;

Settings ProducerSettings();
// `read_ahead_bytes`: what is fetched of each partition before it is asked for.
Settings ReaderSettings(size_t read_ahead_bytes);
Settings AskerSettings();
// Of a member of a consumer group.
Settings MemberSettings();

// UNAVAILABLE with `what` and what librdkafka says; OK if there is no error.
absl::Status ToStatus(rd_kafka_resp_err_t error, const std::string& what);

// Calls what it was given until Clear has returned. Any thread.
class WakeUp {
 public:
  explicit WakeUp(std::function<void()> call) : call_(std::move(call)) {}
  void Call() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (call_) call_();
  }
  void Clear() {
    std::lock_guard<std::mutex> lock(mutex_);
    call_ = nullptr;
  }

 private:
  std::mutex mutex_;
  std::function<void()> call_;
};

// One client of librdkafka with its topics. Its callbacks run inside of Serve, in the caller's thread; one thread at a
// time, except for IsLost and Reached.
class Client {
 public:
  struct Callbacks {
    // Of a producer: a message's fate.
    std::function<void(const rd_kafka_message_t&)> delivered;
    // librdkafka's statistics, JSON.
    std::function<void(std::string json)> statistics;
    // Of a member of a group: partitions are assigned, or revoked; it must do so by rd_kafka_incremental_...
    std::function<void(rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t*)> rebalanced;
  };

  // `wake` is called from librdkafka's threads when Serve has something to do; may be null.
  static absl::StatusOr<std::unique_ptr<Client>> Make(rd_kafka_type_t type, const Settings& settings,
                                                      std::shared_ptr<WakeUp> wake);
  // Forgets what is under way. Takes up to a tenth of a second.
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void set_callbacks(Callbacks callbacks) { callbacks_ = std::move(callbacks); }
  const Callbacks& callbacks() const { return callbacks_; }
  rd_kafka_t* get() const { return client_; }
  rd_kafka_topic_t* Topic(const std::string& name);
  void Serve();

  // Whether no broker could be reached for so long that it is to be made anew: librdkafka 2.0.2 may go on asking at
  // addresses where nobody is any more.
  bool IsLost() const;
  void Reached() { lost_micros_ = 0; }
  // Another one did not reach any either: IsLost is so again after as long once more.
  void LostStill();

 private:
  explicit Client(std::shared_ptr<WakeUp> wake) : wake_(std::move(wake)) {}
  void SetCallbacks(rd_kafka_type_t type, bool in_group, rd_kafka_conf_t* conf);

  std::shared_ptr<WakeUp> wake_;
  Callbacks callbacks_;
  rd_kafka_t* client_ = nullptr;
  rd_kafka_queue_t* events_ = nullptr;
  std::map<std::string, rd_kafka_topic_t*> topics_;
  // Since when no broker could be reached, micros of the steady clock; 0 while one can, as far as is known.
  std::atomic<int64_t> lost_micros_{0};
};

int64_t SteadyMicros();

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_CLIENT_H_
