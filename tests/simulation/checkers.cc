#include "tests/simulation/checkers.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "libs/eventsourcing/state_reader.h"
#include "libs/operations/verify.h"
#include "tests/simulation/plain_vault.h"

namespace mynumber::simulation {
namespace {

using eventsourcing::Head;
using eventsourcing::kHeadKey;
using eventsourcing::Position;
using eventsourcing::Verdict;

// No faults while a checker reads.
class Quiet {
 public:
  explicit Quiet(SimulatedLog* log) : log_(log), faults_(log->faults) { log_->faults = {}; }
  ~Quiet() { log_->faults = faults_; }

 private:
  SimulatedLog* log_;
  LogFaults faults_;
};

Head HeadOf(const SimulatedRows& rows) {
  Head head = eventsourcing::EmptyHead();
  std::string value;
  auto found = rows.Get(kHeadKey, &value);
  if (found.ok() && *found) head.ParseFromString(value);
  return head;
}

operations::VerifyInput<TracedIssuance> InputOf(const TracedIssuance* service, uint32_t partition,
                                                eventsourcing::PartitionLog* reader, SimulatedRows* scratch,
                                                eventsourcing::Vault* vault) {
  operations::VerifyInput<TracedIssuance> input;
  input.service = service;
  input.partition = partition;
  input.log = reader;
  input.scratch = scratch;
  input.vault = vault;
  input.chain = PlainChain;
  input.progress = [](uint64_t, eventsourcing::Offset, eventsourcing::Offset) { return true; };
  input.inspect = [](const TracedIssuance::State&) {};
  return input;
}

void TakeCommands(const eventlog::v1::Batch& batch, uint32_t partition, Truth* truth) {
  uint32_t index = 0;
  for (const auto& command : batch.commands()) {
    if (command.events().empty()) continue;
    index += static_cast<uint32_t>(command.events_size());
    const std::string& subject = command.subject().empty() ? command.events(0).subject() : command.subject();
    truth->accepted[{command.request_id(), subject}].push_back(
        Position{partition, batch.sequence(), index - 1});
  }
}

}  // namespace

Head FoldHead(const std::vector<std::string>& records) {
  Head head = eventsourcing::EmptyHead();
  for (size_t offset = 0; offset < records.size(); ++offset) {
    eventlog::v1::Record record;
    if (!record.ParseFromString(records[offset])) continue;
    const Verdict verdict = eventsourcing::Judge(head, record);
    if (verdict != Verdict::kClaim && verdict != Verdict::kValid) continue;
    head = eventsourcing::Advance(head, record, records[offset], static_cast<int64_t>(offset), PlainChain);
  }
  return head;
}

Truth FoldFromScratch(SimulatedLog* log, uint32_t partition, uint32_t projection_version,
                      const TracedIssuance& service, eventsourcing::Vault* vault, int64_t step, Findings* findings) {
  Quiet quiet(log);
  Truth truth;
  truth.head = eventsourcing::EmptyHead();
  truth.head.set_projection_version(projection_version);
  int64_t time_micros = 0;
  for (size_t offset = 0; offset < log->records().size(); ++offset) {
    const std::string& bytes = log->records()[offset];
    eventlog::v1::Record record;
    const Verdict verdict = eventsourcing::Judge(truth.head, bytes, &record);
    if (verdict == Verdict::kAlarm) findings->Violation(step, absl::StrCat("the chain breaks at offset ", offset));
    if (verdict == Verdict::kVoid) ++truth.void_records;
    if (verdict != Verdict::kClaim && verdict != Verdict::kValid) continue;
    if (verdict == Verdict::kValid) {
      TakeCommands(record.batch(), partition, &truth);
      if (record.batch().time_micros() < time_micros) findings->Violation(step, "partition time runs backwards");
      time_micros = record.batch().time_micros();
    }
    truth.head = eventsourcing::Advance(truth.head, record, bytes, static_cast<int64_t>(offset), PlainChain);
  }
  TracedIssuance traced = service;
  traced.projected = [&truth](const TracedIssuance::State& after, const eventsourcing::EventMeta& meta) {
    truth.states[{std::string(meta.subject.view()), meta.version}] = {DigestOf(after), after.individual_number()};
  };
  auto reader = log->Handle();
  operations::VerifyResult result;
  const absl::Status status = operations::FoldAfresh(
      InputOf(&traced, partition, reader.get(), &truth.rows, vault), truth.head, &result);
  if (!status.ok()) findings->Violation(step, absl::StrCat("P4: the log cannot be folded: ", Say(status)));
  return truth;
}

void CheckRows(Instance* instance, uint32_t partition, SimulatedLog* log, const TracedIssuance& service, int64_t step,
               Findings* findings) {
  Quiet quiet(log);
  SimulatedRows* live = instance->rows(partition);
  if (live->unreadable) return;
  SimulatedRows scratch;
  PlainVault vault(1);
  vault.newest_master = 2;
  auto reader = log->Handle();
  auto input = InputOf(&service, partition, reader.get(), &scratch, &vault);
  input.live = live;
  operations::VerifyResult result;
  const absl::Status status = operations::VerifyPartition(input, &result);
  const bool serves = instance->partition(partition)->ownership().phase() == eventsourcing::Ownership::Phase::kServing;
  // Keys may be destroyed that an owner knows who was replaced without hearing of it.
  if (absl::IsUnavailable(status)) return;
  if (status.ok() ? result.head_differs : true) {
    if (serves) {
      findings->Violation(step, absl::StrCat("P4: instance ", instance->number(),
                                             " serves from a head that the log does not have: ", Say(status)));
    }
    return;
  }
  if (result.rows.differ > 0) {
    findings->Violation(step, absl::StrCat("P4: ", result.rows.differ, " rows of instance ", instance->number(),
                                           " differ from the fold, the first: ", result.rows.first.front()));
  }
}

void CheckRowsAtEnd(Instance* instance, uint32_t partition, const Truth& truth, int64_t step, Findings* findings) {
  const SimulatedRows& live = *instance->rows(partition);
  const std::string who = absl::StrCat("P4: instance ", instance->number(), " partition ", partition);
  if (!eventsourcing::SameHistory(HeadOf(live), truth.head)) {
    return findings->Violation(step, absl::StrCat(who, " has another head than the log: ",
                                                  HeadOf(live).ShortDebugString(), " | ",
                                                  truth.head.ShortDebugString()));
  }
  PlainVault vault(1);
  vault.newest_master = 2;
  operations::RowComparison rows;
  const absl::Status status = operations::CompareRows(live, truth.rows, &vault, &rows);
  if (!status.ok() || rows.differ > 0) {
    return findings->Violation(step, absl::StrCat(who, ": rows that differ: ", rows.differ, Say(status)));
  }
  // CompareRows allows for receipts that were dropped; none is dropped here.
  (void)truth.rows.Scan({&eventsourcing::kReceiptTable, 1}, {}, [&](std::string_view key, std::string_view) {
    std::string value;
    const auto found = live.Get(key, &value);
    if (!found.ok() || !*found) findings->Violation(step, who + ": a receipt is missing");
    return true;
  });
}

void CheckNumbers(const std::vector<Truth>& truths, int64_t step, Findings* findings) {
  std::map<std::string, std::string> owners;
  for (const Truth& truth : truths) {
    for (const auto& [key, state] : truth.states) {
      if (state.second.empty()) continue;
      auto [owner, is_new] = owners.emplace(state.second, key.first);
      if (owner->second != key.first) findings->Violation(step, "P1: one number, two residents");
    }
  }
}

void CheckAnswers(const Clients& clients, const std::vector<Truth>& truths, int64_t step, Findings* findings) {
  for (const auto& call : clients.calls()) {
    const Truth& truth = truths[call->partition];
    const std::string subject(call->subject.view());
    const std::string who = absl::StrCat("call ", call->id);
    auto found = truth.accepted.find({std::string(eventsourcing::View(call->request_id)), subject});
    const auto* positions = found == truth.accepted.end() || call->reuses_id ? nullptr : &found->second;
    if (positions != nullptr && positions->size() > 1) {
      findings->Violation(step, absl::StrCat("P3: ", who, " took effect ", positions->size(), " times"));
    }
    for (const Answer& answer : call->answers) {
      const auto erased = eventsourcing::ReadErased(truth.rows, call->subject);
      const bool was_erased = erased.ok() && *erased;
      if (IsErased(answer)) {
        if (positions == nullptr || !was_erased) {
          findings->Violation(step, absl::StrCat("P3: ", who, " was told of an erased answer that it never had"));
        }
        continue;
      }
      if (answer.kind == Answer::Kind::kAccepted) {
        if (positions == nullptr) {
          findings->Violation(step, absl::StrCat("P2: ", who, " was accepted and is not in the fold"));
        } else if (positions->front().sequence != answer.position.sequence ||
                   positions->front().index != answer.position.index) {
          findings->Violation(step, absl::StrCat("P3: ", who, " was told another position than it has"));
        }
      } else if (positions != nullptr && positions->front().sequence < answer.proven_by) {
        findings->Violation(step, absl::StrCat("P3: ", who, " stood in the log and was not recognised"));
      }
      if (!answer.status.ok() || answer.version == 0) continue;
      // What it was, nobody knows any more.
      if (was_erased && answer.version < (*erased)->version()) continue;
      auto state = truth.states.find({subject, answer.version});
      if (state == truth.states.end() || state->second.first != answer.digest) {
        findings->Violation(step, absl::StrCat("P2: ", who, " was shown version ", answer.version,
                                               ", which the log does not have"));
      }
    }
  }
}

}  // namespace mynumber::simulation
