#ifndef MYNUMBER_LIBS_KAFKA_LOG_READER_CLIENTS_H_
#define MYNUMBER_LIBS_KAFKA_LOG_READER_CLIENTS_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/kafka_log/background.h"
#include "libs/kafka_log/client.h"

namespace mynumber::kafka_log {

// For whom is fetched, and how much before it is asked for: little for one reader, much for one that rebuilds, little
// for all who stand at a partition's end (tail.h).
enum class Ahead { kNear, kFar, kTail };

class Tail;

// A consumer client that many readers share. Only ReaderClients makes and ends it.
struct SharedClient {
  std::unique_ptr<Client> client;
  Ahead ahead = Ahead::kNear;
  // Gets no new readers, and those that it has move to another one.
  std::atomic<bool> retired{false};
  // Client::Serve is for one thread at a time.
  std::mutex serving;
  // What is read by it: librdkafka has each partition of a topic once for each client. Guarded by the pool.
  std::set<std::pair<std::string, int32_t>> taken;
};

// One partition of a topic, as a shared client brings it, in a queue of its own. One thread at a time.
class Feed {
 public:
  struct Free {
    void operator()(rd_kafka_message_t* message) const { rd_kafka_message_destroy(message); }
  };
  // Holds the whole answer in which it came, other partitions' records too: not to be kept for long.
  using Message = std::unique_ptr<rd_kafka_message_t, Free>;

  Feed(std::shared_ptr<SharedClient> shared, std::string topic, int32_t partition, std::shared_ptr<WakeUp> wake);
  ~Feed() { Stop(); }
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  // Fetches from this offset on, and nothing else any more.
  absl::Status Start(int64_t from);
  // Waits for the client's main thread, for no broker.
  void Stop();
  // What has been fetched; null if that is nothing. After Start.
  Message Next();
  Ahead ahead() const { return shared_->ahead; }
  bool retired() const { return shared_->retired; }
  // No broker can be reached by this client, for long.
  bool IsLost() const { return shared_->client->IsLost(); }
  void Reached() { shared_->client->Reached(); }

 private:
  friend class ReaderClients;

  const std::shared_ptr<SharedClient> shared_;
  const std::string topic_name_;
  const int32_t partition_;
  // Outlives the queue that calls it.
  const std::shared_ptr<WakeUp> wake_;
  rd_kafka_topic_t* const topic_;
  rd_kafka_queue_t* queue_ = nullptr;
};

// The consumer clients of a process: one for as many partitions as there are, and another only for a partition that
// somebody reads already. Any thread.
class ReaderClients {
 public:
  struct Options {
    Settings near;
    Settings far;
    // So many feeds may be far ahead at once: that bounds what is fetched and not read.
    size_t far_max = 0;
    // Brokers that a new client begins with.
    std::function<std::string()> begin_with;
  };

  // After all feeds have been given back, and after `background` has ended, it may go.
  ReaderClients(Options options, Background* background) : options_(std::move(options)), background_(background) {}

  // A place on a client. `wake` is called by librdkafka's threads when there is something new. RESOURCE_EXHAUSTED for
  // kFar while too many have one.
  absl::StatusOr<std::unique_ptr<Feed>> Take(const std::string& topic, int32_t partition, Ahead ahead,
                                             std::shared_ptr<WakeUp> wake);
  // Stops it in the background. Nobody gets its place before that; a client that nobody uses any more goes.
  void GiveBack(std::unique_ptr<Feed> feed);
  // The partition's tail, joined by `reader` at this offset; null if the one that there is does not hold what comes
  // from there. `makes`: one if there is none.
  std::shared_ptr<Tail> JoinTail(const std::string& topic, int32_t partition, bool makes, const void* reader,
                                 int64_t from, std::shared_ptr<WakeUp> wake);
  // Its client is of no use any more: whoever reads by it gets another.
  void Retire(const Feed& feed) { feed.shared_->retired = true; }
  void RetireAll();

 private:
  absl::StatusOr<std::shared_ptr<SharedClient>> ClientFor(const std::pair<std::string, int32_t>& place, Ahead ahead);
  void Vacate(const Feed& feed);

  const Options options_;
  Background* const background_;
  std::mutex mutex_;
  // The eldest first, so that few are in use.
  std::list<std::shared_ptr<SharedClient>> clients_;
  size_t far_ = 0;
  // Taken before any other.
  std::mutex tails_mutex_;
  std::map<std::pair<std::string, int32_t>, std::weak_ptr<Tail>> tails_;
};

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_READER_CLIENTS_H_
