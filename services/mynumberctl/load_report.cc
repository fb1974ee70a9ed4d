#include "services/mynumberctl/load_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/rpc/status.pb.h"
#include "libs/rpc/problem.h"
#include "services/mynumberctl/proto_json.h"
#include "services/mynumberctl/table.h"

namespace mynumber::mynumberctl {
namespace {

constexpr size_t kRowsShown = 100;

// Request ids come from the file and may hold anything; the rest of a result is the server's and plain.
bool IsPlain(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c != '"' && c != '\\' && c < 0x7F; });
}

std::string Quoted(const std::string& text) {
  if (IsPlain(text)) return absl::StrCat("\"", text, "\"");
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

void LoadReport::OnAnswer(const BulkAnswer& answer) {
  const auto& row = answer.answer;
  if (row.has_error()) {
    Refuse(answer.line, answer.request.request_id(), Explain(rpc::FromRpc(row.error()), nullptr));
    return;
  }
  std::lock_guard lock(mutex_);
  ++registered_;
  if (results_ == nullptr) return;
  const bool in_clear = show_number_ && !row.individual_number().empty();
  text_.clear();
  absl::StrAppend(&text_, "{\"line\":", answer.line, ",\"request_id\":", Quoted(answer.request.request_id()),
                  ",\"name\":\"", row.name(), "\",\"version\":", row.version(), ",\"number\":\"",
                  in_clear ? row.individual_number() : row.masked_individual_number(), "\",\"position\":\"",
                  row.position(), "\"}\n");
  *results_ << text_;
}

void LoadReport::OnRefusal(uint64_t line, const RowRefusal& refusal) {
  Refuse(line, "", {ExitCode::kRefused, refusal.reason, refusal.field, refusal.sentence});
}

void LoadReport::Refuse(uint64_t line, const std::string& request_id, Failure failure) {
  std::lock_guard lock(mutex_);
  ++refused_;
  if (failure.code == ExitCode::kUnavailable) ++not_now_;
  ++by_reason_[failure.reason];
  if (results_ != nullptr) {
    nlohmann::ordered_json json = {{"line", line}};
    if (!request_id.empty()) json["request_id"] = request_id;
    json["error"] = {{"reason", failure.reason}, {"field", failure.field}, {"message", failure.sentence}};
    *results_ << json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  }
  if (first_refused_.size() < kRowsShown) first_refused_.push_back({line, std::move(failure)});
}

uint64_t LoadReport::registered() const {
  std::lock_guard lock(mutex_);
  return registered_;
}

uint64_t LoadReport::refused() const {
  std::lock_guard lock(mutex_);
  return refused_;
}

uint64_t LoadReport::not_now() const {
  std::lock_guard lock(mutex_);
  return not_now_;
}

void LoadReport::PrintRefusals(std::ostream& out) const {
  std::lock_guard lock(mutex_);
  if (refused_ == 0) return;
  auto rows = first_refused_;
  std::sort(rows.begin(), rows.end(), [](const Refused& a, const Refused& b) { return a.line < b.line; });
  Table table({{"LINE", Align::kRight}, {"REASON"}, {"WHAT TO DO"}});
  for (const Refused& row : rows) table.Add({absl::StrCat(row.line), row.failure.reason, row.failure.sentence});
  table.Print(out);
  if (refused_ <= rows.size()) return;
  out << "and " << Grouped(refused_ - rows.size()) << " more; all of them by reason (--results FILE tells each):\n";
  Table reasons({{"ROWS", Align::kRight}, {"REASON"}});
  for (const auto& [reason, count] : by_reason_) reasons.Add({Grouped(count), reason});
  reasons.Print(out);
}

}  // namespace mynumber::mynumberctl
