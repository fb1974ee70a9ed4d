#include "libs/operations/lost_answers.h"

#include "libs/eventsourcing/fold.h"
#include "libs/eventsourcing/sealed_rows.h"

namespace mynumber::operations {
namespace {

using eventsourcing::Rows;

absl::StatusOr<int64_t> TimeOf(const Rows& rows) {
  std::string value;
  eventlog::v1::PartitionHead head;
  auto found = rows.Get(eventsourcing::kHeadKey, &value);
  if (!found.ok()) return found.status();
  if (*found && !head.ParseFromString(value)) return absl::DataLossError("the head of the rows cannot be read");
  return head.time_micros();
}

}  // namespace

absl::Status FindLostAnswers(const Rows& aside, const Rows& live, int64_t receipt_retention_micros,
                             const std::function<bool(const LostAnswer&)>& visit) {
  const absl::StatusOr<int64_t> now = TimeOf(live);
  if (!now.ok()) return now.status();
  absl::Status status;
  const auto look = [&](std::string_view key, std::string_view value) {
    auto receipt = eventsourcing::DecodeReceiptRow(value);
    if (!receipt.ok()) {
      status = receipt.status();
      return false;
    }
    if (eventsourcing::IsExpired(receipt->time_micros(), receipt_retention_micros, *now)) return true;
    std::string other;
    const auto found = live.Get(key, &other);
    if (!found.ok()) {
      status = found.status();
      return false;
    }
    if (*found) return true;
    for (const auto& entry : receipt->entries()) {
      const LostAnswer lost = {std::string(key.substr(1, 16)), entry.subject(), receipt->time_micros(),
                               entry.sequence(), entry.index()};
      if (!visit(lost)) return false;
    }
    return true;
  };
  const absl::Status scanned = aside.Scan(std::string(1, eventsourcing::kReceiptTable), {}, look);
  return scanned.ok() ? status : scanned;
}

}  // namespace mynumber::operations
