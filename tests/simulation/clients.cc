#include "tests/simulation/clients.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/eventsourcing/state_reader.h"

namespace mynumber::simulation {
namespace {

using eventsourcing::Bytes16;

Bytes16 BytesOf(uint64_t high, uint64_t low) {
  Bytes16 bytes;
  std::memcpy(bytes.data(), &high, 8);
  std::memcpy(bytes.data() + 8, &low, 8);
  return bytes;
}

bool IsSafeToSendAgain(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status) || absl::IsDeadlineExceeded(status);
}

const char* KindName(Answer::Kind kind) {
  switch (kind) {
    case Answer::Kind::kAccepted:
      return "accepted";
    case Answer::Kind::kAlready:
      return "already so";
    case Answer::Kind::kRefused:
      return "refused";
    case Answer::Kind::kRead:
      return "read";
  }
  return "";
}

}  // namespace

bool IsErased(const Answer& answer) {
  return absl::IsNotFound(answer.status) && answer.status.message() == eventsourcing::kAnswerErased;
}

uint64_t DigestOf(const TracedIssuance::State& state) { return Mix(state.SerializeAsString()); }

eventsourcing::SubjectId SubjectOf(uint64_t resident) {
  const std::string hash = PlainChain("subject", std::to_string(resident));
  return eventsourcing::SubjectId::FromBytes(hash.substr(0, 16));
}

Clients::Clients(const ClientOptions& options, std::vector<std::unique_ptr<Instance>>* instances, Dice* dice,
                 Findings* findings, FaultCounts* fired)
    : options_(options),
      instances_(instances),
      dice_(dice),
      findings_(findings),
      fired_(fired),
      id_start_(dice->Next()),
      floor_(options.residents, 0) {}

std::string Clients::Name(const Call& call) const {
  return absl::StrCat("call ", call.id, " (", call.command ? call.origin->method : "read", " of resident ",
                      call.resident, ")");
}

Call* Clients::Add(uint64_t resident) {
  auto call = std::make_unique<Call>();
  call->id = calls_.size();
  call->resident = resident;
  call->subject = SubjectOf(resident);
  call->partition = call->subject.PartitionOf(options_.partitions);
  call->request_id = BytesOf(id_start_, call->id);
  call->request_hash = BytesOf(call->id, 7);
  call->origin = std::make_shared<eventsourcing::Origin>();
  call->origin->caller = "municipality/131016";
  call->origin->clerk_id = "clerk-1";
  calls_.push_back(std::move(call));
  return calls_.back().get();
}

void Clients::NewCall() {
  Call* call = Add(dice_->Below(options_.residents));
  if (dice_->Chance(0.2)) return;
  call->command = RandomCommand(call->resident, dice_, &call->origin->method);
}

// Several residents under one request id, as a household moves.
void Clients::NewHousehold() {
  const uint64_t first = dice_->Below(options_.residents);
  const uint64_t size = 2 + dice_->Below(2);
  const Call* head = nullptr;
  for (uint64_t i = 0; i < size; ++i) {
    Call* call = Add((first + i) % options_.residents);
    do {
      call->command = RandomCommand(call->resident, dice_, &call->origin->method);
    } while (call->origin->method != "RecordMove");
    call->origin->shares_request = true;
    if (head == nullptr) head = call;
    call->request_id = head->request_id;
    call->request_hash = head->request_hash;
  }
}

// Takes an id that was accepted for something else.
void Clients::NewReuse() {
  const Call& other = *calls_[dice_->Below(calls_.size())];
  if (!other.is_accepted || other.reuses_id) return;
  Call* call = Add(other.resident);
  call->command = other.command;
  call->origin = other.origin;
  call->request_id = other.request_id;
  call->reuses_id = true;
}

bool Clients::AllSettled() const {
  return std::all_of(calls_.begin(), calls_.end(), [](const auto& call) { return call->is_settled(); });
}

void Clients::Tick(int64_t step, int64_t now_micros) {
  step_ = step;
  const auto unsettled = static_cast<size_t>(
      std::count_if(calls_.begin(), calls_.end(), [](const auto& call) { return !call->is_settled(); }));
  if (calls_.size() < options_.calls && unsettled < options_.unsettled_max && dice_->Chance(0.25)) {
    const uint64_t kind = dice_->Below(20);
    if (kind == 0) {
      NewHousehold();
    } else if (kind == 1 && !calls_.empty()) {
      NewReuse();
    } else {
      NewCall();
    }
  }
  for (size_t i = 0; i < calls_.size(); ++i) {
    Call* call = calls_[i].get();
    if (call->is_settled()) continue;
    if (call->next_try_step <= step) {
      Send(call, now_micros);
    } else if (dice_->Chance(0.002)) {
      ++(*fired_)["sent twice at once"];
      Send(call, now_micros);
    }
  }
}

Instance* Clients::Choose(uint32_t partition) {
  std::vector<Instance*> running, serving;
  for (const auto& instance : *instances_) {
    if (!instance->runs()) continue;
    running.push_back(instance.get());
    if (instance->partition(partition)->ownership().serving_soon()) serving.push_back(instance.get());
  }
  if (!serving.empty() && dice_->Chance(0.8)) return serving[dice_->Below(serving.size())];
  return running.empty() ? nullptr : running[dice_->Below(running.size())];
}

void Clients::Send(Call* call, int64_t now_micros) {
  Instance* instance = Choose(call->partition);
  call->next_try_step = step_ + options_.patience_steps;
  if (instance == nullptr) return;
  if (!call->attempts.empty()) ++(*fired_)["sent again"];
  auto attempt = std::make_shared<Attempt>();
  attempt->instance = instance->number();
  attempt->incarnation = instance->incarnation();
  attempt->sent_step = step_;
  attempt->floor_version = floor_[call->resident];
  attempt->after_acceptance = call->is_accepted;
  call->attempts.push_back(attempt);
  findings_->Note(step_, absl::StrCat(Name(*call), " to ", instance->number()));
  eventsourcing::Request<TracedIssuance> request;
  request.subject = call->subject;
  if (call->command) request.command = TracedIssuance::Command{*call->command, attempt->decision};
  request.origin = call->origin;
  request.request_id = call->request_id;
  request.request_hash = call->request_hash;
  if (dice_->Chance(0.05)) request.deadline_micros = now_micros + dice_->Between(1'000, 200'000);
  request.prepare = [attempt](const eventsourcing::Prepared<TracedIssuance::State>& prepared) {
    Answer answer;
    answer.kind = prepared.already ? Answer::Kind::kAlready : Answer::Kind::kAccepted;
    answer.version = prepared.state.version();
    answer.digest = DigestOf(prepared.state);
    answer.position = prepared.position;
    answer.is_repeated = prepared.repeated;
    attempt->prepared = answer;
  };
  request.finish = [this, call, attempt, instance](const absl::Status& status) {
    Finished(call, attempt.get(), instance, status);
  };
  if (options_.bug == Bug::kAnswerAtOnce) AnswerAtOnce(call, attempt, instance);
  if (!attempt->is_finished) instance->partition(call->partition)->Offer(std::move(request));
}

// The planted bug.
void Clients::AnswerAtOnce(Call* call, const std::shared_ptr<Attempt>& attempt, Instance* instance) {
  if (call->command) {
    attempt->decision->refused = [this, call, attempt, instance] {
      if (!attempt->is_finished) Finished(call, attempt.get(), instance, attempt->decision->status);
    };
  } else if (instance->partition(call->partition)->ownership().serving()) {
    Finished(call, attempt.get(), instance, absl::OkStatus());
  }
}

std::optional<Answer> Clients::Read(const Call& call, Instance* instance) {
  TracedIssuance::State state;
  auto found = eventsourcing::ReadState(*instance->rows(call.partition), call.subject, instance->vault(call.partition),
                                        &state);
  if (absl::IsUnavailable(found.status())) return std::nullopt;
  if (!found.ok()) findings_->Violation(step_, absl::StrCat("P4: a state row: ", Say(found.status())));
  Answer answer;
  answer.kind = Answer::Kind::kRead;
  answer.version = state.version();
  answer.digest = DigestOf(state);
  return answer;
}

void Clients::Finished(Call* call, Attempt* attempt, Instance* instance, const absl::Status& status) {
  if (attempt->is_finished) {
    if (options_.bug != Bug::kAnswerAtOnce) findings_->Violation(step_, Name(*call) + " was finished twice");
    return;
  }
  attempt->is_finished = true;
  if (instance->dying()) return;
  if (IsSafeToSendAgain(status)) {
    findings_->Note(step_, absl::StrCat(Name(*call), " not now: ", Say(status)));
    ++(*fired_)[absl::StrCat("told ", absl::StatusCodeToString(status.code()))];
    call->next_try_step = std::min(call->next_try_step, step_ + dice_->Between(1, 20));
    return;
  }
  std::optional<Answer> answer;
  if (!status.ok()) {
    answer.emplace();
    answer->version = attempt->decision->version;
    answer->status = status;
  } else if (call->command) {
    answer = attempt->prepared;
  } else {
    answer = Read(*call, instance);
  }
  if (!answer) return;
  answer->proven_by = instance->partition(call->partition)->head().sequence();
  Judge(call, *attempt, *answer);
}

void Clients::Judge(Call* call, const Attempt& attempt, const Answer& answer) {
  findings_->Note(step_, absl::StrCat(Name(*call), " by ", attempt.instance, ": ", KindName(answer.kind), " version ",
                                      answer.version, " at ", eventsourcing::FormatPosition(answer.position), " ",
                                      answer.digest, Say(answer.status)));
  ++answered_;
  const bool is_reuse_refused =
      absl::IsAlreadyExists(answer.status) && answer.status.message() == eventsourcing::kRequestIdReused;
  ++(*fired_)[absl::StrCat("answer ", KindName(answer.kind), answer.is_repeated ? ", repeated" : "",
                           is_reuse_refused ? " for a reused id" : "")];
  if (is_reuse_refused != call->reuses_id) {
    const char* what = call->reuses_id ? " took another request's id and was not refused for it"
                                       : " was refused for an id that is its own";
    findings_->Violation(step_, "P3: " + Name(*call) + what);
  } else if (IsErased(answer)) {
    // That it had been accepted is held against the log at the end.
    ++(*fired_)["answer erased"];
  } else if (absl::IsDataLoss(answer.status) || absl::IsInternal(answer.status) || absl::IsUnknown(answer.status)) {
    findings_->Violation(step_, absl::StrCat(Name(*call), " was told ", Say(answer.status)));
  } else if (answer.kind == Answer::Kind::kAccepted) {
    JudgeAccepted(call, answer);
    // A look's event is the access record's, and the resident's version stays.
    const uint64_t own_events = call->origin->method == "DiscloseNumber" ? 0 : 1;
    if (!answer.is_repeated && answer.version < attempt.floor_version + own_events) {
      findings_->Violation(step_, "P2: " + Name(*call) + " was accepted on an old version");
    }
  } else if (attempt.after_acceptance && !call->reuses_id) {
    findings_->Violation(step_, "P3: " + Name(*call) + " was accepted, and now it is not");
  } else if (!call->reuses_id && answer.version < attempt.floor_version) {
    findings_->Violation(step_, absl::StrCat("P2: ", Name(*call), " ", KindName(answer.kind), " on version ",
                                             answer.version, ", but version ", attempt.floor_version,
                                             " had been told before it was sent"));
  }
  if (answer.status.ok()) floor_[call->resident] = std::max(floor_[call->resident], answer.version);
  if (call->answers.empty()) {
    call->repeats = !call->reuses_id && dice_->Chance(0.3);
    call->next_try_step = step_ + dice_->Between(1, 150);
  } else {
    call->repeats = false;
  }
  call->answers.push_back(answer);
}

void Clients::JudgeAccepted(Call* call, const Answer& answer) {
  call->is_accepted = true;
  for (const Answer& earlier : call->answers) {
    if (earlier.kind != Answer::Kind::kAccepted) continue;
    const bool same = earlier.position.sequence == answer.position.sequence &&
                      earlier.position.index == answer.position.index &&
                      (call->origin->method == "RegisterResident" || earlier.digest == answer.digest);
    if (!same) findings_->Violation(step_, "P3: " + Name(*call) + " was given two different answers");
  }
}

void Clients::Probe(Instance* instance, uint32_t partition, int64_t step) {
  step_ = step;
  eventsourcing::Request<TracedIssuance> request;
  request.prepare = [](const auto&) {};
  request.finish = [](const absl::Status&) {};
  instance->partition(partition)->Offer(std::move(request));
}

void Clients::CheckFinished(int64_t step) {
  for (const auto& call : calls_) {
    for (const auto& attempt : call->attempts) {
      const Instance& instance = *(*instances_)[static_cast<size_t>(attempt->instance)];
      if (attempt->is_finished || !instance.runs() || instance.incarnation() != attempt->incarnation) continue;
      findings_->Violation(step, Name(*call) + " was never finished by " + std::to_string(attempt->instance));
    }
  }
}

}  // namespace mynumber::simulation
