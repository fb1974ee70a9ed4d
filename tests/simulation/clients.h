#ifndef MYNUMBER_TESTS_SIMULATION_CLIENTS_H_
#define MYNUMBER_TESTS_SIMULATION_CLIENTS_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/eventsourcing/request.h"
#include "tests/simulation/findings.h"
#include "tests/simulation/instance.h"
#include "tests/simulation/traced_issuance.h"

namespace mynumber::simulation {

// What a caller was told.
struct Answer {
  enum class Kind { kAccepted, kAlready, kRefused, kRead };
  Kind kind = Kind::kRefused;
  // The resident's, as the answer shows it: digest of the whole state of this version.
  uint64_t version = 0;
  uint64_t digest = 0;
  // kAccepted: of the command's last event.
  eventsourcing::Position position;
  bool is_repeated = false;
  absl::Status status;
  // Sequence of the batch that proved it.
  uint64_t proven_by = 0;
};

struct Attempt {
  // Of the instance it was sent to.
  int instance = 0;
  uint64_t incarnation = 0;
  int64_t sent_step = 0;
  // The newest version of the resident that anybody had been told of by then: the answer may not be older.
  uint64_t floor_version = 0;
  // Somebody had been told by then that the request was accepted.
  bool after_acceptance = false;
  bool is_finished = false;
  std::shared_ptr<Decision> decision = std::make_shared<Decision>();
  std::optional<Answer> prepared;
};

// One request of one caller, sent until it is answered, always under the same id.
struct Call {
  uint64_t id = 0;
  uint64_t resident = 0;
  eventsourcing::SubjectId subject;
  uint32_t partition = 0;
  // None: a current read.
  std::optional<issuance::Command> command;
  std::shared_ptr<eventsourcing::Origin> origin;
  eventsourcing::Bytes16 request_id{};
  eventsourcing::Bytes16 request_hash{};
  // Another call's accepted id with another payload: must be refused by name.
  bool reuses_id = false;
  std::vector<std::shared_ptr<Attempt>> attempts;
  std::vector<Answer> answers;
  bool is_accepted = false;
  // Sent once more after the answer, as by a caller whose reply was lost.
  bool repeats = false;
  int64_t next_try_step = 0;

  bool is_settled() const { return !answers.empty() && !repeats; }
};

struct ClientOptions {
  Bug bug = Bug::kNone;
  uint64_t residents = 8;
  uint32_t partitions = 1;
  size_t calls = 60;
  size_t unsettled_max = 10;
  int64_t patience_steps = 120;
};

// All callers of a run. They check what they are told against what they were told before (P2, P3); the rest is checked
// against the log at the end.
class Clients {
 public:
  // `instances`, `dice`, `findings` and `fired` outlive it.
  Clients(const ClientOptions& options, std::vector<std::unique_ptr<Instance>>* instances, Dice* dice,
          Findings* findings, FaultCounts* fired);

  // New calls, and what is to be sent again. `now_micros`: the callers' clock.
  void Tick(int64_t step, int64_t now_micros);
  // From now on no new calls.
  void Finish() { options_.calls = calls_.size(); }
  bool AllSettled() const;
  // A current read that nobody waits for; sent to one instance.
  void Probe(Instance* instance, uint32_t partition, int64_t step);
  // Every attempt on an instance that lives must have been finished.
  void CheckFinished(int64_t step);

  const std::vector<std::unique_ptr<Call>>& calls() const { return calls_; }
  uint64_t answered() const { return answered_; }

 private:
  void NewCall();
  void NewHousehold();
  void NewReuse();
  Call* Add(uint64_t resident);
  void Send(Call* call, int64_t now_micros);
  void AnswerAtOnce(Call* call, const std::shared_ptr<Attempt>& attempt, Instance* instance);
  Instance* Choose(uint32_t partition);
  void Finished(Call* call, Attempt* attempt, Instance* instance, const absl::Status& status);
  void Judge(Call* call, const Attempt& attempt, const Answer& answer);
  void JudgeAccepted(Call* call, const Answer& answer);
  std::optional<Answer> Read(const Call& call, Instance* instance);
  std::string Name(const Call& call) const;

  ClientOptions options_;
  std::vector<std::unique_ptr<Instance>>* instances_;
  Dice* dice_;
  Findings* findings_;
  FaultCounts* fired_;
  int64_t step_ = 0;
  uint64_t id_start_;
  uint64_t answered_ = 0;
  std::vector<std::unique_ptr<Call>> calls_;
  // Newest version told, for each resident.
  std::vector<uint64_t> floor_;
};

// The request was accepted, and what it was told went with the resident.
bool IsErased(const Answer& answer);
uint64_t DigestOf(const TracedIssuance::State& state);
eventsourcing::SubjectId SubjectOf(uint64_t resident);

}  // namespace mynumber::simulation

#endif  // MYNUMBER_TESTS_SIMULATION_CLIENTS_H_
