#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "libs/calendar/date.h"
#include "services/mynumberctl/commands.h"
#include "services/mynumberctl/pages.h"
#include "services/mynumberctl/post_commands.h"
#include "services/mynumberctl/resident_row.h"
#include "services/mynumberctl/show.h"

namespace mynumber::mynumberctl {
namespace {

using Stub = v1::IssuanceService::Stub;

struct Options {
  std::string authority;
  std::string month;
  int limit = 100;
};

std::string ShowAnswer(const v1::AccessRecord& record) {
  if (!record.reason().empty()) return record.reason();
  if (record.method().empty()) return "refused, of many kinds";
  return absl::StrCat("asked for ", Grouped(record.asked()), ", found ", Grouped(record.found()));
}

ExitCode Accesses(Session& session, const Options& options) {
  v1::ListAccessRecordsRequest request;
  *request.mutable_actor() = session.Actor();
  request.set_authority(options.authority);
  *request.mutable_month() = calendar::ToDate(TodayInTokyo());
  if (!options.month.empty() && !ReadDate(options.month + "-01", request.mutable_month())) {
    return session.Usage("--month is no month as 2026-11: write year and month");
  }
  const auto items = [](const v1::ListAccessRecordsResponse& page) -> const auto& { return page.access_records(); };
  const auto add = [](const v1::AccessRecord& record, Table* table) {
    table->Add({ShowTime(record.time()), record.clerk_id(), record.service(), record.method(), ShowAnswer(record),
                Grouped(record.count())});
  };
  return PrintPages(session, &Stub::ListAccessRecords, request, options.limit, items, add,
                    Table({{"WRITTEN (JST)"}, {"CLERK"}, {"SERVICE"}, {"CALL"}, {"ANSWER"}, {"TIMES", Align::kRight}}),
                    "Nothing was looked up, or refused, in that month.");
}

}  // namespace

void AddAccessRecords(CLI::App& app, Session& session) {
  auto options = std::make_shared<Options>();
  auto* accesses = AddAction(app, session, options, "accesses",
                             "For auditors: what an authority looked up in a month, and what it was refused", Accesses);
  accesses->add_option("AUTHORITY", options->authority, "As municipality/131016; or unidentified")->required();
  accesses->add_option("--month", options->month, "YYYY-MM; default: this one, in Tokyo");
  AddLimit(accesses, &options->limit);
}

}  // namespace mynumber::mynumberctl
