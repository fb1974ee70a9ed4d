#ifndef MYNUMBER_LIBS_KAFKA_LOG_WRITER_H_
#define MYNUMBER_LIBS_KAFKA_LOG_WRITER_H_

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "libs/eventsourcing/log.h"
#include "libs/kafka_log/background.h"
#include "libs/kafka_log/client.h"
#include "libs/kafka_log/place.h"

namespace mynumber::kafka_log {

// Makes an idempotent producer that is ready to send to `place`: connected, leaders known. Blocks.
using MakeProducer =
    std::function<absl::StatusOr<std::unique_ptr<Client>>(const Place& place, std::shared_ptr<WakeUp> wake)>;

// What a delivery report says of a record.
eventsourcing::AppendResult ResultOf(const rd_kafka_message_t& message);

// The writers of a partition, one after the other: each has a producer of its own, and sends one record at a time, its
// key block first. One thread at a time; nothing here blocks.
class Writer {
 public:
  Writer(Place place, std::shared_ptr<WakeUp> wake, Background* background, MakeProducer make);
  ~Writer() { Discard(); }

  // Throws the producer away and has a fresh one made.
  void Renew();
  void Append(eventsourcing::AppendRequest request);
  std::optional<eventsourcing::AppendResult> Poll();
  // Lets an idle producer say what it has to say of itself; else that piles up.
  void ServeIdle() {
    if (client_ && !flight_) client_->Serve();
  }

 private:
  // Filled in the background.
  struct Making {
    std::mutex mutex;
    std::optional<absl::StatusOr<std::shared_ptr<Client>>> done;
  };
  // Holds what librdkafka sends from; outlives the client.
  struct Flight {
    eventsourcing::AppendRequest request;
    std::string key;
    bool keys_written = false;
    bool is_sent = false;
  };

  void Discard();
  void TakeMade();
  // Sends what is due: the key block, then the record.
  void Send();
  void SendKeys();
  void SendRecord();
  void Delivered(const rd_kafka_message_t& message);
  void Finish(eventsourcing::AppendResult result);

  const Place place_;
  std::shared_ptr<WakeUp> wake_;
  Background* background_;
  MakeProducer make_;
  std::shared_ptr<Making> making_;
  std::shared_ptr<Client> client_;
  std::shared_ptr<Flight> flight_;
  KeyBlockAddress keys_address_;
  std::optional<eventsourcing::AppendResult> result_;
  // Why the present writer cannot send.
  absl::Status broken_;
};

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_WRITER_H_
