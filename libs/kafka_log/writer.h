#ifndef MYNUMBER_LIBS_KAFKA_LOG_WRITER_H_
#define MYNUMBER_LIBS_KAFKA_LOG_WRITER_H_

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "libs/eventsourcing/log.h"
#include "libs/kafka_log/broker_views.h"
#include "libs/kafka_log/background.h"
#include "libs/kafka_log/client.h"
#include "libs/kafka_log/log_clock.h"
#include "libs/kafka_log/place.h"

namespace mynumber::kafka_log {

struct MadeProducer {
  std::shared_ptr<Client> client;
  // As the producer was told.
  Leaders leaders;
};

// Whence a writer has its producers. Both block; any thread.
struct Producers {
  // An idempotent producer that is ready to send to `place`: connected, leaders known; begun with brokers that name
  // others than `stuck`, if there are (see BrokerViews).
  std::function<absl::StatusOr<MadeProducer>(const Place& place, const std::shared_ptr<WakeUp>& wake, Leaders stuck)>
      make;
  // Whether the brokers name others by now.
  std::function<bool(const Place& place, Leaders in_use)> have_moved;
};

// What a delivery report says of a record.
eventsourcing::AppendResult ResultOf(const rd_kafka_message_t& message);

// The writers of a partition, one after the other: each has a producer of its own, and sends one record at a time, its
// key block first. One thread at a time; nothing here blocks.
class Writer {
 public:
  // `observe_flight` gets the micros from the sending of each acknowledged record, or of its keys; may be empty.
  Writer(Place place, std::shared_ptr<WakeUp> wake, Background* background, Producers producers,
         std::function<void(int64_t micros)> observe_flight);
  ~Writer() { Discard(); }

  // Throws the producer away and has a fresh one made.
  void Renew();
  // Throws the producer away: nothing is written before the next Renew.
  void Discard();
  void Append(eventsourcing::AppendRequest request);
  std::optional<eventsourcing::AppendResult> Poll();
  // The time as brokers told it with the last acknowledgement.
  eventsourcing::LogTime Time() const { return clock_.At(SteadyMicros()); }
  // Lets an idle producer say what it has to say of itself, else that piles up; one that has lost all its brokers is
  // replaced before somebody needs it.
  void ServeIdle();

 private:
  // Filled in the background.
  struct Making {
    std::mutex mutex;
    std::optional<absl::StatusOr<MadeProducer>> done;
  };
  enum class Leading { kPending, kStill, kMoved };
  // Holds what librdkafka sends from; outlives the client.
  struct Flight {
    eventsourcing::AppendRequest request;
    std::string key;
    bool keys_written = false;
    bool is_sent = false;
    // Steady; of the first thing sent, and of the record.
    int64_t start_micros = 0;
    int64_t record_micros = 0;
    // Whether the leader that has it leads still, as is being asked; and when that was told last (steady).
    std::shared_ptr<std::atomic<Leading>> asked;
    int64_t told_micros = 0;
  };

  void DropClient();
  void Make();
  void TakeMade();
  // Sends what is due: the key block, then the record.
  void Send();
  void SendKeys();
  void SendRecord();
  // Gives up what lies at a leader that leads no more, and would only time out there.
  void Watch();
  void Delivered(const rd_kafka_message_t& message);
  void NoteLeader(const rd_kafka_message_t& message, int32_t Leaders::*of);
  // What the acknowledgement of the record tells besides its offset.
  void Observe(const rd_kafka_message_t& message);
  void Finish(eventsourcing::AppendResult result);

  const Place place_;
  std::shared_ptr<WakeUp> wake_;
  Background* background_;
  const Producers producers_;
  const std::function<void(int64_t)> observe_flight_;
  LogClock clock_;
  std::shared_ptr<Making> making_;
  std::shared_ptr<Client> client_;
  // Of the present producer, as it was told or acknowledged last; and who acknowledged nothing since.
  Leaders leaders_;
  Leaders stuck_;
  std::shared_ptr<Flight> flight_;
  KeyBlockAddress keys_address_;
  std::optional<eventsourcing::AppendResult> result_;
  // Why the present writer cannot send.
  absl::Status broken_;
};

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_WRITER_H_
