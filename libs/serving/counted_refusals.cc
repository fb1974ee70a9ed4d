#include "libs/serving/counted_refusals.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/eventsourcing/request.h"
#include "libs/rpc/problem.h"
#include "libs/runtime/partition_host.h"
#include "libs/runtime/process.h"

namespace mynumber::serving {
namespace {

std::vector<std::string> NamesOf(const google::protobuf::EnumDescriptor& reasons) {
  for (std::string_view shared : kSharedReasons) {
    if (reasons.FindValueByName(std::string(shared)) == nullptr) {
      runtime::Fatal(
          absl::StrCat(reasons.full_name(), " lacks the reason ", std::string(shared), ", which every service has"));
    }
  }
  std::vector<std::string> names = {kFailedInside};
  for (int i = 0; i < reasons.value_count(); ++i) {
    if (reasons.value(i)->number() != 0) names.push_back(reasons.value(i)->name());
  }
  return names;
}

}  // namespace

absl::Status FromEngine(const Refusals& refusals, const absl::Status& status) {
  if (status.ok() || rpc::ProblemOf(status)) return status;
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
      if (status.message() == eventsourcing::kOutcomeUnknown) return refusals.OutcomeUnknown();
      return status.message() == runtime::kPartitionStopped ? refusals.PartitionStopped()
                                                            : refusals.PartitionNotServing();
    // What a partition says that stops just then.
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kFailedPrecondition:
      return refusals.PartitionStopped();
    case absl::StatusCode::kResourceExhausted:
      return status.message() == eventsourcing::kStorageFull ? refusals.StorageFull() : refusals.QueueFull();
    case absl::StatusCode::kDeadlineExceeded:
      return refusals.DeadlinePassed();
    case absl::StatusCode::kAlreadyExists:
      return status.message() == eventsourcing::kRequestIdReused ? refusals.RequestIdReused() : status;
    case absl::StatusCode::kNotFound:
      return status.message() == eventsourcing::kAnswerErased ? refusals.AnswerErased() : status;
    default:
      return status;
  }
}

CountedRefusals::CountedRefusals(metrics::Registry* registry, const std::string& service, const Refusals* refusals,
                                 const google::protobuf::EnumDescriptor* reasons)
    : refusals_(refusals),
      counts_(registry->AddCounters("mynumber_refusals_total", "Refusals by reason, rows of bulk loads included.",
                                    "reason", NamesOf(*reasons), {{"service", service}})) {}

absl::Status CountedRefusals::Refuse(const absl::Status& status) const {
  if (status.ok()) return status;
  const absl::Status refusal = FromEngine(*refusals_, status);
  if (absl::IsCancelled(refusal)) return refusal;
  const auto problem = rpc::ProblemOf(refusal);
  counts_[problem ? problem->reason : kFailedInside].Increment();
  return refusal;
}

}  // namespace mynumber::serving
