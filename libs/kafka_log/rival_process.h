#ifndef MYNUMBER_LIBS_KAFKA_LOG_RIVAL_PROCESS_H_
#define MYNUMBER_LIBS_KAFKA_LOG_RIVAL_PROCESS_H_

#include <sys/types.h>

#include <string>

#include "libs/kafka_log/rival.h"

namespace mynumber::kafka_log {

// A rival in a process of its own (rival_main), which goes with this object.
class RivalProcess {
 public:
  RivalProcess(const std::string& name, const KafkaLogOptions& options);
  ~RivalProcess();
  RivalProcess(const RivalProcess&) = delete;
  RivalProcess& operator=(const RivalProcess&) = delete;

  void Own() { Send("own"); }
  // Offered again and again until it is answered.
  void Offer(const std::string& word) { Send("word " + word); }
  void Ask(size_t seen) { Send("ask " + std::to_string(seen)); }
  void BringKeys(bool bring) { Send(bring ? "keys 1" : "keys 0"); }
  // SIGSTOP; it has stopped when this returns. What is sent meanwhile waits for it.
  void Stop();
  // SIGCONT.
  void Wake();
  // Takes in what it has said.
  void Listen();

  // As it said last.
  eventsourcing::Ownership::Phase phase() const { return phase_; }
  const Told& told() const { return told_; }
  const eventsourcing::OwnershipCounts& counts() const { return counts_; }

 private:
  void Send(const std::string& line);
  void Hear(const std::string& line);

  pid_t pid_ = -1;
  int to_ = -1;
  int from_ = -1;
  std::string heard_;
  eventsourcing::Ownership::Phase phase_ = eventsourcing::Ownership::Phase::kReading;
  Told told_;
  eventsourcing::OwnershipCounts counts_;
};

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_RIVAL_PROCESS_H_
