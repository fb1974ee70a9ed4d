#ifndef MYNUMBER_LIBS_KAFKA_LOG_RIVAL_PROCESS_H_
#define MYNUMBER_LIBS_KAFKA_LOG_RIVAL_PROCESS_H_

#include <string>

#include "libs/kafka_log/child_process.h"
#include "libs/kafka_log/rival.h"

namespace mynumber::kafka_log {

// A rival in a process of its own (rival_main), which goes with this object.
class RivalProcess {
 public:
  RivalProcess(const std::string& name, const KafkaLogOptions& options);

  void Own() { process_.Send("own"); }
  // Offered again and again until it is answered.
  void Offer(const std::string& word) { process_.Send("word " + word); }
  void Ask(size_t seen) { process_.Send("ask " + std::to_string(seen)); }
  void BringKeys(bool bring) { process_.Send(bring ? "keys 1" : "keys 0"); }
  void Stop() { process_.Stop(); }
  void Wake() { process_.Wake(); }
  // Takes in what it has said.
  void Listen() {
    process_.Listen([this](const std::string& line) { Hear(line); });
  }

  // As it said last.
  eventsourcing::Ownership::Phase phase() const { return phase_; }
  const Told& told() const { return told_; }
  const eventsourcing::OwnershipCounts& counts() const { return counts_; }

 private:
  void Hear(const std::string& line);

  ChildProcess process_;
  eventsourcing::Ownership::Phase phase_ = eventsourcing::Ownership::Phase::kReading;
  Told told_;
  eventsourcing::OwnershipCounts counts_;
};

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_RIVAL_PROCESS_H_
