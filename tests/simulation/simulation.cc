#include "tests/simulation/simulation.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/simulation/checkers.h"
#include "tests/simulation/clients.h"
#include "tests/simulation/instance.h"
#include "tests/simulation/plain_vault.h"
#include "tests/simulation/weather.h"

namespace mynumber::simulation {
namespace {

using eventsourcing::Ownership;
using Phase = Ownership::Phase;

constexpr const char* kPhaseNames[] = {"reading",     "claiming", "reading its claim", "serving",
                                       "reading a gap", "waiting",  "stopped"};
std::string Name(Phase phase) { return kPhaseNames[static_cast<int>(phase)]; }

constexpr int kInstances = 3;
constexpr int64_t kStartMicros = 1'795'392'000'000'000;

class World {
 public:
  explicit World(const RunOptions& options);
  RunResult Run();

 private:
  struct Until {
    int64_t step;
    std::function<void()> act;
  };

  InstanceOptions MakeInstanceOptions(Bug bug);
  void Step();
  void StepSomebody();
  void Trouble();
  void DiskTrouble();
  void Pause(Instance* instance);
  void Crash(Instance* instance);
  void Later(int64_t steps, std::function<void()> act) { later_.push_back({step_ + steps, std::move(act)}); }
  void RunLater();
  // What a group coordinator does: somebody who runs is to own each partition.
  void Assign(uint32_t partition);
  void Calm();
  bool StepUntil(int64_t steps, const std::function<bool()>& done);
  bool AllQuiet() const;
  bool AllCaughtUp();
  std::string WhereEverybodyStands();
  void Settle();
  void CheckAll();
  void CheckOne();
  void CountWhatWasMet(Instance* instance);

  Findings findings_;
  FaultCounts happened_;
  Dice dice_;
  Weather weather_;
  TracedIssuance service_ = MakeTracedIssuance();
  uint32_t partitions_;
  int64_t step_ = 0;
  int64_t now_micros_ = kStartMicros;
  std::vector<std::unique_ptr<SimulatedLog>> logs_;
  std::vector<std::unique_ptr<Instance>> instances_;
  std::unique_ptr<Clients> clients_;
  std::vector<Until> later_;
  int64_t rotates_at_step_ = 0;  // or never
  std::vector<int64_t> ownerless_steps_;
};

World::World(const RunOptions& options)
    : findings_(options.verbose),
      dice_(options.seed),
      weather_(WeatherOf(&dice_)),
      partitions_(dice_.Chance(0.3) ? 2 : 1),
      ownerless_steps_(partitions_, 0) {
  std::vector<SimulatedLog*> logs;
  for (uint32_t p = 0; p < partitions_; ++p) {
    logs_.push_back(std::make_unique<SimulatedLog>(dice_.Fork(), &happened_));
    logs_[p]->faults = weather_.log;
    logs.push_back(logs_[p].get());
  }
  const InstanceOptions instance_options = MakeInstanceOptions(options.bug);
  for (int i = 0; i < kInstances; ++i) {
    instances_.push_back(std::make_unique<Instance>(i, logs, &service_, instance_options, &dice_, &happened_));
    instances_[i]->clock_skew_micros = dice_.Between(-5'000'000, 5'000'000);
    instances_[i]->set_death_chance(weather_.death);
    instances_[i]->Start();
  }
  ClientOptions client_options;
  client_options.bug = options.bug;
  client_options.partitions = partitions_;
  client_options.residents = 4 + dice_.Below(6);
  client_options.calls = 30 + dice_.Below(40);
  client_options.unsettled_max = 3 + dice_.Below(15);
  clients_ = std::make_unique<Clients>(client_options, &instances_, &dice_, &findings_, &happened_);
  rotates_at_step_ = dice_.Between(1, 3 * weather_.steps);
}

InstanceOptions World::MakeInstanceOptions(Bug bug) {
  InstanceOptions options;
  options.bug = bug;
  options.partition.batch_commands = 1 + dice_.Below(12);
  options.partition.batch_bytes = 500 + dice_.Below(5000);
  options.partition.waiting_commands = 4 + dice_.Below(20);
  options.partition.fold_events = 1 + dice_.Below(30);
  options.ownership.read_bytes = dice_.Chance(0.5) ? 1 << 20 : 1 + dice_.Below(3000);
  options.ownership.retry_millis = 5;
  options.ownership.look_micros = 100'000;
  options.ownership.retry_max_millis = dice_.Chance(0.5) ? 40 : 1000;
  options.ownership.settings.set_service("issuance");
  options.ownership.settings.set_partition_count(partitions_);
  return options;
}

void World::Step() {
  ++step_;
  now_micros_ += dice_.Between(100, weather_.step_micros);
  for (auto& log : logs_) log->Tick();
  RunLater();
  clients_->Tick(step_, now_micros_);
  for (uint64_t i = 1 + dice_.Below(4); i > 0; --i) StepSomebody();
  for (auto& instance : instances_) {
    if (instance->runs() && instance->dying()) Crash(instance.get());
  }
  for (uint32_t p = 0; p < partitions_; ++p) Assign(p);
}

void World::StepSomebody() {
  Instance* instance = instances_[dice_.Below(kInstances)].get();
  const auto p = static_cast<uint32_t>(dice_.Below(partitions_));
  if (!instance->runs() || instance->paused) return;
  const auto before = instance->partition(p)->ownership().phase();
  instance->Step(p, now_micros_);
  const auto& ownership = instance->partition(p)->ownership();
  if (ownership.phase() != before) {
    ++happened_[Name(before) + " -> " + Name(ownership.phase())];
    findings_.Note(step_, absl::StrCat("instance ", instance->number(), " partition ", p, " is ",
                                       Name(ownership.phase()), ", head ", instance->partition(p)->head().offset(),
                                       " of ", logs_[p]->records().size()));
  }
  if (!ownership.stopped().ok() && !instance->dying()) {
    findings_.Violation(step_, absl::StrCat("instance ", instance->number(), " stopped for good: ",
                                            Say(ownership.stopped())));
  }
}

void World::RunLater() {
  // `act` may add to the list.
  for (size_t i = 0; i < later_.size();) {
    if (later_[i].step > step_) {
      ++i;
      continue;
    }
    std::function<void()> act = std::move(later_[i].act);
    later_.erase(later_.begin() + static_cast<int64_t>(i));
    act();
  }
}

void World::Assign(uint32_t partition) {
  const bool has_owner = std::any_of(instances_.begin(), instances_.end(), [&](const auto& instance) {
    if (!instance->runs() || instance->paused) return false;
    const Phase phase = instance->partition(partition)->ownership().phase();
    return phase != Phase::kReading && phase != Phase::kStopped;
  });
  ownerless_steps_[partition] = has_owner ? 0 : ownerless_steps_[partition] + 1;
  if (ownerless_steps_[partition] < 10) return;
  ownerless_steps_[partition] = 0;
  Instance* instance = instances_[dice_.Below(kInstances)].get();
  if (!instance->runs()) return;
  instance->partition(partition)->Want(true);
}

void World::Trouble() {
  Instance* instance = instances_[dice_.Below(kInstances)].get();
  if (dice_.Chance(weather_.crash) && instance->runs()) {
    ++happened_["crash between steps"];
    Crash(instance);
  }
  if (dice_.Chance(weather_.pause) && instance->runs() && !instance->paused) Pause(instance);
  const auto p = static_cast<uint32_t>(dice_.Below(partitions_));
  if (dice_.Chance(weather_.race)) {
    // The group has changed its mind, or two believe that they own.
    ++happened_["claims race"];
    for (auto& each : instances_) {
      if (each->runs()) each->partition(p)->Want(each.get() == instance || dice_.Chance(0.3));
    }
  }
  if (dice_.Chance(weather_.truncate) && logs_[p]->Truncate()) {
    findings_.Note(step_, absl::StrCat("log ", p, " is truncated to ", logs_[p]->records().size()));
  }
  if (dice_.Chance(weather_.log_full) && !logs_[p]->full) {
    logs_[p]->full = true;
    Later(dice_.Between(5, 120), [this, p] { logs_[p]->full = false; });
  }
  DiskTrouble();
  if (dice_.Chance(0.01)) instance->clock_skew_micros = dice_.Between(-3'600'000'000, 3'600'000'000);
}

void World::DiskTrouble() {
  const auto p = static_cast<uint32_t>(dice_.Below(partitions_));
  SimulatedRows* rows = instances_[dice_.Below(kInstances)]->rows(p);
  if (dice_.Chance(weather_.flush)) rows->Flush();
  if (dice_.Chance(weather_.disk_full) && !rows->full) {
    ++happened_["rows disk full"];
    rows->full = true;
    Later(dice_.Between(5, 120), [rows] { rows->full = false; });
  }
  if (dice_.Chance(weather_.disk_unreadable) && !rows->unreadable) {
    ++happened_["rows unreadable"];
    rows->unreadable = true;
    Later(dice_.Between(1, 30), [rows] { rows->unreadable = false; });
  }
}

void World::Pause(Instance* instance) {
  ++happened_["paused"];
  findings_.Note(step_, absl::StrCat("instance ", instance->number(), " pauses"));
  instance->paused = true;
  std::vector<bool> served;
  for (uint32_t p = 0; p < partitions_; ++p) served.push_back(instance->partition(p)->ownership().serving());
  Later(dice_.Between(5, 250), [this, instance, served, incarnation = instance->incarnation()] {
    if (!instance->runs() || instance->incarnation() != incarnation) return;
    instance->paused = false;
    findings_.Note(step_, absl::StrCat("instance ", instance->number(), " resumes"));
    for (uint32_t p = 0; p < partitions_; ++p) {
      const bool replaced = std::any_of(instances_.begin(), instances_.end(), [&](const auto& other) {
        return other.get() != instance && other->runs() && other->partition(p)->ownership().serving();
      });
      if (served[p] && replaced) ++happened_["resumed as a zombie"];
    }
  });
}

void World::Crash(Instance* instance) {
  findings_.Note(step_, absl::StrCat("instance ", instance->number(), " crashes"));
  CountWhatWasMet(instance);
  instance->Crash();
  Later(dice_.Between(1, 60), [this, instance] {
    findings_.Note(step_, absl::StrCat("instance ", instance->number(), " starts"));
    // Whoever cannot open the rows is started again by and by.
    if (!instance->Start()) Crash(instance);
  });
}

void World::CountWhatWasMet(Instance* instance) {
  if (!instance->runs()) return;
  for (uint32_t p = 0; p < partitions_; ++p) {
    const eventsourcing::OwnershipCounts& counts = instance->partition(p)->ownership().counts();
    happened_["void records"] += counts.void_records;
    happened_["unknown outcomes"] += counts.unknown_outcomes;
    happened_["unknown outcomes found written"] += counts.unknown_found_written;
    happened_["unknown outcomes found absent"] += counts.unknown_found_absent;
    happened_["unknown outcomes superseded"] += counts.unknown_superseded;
    happened_["truncations noticed"] += counts.truncations;
  }
}

void World::Calm() {
  findings_.Note(step_, "calm");
  for (auto& log : logs_) {
    log->faults = {};
    log->full = false;
  }
  for (auto& instance : instances_) {
    instance->set_death_chance(0);
    instance->paused = false;
    for (uint32_t p = 0; p < partitions_; ++p) {
      instance->rows(p)->full = false;
      instance->rows(p)->unreadable = false;
    }
  }
}

bool World::StepUntil(int64_t steps, const std::function<bool()>& done) {
  for (int64_t i = 0; i < steps && findings_.ok(); ++i) {
    if (done()) return true;
    Step();
  }
  return done();
}

bool World::AllQuiet() const {
  return later_.empty() &&
         std::all_of(logs_.begin(), logs_.end(), [](const auto& log) { return log->under_way() == 0; }) &&
         std::all_of(instances_.begin(), instances_.end(), [](const auto& instance) { return instance->runs(); });
}

// One owner each, and everybody stands where the log ends.
bool World::AllCaughtUp() {
  for (uint32_t p = 0; p < partitions_; ++p) {
    const std::string hash = FoldHead(logs_[p]->records()).running_hash();
    int owners = 0;
    for (const auto& instance : instances_) {
      const auto& partition = *instance->partition(p);
      const Phase phase = partition.ownership().phase();
      if (phase == Phase::kServing) ++owners;
      if (phase != Phase::kServing && phase != Phase::kReading) return false;
      if (partition.head().running_hash() != hash || partition.waiting() > 0) return false;
      if (partition.needs_former_masters()) return false;
    }
    if (owners != 1) return false;
  }
  return true;
}

std::string World::WhereEverybodyStands() {
  std::string out;
  for (uint32_t p = 0; p < partitions_; ++p) {
    for (const auto& instance : instances_) {
      if (!instance->runs()) continue;
      const auto& partition = *instance->partition(p);
      absl::StrAppend(&out, "; instance ", instance->number(), " partition ", p, " is ",
                      Name(partition.ownership().phase()), ", head ", partition.head().offset(), " of ",
                      logs_[p]->records().size(), ", ", partition.waiting(), " wait");
      if (partition.head().running_hash() != FoldHead(logs_[p]->records()).running_hash()) {
        absl::StrAppend(&out, ", of another history");
      }
    }
  }
  return out;
}

// Everybody is answered. Then reads keep all owners appending until nobody believes in what is gone: a claim that
// arrived late shows itself to its predecessor, and a lost tail to whoever read it, with the next record and not
// before.
void World::Settle() {
  if (!StepUntil(6'000, [this] { return AllQuiet() && clients_->AllSettled(); })) {
    return findings_.Violation(step_, "a call was never answered, though nothing fails any more");
  }
  clients_->Finish();
  for (int round = 0; round < 200 && findings_.ok(); ++round) {
    if (AllQuiet() && AllCaughtUp()) return clients_->CheckFinished(step_);
    for (auto& instance : instances_) {
      for (uint32_t p = 0; p < partitions_; ++p) clients_->Probe(instance.get(), p, step_);
    }
    StepUntil(40, [] { return false; });
  }
  findings_.Violation(step_, "an instance never caught up, though nothing fails any more" + WhereEverybodyStands());
}

void World::CheckOne() {
  const Instance* instance = instances_[dice_.Below(kInstances)].get();
  const auto p = static_cast<uint32_t>(dice_.Below(partitions_));
  if (!instance->runs()) return;
  CheckRows(instances_[static_cast<size_t>(instance->number())].get(), p, logs_[p].get(), service_, step_, &findings_);
}

void World::CheckAll() {
  std::vector<Truth> truths;
  PlainVault vault(1);
  vault.newest_master = 2;
  for (uint32_t p = 0; p < partitions_; ++p) {
    truths.push_back(FoldFromScratch(logs_[p].get(), p, 1, service_, &vault, step_, &findings_));
    for (auto& instance : instances_) CheckRowsAtEnd(instance.get(), p, truths[p], step_, &findings_);
  }
  CheckNumbers(truths, step_, &findings_);
  CheckAnswers(*clients_, truths, step_, &findings_);
}

RunResult World::Run() {
  while (step_ < weather_.steps && findings_.ok()) {
    Step();
    Trouble();
    if (step_ == rotates_at_step_) {
      ++happened_["master key rotated"];
      for (auto& instance : instances_) instance->SetNewestMaster(2);
    }
    if (dice_.Chance(0.01)) CheckOne();
  }
  if (findings_.ok()) {
    Calm();
    Settle();
  }
  if (findings_.ok()) CheckAll();
  RunResult result;
  for (auto& instance : instances_) CountWhatWasMet(instance.get());
  for (const auto& log : logs_) {
    result.records += log->records().size();
    for (const std::string& record : log->records()) findings_.Note(step_, std::to_string(Mix(record)));
  }
  result.violation = findings_.violation();
  result.trace_hash = findings_.hash();
  result.happened = happened_;
  result.answered = clients_->answered();
  result.steps = step_;
  return result;
}

}  // namespace

RunResult Run(const RunOptions& options) { return World(options).Run(); }

}  // namespace mynumber::simulation
