#include "tests/simulation/instance.h"

#include <utility>

#include "libs/eventsourcing/sealed_rows.h"
#include "tests/simulation/plain_vault.h"

namespace mynumber::simulation {
namespace {

using eventsourcing::AppendRequest;
using eventsourcing::AppendResult;
using eventsourcing::Changes;
using eventsourcing::LogRecord;
using eventsourcing::Offset;

class MortalLog : public eventsourcing::PartitionLog {
 public:
  MortalLog(eventsourcing::PartitionLog* log, Life* life) : log_(log), life_(life) {}

  absl::Status NewWriter() override {
    if (life_->Passes("crash before a claim")) return Gone();
    return log_->NewWriter();
  }
  void Append(AppendRequest request) override {
    if (life_->Passes("crash before an append")) return;
    log_->Append(std::move(request));
    life_->Passes("crash after an append");
  }
  std::optional<AppendResult> Poll() override {
    if (life_->dying) return std::nullopt;
    auto result = log_->Poll();
    if (result && life_->Passes("crash at an acknowledgement")) return std::nullopt;
    return result;
  }
  absl::StatusOr<Offset> End() override {
    if (life_->dying) return Gone();
    return log_->End();
  }
  absl::StatusOr<std::vector<LogRecord>> Read(Offset from, size_t max_bytes) override {
    if (life_->Passes("crash at a read")) return Gone();
    return log_->Read(from, max_bytes);
  }
  absl::StatusOr<std::string> ReadKeyBlock(const eventsourcing::KeyBlockId& id) override {
    if (life_->dying) return Gone();
    return log_->ReadKeyBlock(id);
  }

 private:
  static absl::Status Gone() { return absl::UnavailableError("the process is gone"); }

  eventsourcing::PartitionLog* log_;
  Life* life_;
};

class MortalRows : public eventsourcing::Rows {
 public:
  MortalRows(eventsourcing::Rows* rows, Life* life) : rows_(rows), life_(life) {}

  absl::StatusOr<bool> Get(std::string_view key, std::string* value) const override { return rows_->Get(key, value); }
  absl::Status Scan(std::string_view prefix, std::string_view after,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    return rows_->Scan(prefix, after, visit);
  }
  absl::Status Write(const Changes& changes) override {
    if (life_->Passes("crash before the rows are written")) return absl::UnavailableError("the process is gone");
    absl::Status status = rows_->Write(changes);
    life_->Passes("crash after the rows were written");
    return status;
  }
  absl::Status StartOver() override {
    if (life_->dying) return absl::UnavailableError("the process is gone");
    return rows_->StartOver();
  }

 private:
  eventsourcing::Rows* rows_;
  Life* life_;
};

void ForgetReceipts(SimulatedRows* rows) {
  Changes changes;
  (void)rows->Scan({&eventsourcing::kReceiptTable, 1}, {}, [&](std::string_view key, std::string_view) {
    changes.Delete(key);
    return true;
  });
  (void)rows->Write(changes);
}

}  // namespace

bool Life::Passes(const char* where) {
  if (!dying && dice->Chance(death_chance)) {
    dying = true;
    ++(*fired)[where];
  }
  return dying;
}

Instance::Instance(int number, std::vector<SimulatedLog*> logs, const TracedIssuance* service,
                   InstanceOptions options, Dice* dice, FaultCounts* fired)
    : number_(number),
      logs_(std::move(logs)),
      service_(service),
      options_(std::move(options)),
      dice_(dice),
      fired_(fired) {
  life_.dice = dice;
  life_.fired = fired;
  options_.ownership.instance = "instance-" + std::to_string(number);
  for (size_t p = 0; p < logs_.size(); ++p) cells_.push_back(std::make_unique<Cell>());
}

Instance::~Instance() = default;

bool Instance::Start() {
  ++incarnation_;
  life_.dying = false;
  runs_ = true;
  for (uint32_t p = 0; p < cells_.size(); ++p) runs_ = StartCell(p) && runs_;
  if (!runs_) Crash();
  return runs_;
}

bool Instance::StartCell(uint32_t p) {
  Cell& cell = *cells_[p];
  if (options_.bug == Bug::kReceiptsForgotten) ForgetReceipts(&cell.rows);
  cell.vault = std::make_unique<PlainVault>(dice_->Fork());
  cell.vault->newest_master = newest_master_;
  cell.dice = std::make_unique<Dice>(dice_->Fork());
  cell.handle = logs_[p]->Handle();
  cell.mortal_log = std::make_unique<MortalLog>(cell.handle.get(), &life_);
  cell.mortal_rows = std::make_unique<MortalRows>(&cell.rows, &life_);
  cell.buggy_log = LogWithBug(options_.bug, cell.mortal_log.get(), &cell.rows);
  cell.buggy_rows = RowsWithBug(options_.bug, cell.mortal_rows.get());
  eventsourcing::PartitionOptions options = options_.partition;
  options.partition = p;
  cell.partition = std::make_unique<Partition>(
      service_, cell.buggy_log ? cell.buggy_log.get() : cell.mortal_log.get(),
      cell.buggy_rows ? cell.buggy_rows.get() : cell.mortal_rows.get(), cell.vault.get(), options, options_.ownership,
      PlainChain,
      [dice = cell.dice.get()](uint8_t* out, size_t size) {
        for (size_t i = 0; i < size; ++i) out[i] = static_cast<uint8_t>(dice->Next());
      },
      nullptr);
  return cell.partition->Open().ok();
}

void Instance::Crash() {
  runs_ = false;
  paused = false;
  for (auto& cell : cells_) {
    cell->partition.reset();
    cell->buggy_log.reset();
    cell->mortal_log.reset();
    cell->handle.reset();
    if (cell->rows.Crash(dice_) > 0) ++(*fired_)["unflushed rows lost"];
  }
}

void Instance::SetNewestMaster(uint32_t version) {
  newest_master_ = version;
  for (auto& cell : cells_) {
    if (cell->vault) cell->vault->newest_master = version;
  }
}

void Instance::Step(uint32_t p, int64_t now_micros) { cells_[p]->partition->Step(now_micros + clock_skew_micros); }

}  // namespace mynumber::simulation
