#include "services/issuance/service_verify.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "libs/identifiers/individual_number.h"
#include "libs/operations/verify.h"

namespace mynumber::issuance {
namespace {

using operations::v1::VerifyReport;
using rows::v1::ResidentState;

// All numbers ever designated, eight bytes each.
class Numbers {
 public:
  explicit Numbers(const ServiceKeys* keys) : keys_(keys) {}

  void Take(const ResidentState& state) {
    if (state.status() == ResidentState::STATUS_ALIAS) return;
    ++residents_;
    Count(state.individual_number());
    for (uint32_t generation : state.former_generations()) {
      Count(keys_->NumberFor(FreeDigits(FirstRecordCode(state)), static_cast<int>(generation)).digits());
    }
  }

  void Fill(VerifyReport* report) {
    std::sort(numbers_.begin(), numbers_.end());
    const size_t distinct =
        static_cast<size_t>(std::unique(numbers_.begin(), numbers_.end()) - numbers_.begin());
    report->set_residents(residents_);
    report->set_numbers(distinct);
    report->set_duplicate_numbers(numbers_.size() - distinct);
    report->set_bad_check_digits(bad_check_digits_);
  }

 private:
  void Count(std::string_view digits) {
    if (identifiers::IndividualNumber::Judge(digits) != identifiers::NumberVerdict::kValid) ++bad_check_digits_;
    numbers_.push_back(std::strtoull(std::string(digits).c_str(), nullptr, 10));
  }

  const ServiceKeys* keys_;
  std::vector<uint64_t> numbers_;
  uint64_t residents_ = 0;
  uint64_t bad_check_digits_ = 0;
};

void FillPartition(uint32_t partition, const operations::VerifyResult& result, VerifyReport* report) {
  auto* out = report->add_partitions();
  out->set_partition(partition);
  out->set_sequence(result.sequence);
  out->set_events(result.events);
  out->set_void_records(result.void_records);
  out->set_rows(result.rows.rows);
  out->set_rows_that_differ(result.rows.differ);
  for (const std::string& difference : result.rows.first) out->add_differences(difference);
  out->set_running_hash(result.running_hash);
  out->set_head_differs(result.head_differs);
  if (result.rows.differ > 0) {
    report->add_problems(
        absl::StrCat("partition ", partition, ": ", result.rows.differ,
                     " rows differ from the fold of the log: delete this partition's rows, and they are "
                     "folded afresh at the next start"));
  }
  if (result.head_differs) {
    report->add_problems(
        absl::StrCat("partition ", partition, ": the rows stand at another record than the log has there"));
  }
}

absl::Status VerifyOne(const VerifyParts& parts, uint32_t partition, projection::SharedMemory* memory, Numbers* numbers,
                       const std::function<bool(const operations::v1::VerifyProgress&)>& progress,
                       operations::VerifyResult* result) {
  auto scratch = projection::RocksRows::Open(absl::StrCat(parts.scratch, "/", partition), memory, int64_t{1} << 60);
  if (!scratch.ok()) return scratch.status();
  auto live = parts.rows[partition]->Frozen();
  if (!live) return absl::UnavailableError(absl::StrCat("partition ", partition, " is being folded afresh"));
  auto log = parts.open_log(partition);
  operations::VerifyInput<Issuance> input;
  input.service = parts.domain;
  input.partition = partition;
  input.log = log.get();
  input.live = live.get();
  input.scratch = scratch->get();
  input.vault = parts.vault;
  input.chain = parts.chain;
  input.progress = [&](uint64_t events, eventsourcing::Offset at, eventsourcing::Offset end) {
    operations::v1::VerifyProgress step;
    step.set_partition(partition);
    step.set_folded_events(events);
    step.set_offset(at);
    step.set_end_offset(end);
    return progress(step);
  };
  input.inspect = [&](const ResidentState& state) { numbers->Take(state); };
  return operations::VerifyPartition(input, result);
}

}  // namespace

absl::Status VerifyIssuance(const VerifyParts& parts,
                            const std::function<bool(const operations::v1::VerifyProgress&)>& progress,
                            VerifyReport* report) {
  std::error_code ignored;
  std::filesystem::remove_all(parts.scratch, ignored);
  projection::MemoryOptions memory_options;
  memory_options.block_cache_bytes = size_t{64} << 20;
  memory_options.write_buffer_bytes = size_t{64} << 20;
  projection::SharedMemory memory(memory_options);
  Numbers numbers(parts.keys);
  absl::Status status;
  for (uint32_t p = 0; p < parts.rows.size() && status.ok(); ++p) {
    operations::VerifyResult result;
    status = VerifyOne(parts, p, &memory, &numbers, progress, &result);
    if (absl::IsDataLoss(status) || absl::IsUnimplemented(status)) {
      // A finding, not a failure of the verification.
      report->add_problems(absl::StrCat("partition ", p, ": ", std::string(status.message())));
      status = absl::OkStatus();
    }
    FillPartition(p, result, report);
  }
  std::filesystem::remove_all(parts.scratch, ignored);
  numbers.Fill(report);
  if (report->duplicate_numbers() > 0)
    report->add_problems("two residents have one number: stop issuing, and call the operator");
  if (report->bad_check_digits() > 0) report->add_problems("numbers with a wrong check digit were designated");
  report->set_clean(report->problems_size() == 0);
  return status;
}

}  // namespace mynumber::issuance
