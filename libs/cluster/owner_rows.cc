#include "libs/cluster/owner_rows.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "libs/eventsourcing/fold.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "libs/runtime/process.h"

namespace mynumber::cluster {
namespace {

using eventsourcing::Rows;

constexpr int64_t kTryMicros = 3'000'000;
// Of one question: an owner that hangs must not keep the caller for longer.
constexpr int64_t kAskMicros = 1'000'000;
constexpr auto kPause = std::chrono::milliseconds(20);
constexpr uint32_t kFirstRows = 50;
constexpr uint32_t kRowsMax = 1000;
constexpr size_t kBytesMax = size_t{1} << 20;

absl::StatusOr<uint64_t> SequenceOf(const Rows& rows) {
  std::string value;
  const auto found = rows.Get(eventsourcing::kHeadKey, &value);
  if (!found.ok()) return found.status();
  eventsourcing::Head head;
  if (*found && !head.ParseFromString(value)) return absl::DataLossError("the head of the rows cannot be read");
  return head.sequence();
}

absl::Status ReadRange(const Rows& rows, const v1::RowRange& range, v1::ReadRowsResponse* response) {
  const uint32_t rows_max = std::clamp<uint32_t>(range.rows_max(), 1, kRowsMax);
  size_t bytes = 0;
  return rows.Scan(range.prefix(), range.after(), [&](std::string_view key, std::string_view value) {
    response->set_more(static_cast<uint32_t>(response->rows_size()) == rows_max || bytes >= kBytesMax);
    if (response->more()) return false;
    bytes += key.size() + value.size();
    v1::Row* row = response->add_rows();
    row->set_key(key.data(), key.size());
    row->set_value(value.data(), value.size());
    return true;
  });
}

}  // namespace

absl::Status ReadOwned(const Rows& rows, bool serves, const v1::ReadRowsRequest& request,
                       v1::ReadRowsResponse* response) {
  if (!serves) return absl::OkStatus();
  if (request.at_least_sequence() > 0) {
    const auto sequence = SequenceOf(rows);
    if (!sequence.ok()) return sequence.status();
    if (*sequence < request.at_least_sequence()) return absl::OkStatus();
  }
  response->set_is_owner(true);
  if (!request.has_key()) return ReadRange(rows, request.range(), response);
  std::string value;
  const auto found = rows.Get(request.key(), &value);
  if (!found.ok()) return found.status();
  if (*found) response->add_rows()->set_value(std::move(value));
  return absl::OkStatus();
}

void OwnerRows::Prove(uint64_t sequence) {
  uint64_t known = proven_;
  while (known < sequence && !proven_.compare_exchange_weak(known, sequence)) {
  }
}

bool OwnerRows::IsHere() const {
  if (!parts_.serves()) return false;
  uint64_t proven = proven_;
  if (proven == 0) return true;
  const auto sequence = SequenceOf(*parts_.here);
  if (!sequence.ok() || *sequence < proven) return false;
  proven_.compare_exchange_strong(proven, 0);
  return true;
}

v1::ReadRowsRequest OwnerRows::Request() const {
  v1::ReadRowsRequest request;
  request.set_service(parts_.service);
  request.set_partition(parts_.partition);
  request.set_at_least_sequence(proven_);
  return request;
}

absl::StatusOr<v1::ReadRowsResponse> OwnerRows::Read(const v1::ReadRowsRequest& request) const {
  const int64_t until_micros = runtime::SteadyMicros() + kTryMicros;
  while (true) {
    if (IsHere()) {
      v1::ReadRowsResponse here;
      absl::Status status = ReadOwned(*parts_.here, true, request, &here);
      if (!status.ok()) return status;
      if (here.is_owner()) return here;
    }
    const std::string address = parts_.owner_address();
    if (!address.empty()) {
      auto answer = parts_.links->ReadRows(address, request, kAskMicros);
      if (answer.ok() && answer->is_owner()) return answer;
    }
    if (runtime::SteadyMicros() > until_micros) {
      return absl::UnavailableError("no instance that owns this partition could be read from");
    }
    std::this_thread::sleep_for(kPause);
  }
}

absl::StatusOr<bool> OwnerRows::Get(std::string_view key, std::string* value) const {
  if (IsHere()) return parts_.here->Get(key, value);
  v1::ReadRowsRequest request = Request();
  request.set_key(key.data(), key.size());
  auto answer = Read(request);
  if (!answer.ok()) return answer.status();
  if (answer->rows().empty()) return false;
  value->swap(*answer->mutable_rows(0)->mutable_value());
  return true;
}

absl::Status OwnerRows::Scan(std::string_view prefix, std::string_view after,
                             const std::function<bool(std::string_view, std::string_view)>& visit) const {
  if (IsHere()) return parts_.here->Scan(prefix, after, visit);
  v1::ReadRowsRequest request = Request();
  request.mutable_range()->set_prefix(prefix.data(), prefix.size());
  request.mutable_range()->set_after(after.data(), after.size());
  request.mutable_range()->set_rows_max(kFirstRows);
  while (true) {
    const auto answer = Read(request);
    if (!answer.ok()) return answer.status();
    for (const v1::Row& row : answer->rows()) {
      if (!visit(row.key(), row.value())) return absl::OkStatus();
    }
    if (!answer->more()) return absl::OkStatus();
    request.mutable_range()->set_after(answer->rows().rbegin()->key());
    request.mutable_range()->set_rows_max(kRowsMax);
  }
}

absl::Status OwnerRows::Write(const eventsourcing::Changes&) {
  return absl::FailedPreconditionError("rows are written by the partition's loop alone");
}
absl::Status OwnerRows::StartOver() {
  return absl::FailedPreconditionError("rows are written by the partition's loop alone");
}

}  // namespace mynumber::cluster
