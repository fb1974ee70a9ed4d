#include "services/mynumberctl/show_notice.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/mynumberctl/show.h"

namespace mynumber::mynumberctl {
namespace {

namespace events = mynumber::notice::events::v1;
using notice::v1::Notice;

// "2026-12-04 storage"; empty if nothing is due.
std::string ShowDue(const Notice& notice) {
  if (!notice.has_due_date()) return "";
  return absl::StrCat(ShowDate(notice.due_date()), " ",
                      ShowEnum(events::DeadlineKind_Name(notice.due_kind()), "DEADLINE_KIND_"));
}

std::string ShowResend(const events::ResendRequested& resend) {
  if (resend.way() == events::RESEND_WAY_UNSPECIFIED) return "";
  std::string text = absl::StrCat(ShowDate(resend.day()), " ",
                                  ShowEnum(events::ResendWay_Name(resend.way()), "RESEND_WAY_"));
  if (resend.window() != events::RESEND_WINDOW_UNSPECIFIED) {
    absl::StrAppend(&text, " ", ShowEnum(events::ResendWindow_Name(resend.window()), "RESEND_WINDOW_"));
  }
  return text;
}

std::string ShowRemarks(const Notice& notice) {
  std::string text;
  const auto add = [&](bool is_so, const std::string& remark) {
    if (is_so) absl::StrAppend(&text, text.empty() ? "" : "; ", remark);
  };
  add(notice.forwarded(), "forwarded, though it must not be");
  add(notice.contradictory(), "delivered and returned: the carrier contradicts itself");
  add(notice.disputed(), "delivery disputed");
  add(notice.unknown_words() > 0, absl::StrCat(notice.unknown_words(), " reports in words that nobody knows"));
  return text;
}

std::string ShowWhen(const events::TrackingReport& report) {
  if (!report.has_minute_of_day()) return ShowDate(report.day());
  return absl::StrCat(ShowDate(report.day()),
                      absl::StrFormat(" %02d:%02d", report.minute_of_day() / 60, report.minute_of_day() % 60));
}

void PrintReports(const Session& session, const Notice& notice) {
  if (notice.reports().empty()) return;
  Table table({{"WHEN"}, {"STATUS"}, {"OFFICE", Align::kLeft, Fit::kDrop}, {"DETAIL", Align::kLeft, Fit::kCut}});
  for (const auto& report : notice.reports()) {
    table.Add({ShowWhen(report), Printable(report.status()), Printable(report.office()), Printable(report.detail())});
  }
  session.console.out << '\n';
  table.Print(session.console.out, session.console.out_columns());
}

}  // namespace

std::string ShowState(Notice::State state) { return ShowEnum(Notice::State_Name(state), "STATE_"); }

void ShowNotice(const Session& session, const Notice& notice) {
  if (session.json()) {
    session.PrintJson(notice);
    return;
  }
  Sheet sheet;
  sheet.Add("Notice", notice.name());
  sheet.Add("State", ShowState(notice.state()));
  sheet.Add("Due", ShowDue(notice));
  sheet.Add("Municipality", ShowMunicipality(notice.municipality_code()));
  sheet.Add("Tracking number", notice.tracking_number());
  sheet.Add("Posted", ShowDate(notice.acceptance_date()));
  sheet.Add("Held until", ShowDate(notice.held_until()));
  sheet.Add("Asked for", ShowResend(notice.resend()));
  sheet.Add("In custody until", ShowDate(notice.custody_until()));
  if (notice.investigation_outcome() != events::INVESTIGATION_OUTCOME_UNSPECIFIED) {
    sheet.Add("Investigation", ShowEnum(events::InvestigationOutcome_Name(notice.investigation_outcome()),
                                        "INVESTIGATION_OUTCOME_"));
  }
  sheet.Add("Remarks", ShowRemarks(notice));
  sheet.Add("Prepared (JST)", ShowTime(notice.prepare_time()));
  sheet.Add("Version", absl::StrCat(notice.version()));
  sheet.Print(session.console.out);
  PrintReports(session, notice);
}

Table NoticeTable() {
  return Table({{"NOTICE"},
                {"STATE"},
                {"DUE", Align::kLeft, Fit::kDrop},
                {"TRACKING NUMBER", Align::kLeft, Fit::kDrop}});
}

void AddNotice(const Notice& notice, Table* table) {
  table->Add({notice.name(), ShowState(notice.state()), ShowDue(notice), notice.tracking_number()});
}

Table WorkTable() {
  return Table({{"NOTICE"},
                {"WORK"},
                {"DAY", Align::kLeft, Fit::kDrop},
                {"CLERK", Align::kLeft, Fit::kDrop},
                {"UNTIL (JST)", Align::kLeft, Fit::kDrop}});
}

void AddWork(const notice::v1::Work& work, Table* table) {
  table->Add({work.notice(), ShowEnum(events::WorkKind_Name(work.kind()), "WORK_KIND_"), ShowDate(work.day()),
              work.claimed_by().clerk_id(), ShowTime(work.claimed_until())});
}

}  // namespace mynumber::mynumberctl
