// Reads: a case as it is now, lists at once, and what the calendar says.

#include <utility>

#include "libs/serving/pages.h"
#include "services/hotline/projections/tables.h"
#include "services/hotline/service.h"
#include "services/hotline/service_answers.h"

namespace mynumber::hotline {
namespace {

using Reactor = HotlineService::Reactor;

// Adds rows of the state from one partition, from the cursor on; true if there are more.
absl::StatusOr<bool> ReadPartition(const ServiceContext& context, const std::string& prefix, size_t left,
                                   serving::PartitionCursor* cursor, v1::ListCasesResponse* response) {
  bool more = false;
  absl::Status failed;
  const std::string after = cursor->last.empty() ? std::string() : prefix + cursor->last;
  const auto* rows = context.rows[cursor->partition];
  absl::Status status = rows->Scan(prefix, after, [&](std::string_view key, std::string_view) {
    more = left == 0;
    if (more) return false;
    --left;
    cursor->last = std::string(key.substr(prefix.size()));
    rows::v1::CaseState state;
    const SubjectId id = CaseOfKey(key);
    auto found = context.Read(id, &state);
    failed = found.status();
    if (found.ok() && *found) FillCase(state, id, nullptr, /*with_notes=*/false, response->add_cases());
    return failed.ok();
  });
  if (status.ok()) status = failed;
  if (!status.ok()) return status;
  return more;
}

absl::Status ReadCases(const ServiceContext& context, v1::Case::State state, size_t page_size,
                       serving::PartitionCursor cursor, v1::ListCasesResponse* response) {
  const std::string prefix = {kCaseOfStateTable, static_cast<char>(state)};
  while (cursor.partition < context.rows.size()) {
    const size_t left = page_size - static_cast<size_t>(response->cases_size());
    auto more = ReadPartition(context, prefix, left, &cursor, response);
    if (!more.ok()) return more.status();
    if (!*more) cursor = {cursor.partition + 1, ""};
    const bool is_full = static_cast<size_t>(response->cases_size()) >= page_size;
    if (*more || (is_full && cursor.partition < context.rows.size())) {
      response->set_next_page_token(serving::FormatCursor(cursor));
      return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

}  // namespace

Reactor* HotlineService::GetOpenLines(Context* rpc_call, const v1::GetOpenLinesRequest* request,
                                      v1::GetOpenLinesResponse* response) {
  const UnaryCall call(context_, rpc_call, "GetOpenLines", *request);
  auto language = ValidateLanguage(request->language());
  auto time = request->time().empty() ? absl::StatusOr<int64_t>(context_->now()) : ValidateTime(request->time());
  absl::Status status = language.ok() ? time.status() : language.status();
  if (status.ok()) FillLines(*time, *language, LinesAt(*time, *language, context_->own.lines), response);
  call.End(status);
  return call.reactor();
}

Reactor* HotlineService::GetCase(Context* rpc_call, const v1::GetCaseRequest* request, v1::Case* response) {
  const UnaryCall call(context_, rpc_call, "GetCase", *request);
  auto id = ValidateCaseName(request->name());
  absl::Status status = ValidateOperator(request->actor(), true);
  if (status.ok()) status = id.status();
  if (!status.ok()) {
    call.End(status);
    return call.reactor();
  }
  const auto read = [context = context_, id = *id, response]() -> absl::Status {
    rows::v1::CaseState state;
    auto found = context->Read(id, &state);
    if (!found.ok()) return found.status();
    if (state.has_erased()) return refusals::CaseErased();
    if (!*found || !state.has_opened()) return refusals::CaseUnknown();
    FillCase(state, id, nullptr, /*with_notes=*/true, response);
    return absl::OkStatus();
  };
  WhenRead(context_, call, {context_->PartitionOf(*id)},
              [call, read](const absl::Status& current) { call.End(current.ok() ? read() : current); });
  return call.reactor();
}

Reactor* HotlineService::ListCases(Context* rpc_call, const v1::ListCasesRequest* request,
                                   v1::ListCasesResponse* response) {
  const UnaryCall call(context_, rpc_call, "ListCases", *request);
  absl::Status status = ValidateOperator(request->actor(), false);
  const bool is_known = v1::Case::State_IsValid(request->state()) && request->state() != v1::Case::STATE_UNSPECIFIED;
  if (status.ok() && !is_known) status = refusals::StateMissing();
  if (status.ok() && request->page_size() < 0) status = kRefusals.PageSizeNegative();
  auto cursor = serving::ParseCursor(request->page_token(), static_cast<uint32_t>(context_->rows.size()),
                                     kCaseOfStateBytes);
  if (status.ok() && !cursor) status = kRefusals.PageTokenMalformed();
  if (!status.ok()) {
    call.End(status);
    return call.reactor();
  }
  OnWorker(context_, call, [context = context_, asked = *request, cursor = *cursor, response] {
    return ReadCases(*context, asked.state(), serving::PageSize(asked.page_size()), cursor, response);
  });
  return call.reactor();
}

}  // namespace mynumber::hotline
