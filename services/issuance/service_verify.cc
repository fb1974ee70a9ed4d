#include "services/issuance/service_verify.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "libs/identifiers/individual_number.h"

namespace mynumber::issuance {
namespace {

using operations::v1::VerifyReport;
using rows::v1::ResidentState;

// All numbers ever designated, eight bytes each.
class Numbers {
 public:
  explicit Numbers(const ServiceKeys* keys) : keys_(keys) {}

  void Take(const ResidentState& state) {
    const bool has_number = state.status() != ResidentState::STATUS_ALIAS &&
                            state.status() != ResidentState::STATUS_ERASED &&
                            state.status() != ResidentState::STATUS_ACCESS_RECORD;
    if (!has_number) return;
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

}  // namespace

serving::OwnChecks<Issuance> CheckNumbers(const ServiceKeys* keys) {
  auto numbers = std::make_shared<Numbers>(keys);
  serving::OwnChecks<Issuance> checks;
  checks.inspect = [numbers](const ResidentState& state) { numbers->Take(state); };
  checks.fill = [numbers](VerifyReport* report) {
    numbers->Fill(report);
    if (report->duplicate_numbers() > 0) {
      report->add_problems("two residents have one number: stop issuing, and call the operator");
    }
    if (report->bad_check_digits() > 0) report->add_problems("numbers with a wrong check digit were designated");
  };
  return checks;
}

}  // namespace mynumber::issuance
