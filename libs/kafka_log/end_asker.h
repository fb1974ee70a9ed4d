#ifndef MYNUMBER_LIBS_KAFKA_LOG_END_ASKER_H_
#define MYNUMBER_LIBS_KAFKA_LOG_END_ASKER_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "libs/kafka_log/background.h"
#include "libs/kafka_log/client.h"

namespace mynumber::kafka_log {

// The client that asks leaders where partitions end; one for all partitions of a process. Any thread.
class EndClient {
 public:
  EndClient(Settings settings, std::function<void(std::string json)> statistics);
  // Blocks, up to 3 s. UNAVAILABLE for an end before `at_least`, too: whoever tells it is behind, and the leaders are
  // looked for anew.
  absl::StatusOr<int64_t> Ask(const std::string& topic, int32_t partition, int64_t at_least);

 private:
  absl::StatusOr<std::shared_ptr<Client>> Get();
  void Note(const std::shared_ptr<Client>& client, bool answered);
  static void AskForLeaders(Client* client, const std::string& topic);

  const Settings settings_;
  const std::function<void(std::string)> statistics_;
  std::mutex mutex_;
  std::shared_ptr<Client> client_;
  // Steady, since when nothing was answered; 0 while answers come.
  int64_t failing_micros_ = 0;
};

// The end of one partition, asked for in the background. One thread at a time; nothing here blocks.
class EndAsker {
 public:
  EndAsker(std::string topic, int32_t partition, EndClient* client, Background* background,
           std::shared_ptr<WakeUp> wake);

  // The end as the leader told it, once for each time it was asked; it is known to be no less than `at_least`.
  // UNAVAILABLE while the answer is not there: wakes when it is.
  absl::StatusOr<int64_t> Get(int64_t at_least);
  // Forgets an answer that was asked for before now.
  void Forget();

 private:
  struct Answer {
    std::mutex mutex;
    bool is_there = false;
    absl::StatusOr<int64_t> end = absl::UnavailableError("");
    int64_t told_micros = 0;
  };

  const std::string topic_;
  const int32_t partition_;
  EndClient* client_;
  Background* background_;
  std::shared_ptr<WakeUp> wake_;
  std::shared_ptr<Answer> answer_;
};

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_END_ASKER_H_
