#ifndef MYNUMBER_LIBS_KAFKA_LOG_BROKER_VIEWS_H_
#define MYNUMBER_LIBS_KAFKA_LOG_BROKER_VIEWS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/kafka_log/client.h"
#include "libs/kafka_log/place.h"

namespace mynumber::kafka_log {

// Ids of the brokers that lead a place's two topics; -1: not known, or none.
struct Leaders {
  int32_t log = -1;
  int32_t keys = -1;
};

// Each broker's own view of who leads. A leader that was cut off from its peers names itself for as long as the cut
// lasts, and librdkafka asks the broker that it used last, which is just that one. A client for each broker, made when
// somebody is stuck for the first time. Any thread.
class BrokerViews {
 public:
  // `settings` of an asker, with "bootstrap.servers".
  explicit BrokerViews(Settings settings) : settings_(std::move(settings)) {}

  enum class Leading {
    kStill,
    kMoved,
    // For the first time for long: what was connected before had better connect anew.
    kMovedNow,
  };
  // Whether most of all brokers name others than `in_use`: one alone may be cut off itself. Takes up to half a second
  // for each broker that does not answer.
  Leading Ask(const Place& place, const Leaders& in_use);
  // Brokers that a new client had better begin with: for some seconds the one that was found last, else all.
  std::string BeginWith();

 private:
  struct View {
    int32_t broker = -1;
    std::string address;
    std::mutex mutex;
    std::unique_ptr<Client> client;
    // By topic and partition, as told at this steady time.
    std::map<std::pair<std::string, int32_t>, int32_t> leaders;
    int64_t told_micros = 0;
  };

  absl::StatusOr<std::vector<std::shared_ptr<View>>> Views();
  bool IsFound() const { return !found_.empty() && SteadyMicros() - found_micros_ < kFoundMicros; }
  Leaders Told(View* view, const Place& place);
  void AskOne(View* view);

  static constexpr int64_t kFoundMicros = 10'000'000;

  const Settings settings_;
  // Of `views_`, held while brokers are asked.
  std::mutex views_mutex_;
  std::vector<std::shared_ptr<View>> views_;
  std::mutex mutex_;
  std::string found_;
  int64_t found_micros_ = 0;
};

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_BROKER_VIEWS_H_
