#include "services/mynumberctl/load_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/rpc/status.pb.h"
#include "libs/rpc/problem.h"
#include "services/mynumberctl/proto_json.h"
#include "services/mynumberctl/show.h"

namespace mynumber::mynumberctl {
namespace {

// Request ids come from the file and may hold anything; the rest of a result is the server's and plain.
bool IsPlain(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c != '"' && c != '\\' && c < 0x7F; });
}

std::string Quoted(const std::string& text) {
  if (IsPlain(text)) return absl::StrCat("\"", text, "\"");
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

LoadReport::LoadReport(std::ostream* results, int rows_to_show, bool show_number)
    : results_(results),
      rows_to_show_(static_cast<uint64_t>(rows_to_show)),
      show_number_(show_number),
      first_registered_(
          {{"NUMBER"}, {"BORN", Align::kLeft, Fit::kDrop}, {"MUNICIPALITY"}, {"NAME", Align::kLeft, Fit::kCut}}) {}

void LoadReport::OnAnswer(const BulkAnswer<RegisterResidents>& answer) {
  const auto& registered = answer.answer;
  if (registered.has_error()) {
    Refuse(answer.line, answer.row.request_id(), Explain(rpc::FromRpc(registered.error()), nullptr));
    return;
  }
  std::lock_guard lock(mutex_);
  const bool in_clear = show_number_ && !registered.individual_number().empty();
  const std::string& number = in_clear ? registered.individual_number() : registered.masked_individual_number();
  if (registered_++ < rows_to_show_) {
    const auto& details = answer.row.details();
    first_registered_.Add({number, ShowDate(details.birth_date()), ShowMunicipality(details.municipality_code()),
                           details.full_name()});
  }
  if (results_ == nullptr) return;
  text_.clear();
  absl::StrAppend(&text_, "{\"line\":", answer.line, ",\"request_id\":", Quoted(answer.row.request_id()),
                  ",\"name\":\"", registered.name(), "\",\"version\":", registered.version(), ",\"number\":\"",
                  number, "\",\"position\":\"", registered.position(), "\"}\n");
  *results_ << text_;
}

void LoadReport::OnRefusal(uint64_t line, const RowRefusal& refusal) {
  Refuse(line, "", {ExitCode::kRefused, refusal.reason, refusal.field, refusal.sentence});
}

void LoadReport::Refuse(uint64_t line, const std::string& request_id, Failure failure) {
  std::lock_guard lock(mutex_);
  if (failure.code == ExitCode::kUnavailable) ++not_now_;
  if (results_ != nullptr) {
    nlohmann::ordered_json json = {{"line", line}};
    if (!request_id.empty()) json["request_id"] = request_id;
    json["error"] = {{"reason", failure.reason}, {"field", failure.field}, {"message", failure.sentence}};
    *results_ << json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  }
  refused_.Add(line, std::move(failure.reason), std::move(failure.sentence));
}

uint64_t LoadReport::registered() const {
  std::lock_guard lock(mutex_);
  return registered_;
}

uint64_t LoadReport::refused() const {
  std::lock_guard lock(mutex_);
  return refused_.count();
}

uint64_t LoadReport::not_now() const {
  std::lock_guard lock(mutex_);
  return not_now_;
}

void LoadReport::PrintRegistered(std::ostream& out, int terminal_columns) const {
  std::lock_guard lock(mutex_);
  if (first_registered_.empty()) return;
  first_registered_.Print(out, terminal_columns);
  if (registered_ > rows_to_show_) out << "and " << Grouped(registered_ - rows_to_show_) << " more\n";
}

void LoadReport::PrintRefusals(std::ostream& out, int terminal_columns) const {
  std::lock_guard lock(mutex_);
  refused_.Print(out, terminal_columns, "--results FILE");
}

}  // namespace mynumber::mynumberctl
