#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/calendar/date.h"
#include "services/mynumberctl/commands.h"
#include "services/mynumberctl/pages.h"
#include "services/mynumberctl/post_commands.h"
#include "services/mynumberctl/show.h"
#include "services/mynumberctl/show_notice.h"

namespace mynumber::mynumberctl {
namespace {

using notice::v1::Notice;
using Stub = notice::v1::NoticeService::Stub;

struct Options {
  std::string name;
  std::string municipality;
  std::string state;
  std::string due_until;
  int limit = 50;
  std::vector<uint64_t> cursor;
  bool until_now = false;
};

// Words as they are shown, with hyphens: "in-custody".
std::map<std::string, Notice::State> States() {
  std::map<std::string, Notice::State> states;
  for (int state = Notice::STATE_PREPARED; state <= Notice::State_MAX; ++state) {
    std::string word = ShowState(static_cast<Notice::State>(state));
    std::replace(word.begin(), word.end(), ' ', '-');
    states[word] = static_cast<Notice::State>(state);
  }
  return states;
}

ExitCode Get(Session& session, const Options& options) {
  notice::v1::GetNoticeRequest request;
  request.set_name(options.name);
  *request.mutable_actor() = session.Actor();
  Notice notice;
  const ExitCode code = session.Read(&Stub::GetNotice, request, &notice);
  if (code == ExitCode::kDone) ShowNotice(session, notice);
  return code;
}

ExitCode List(Session& session, const Options& options) {
  notice::v1::ListNoticesRequest request;
  *request.mutable_actor() = session.ActorFor(options.municipality);
  request.set_municipality_code(options.municipality);
  if (!options.state.empty()) request.set_state(States().at(options.state));
  calendar::Day due;
  if (!ReadDay(session, options.due_until, "--due-until", &due)) return ExitCode::kUsage;
  if (!options.due_until.empty()) *request.mutable_due_until() = calendar::ToDate(due);
  return PrintPages(
      session, &Stub::ListNotices, request, options.limit,
      [](const auto& page) -> const auto& { return page.notices(); }, AddNotice, NoticeTable());
}

ExitCode ExplainIt(Session& session, const Options& options) {
  notice::v1::ExplainNoticeRequest request;
  request.set_name(options.name);
  *request.mutable_actor() = session.Actor();
  notice::v1::ExplainNoticeResponse response;
  const ExitCode code = session.Read(&Stub::ExplainNotice, request, &response);
  if (code != ExitCode::kDone) return code;
  if (session.json()) {
    session.PrintJson(response);
    return code;
  }
  Sheet sheet;
  sheet.Add("State", ShowState(response.state()));
  sheet.Add("Since", ShowDate(response.since()));
  sheet.Add("Held until", ShowDate(response.held_until()));
  sheet.Add("In custody until", ShowDate(response.custody_until()));
  if (response.has_resend_from()) {
    sheet.Add("Can be asked for", absl::StrCat(ShowDate(response.resend_from()), " to ",
                                               ShowDate(response.resend_until())));
  }
  for (const int choice : response.choices()) {
    const auto value = static_cast<notice::v1::ExplainNoticeResponse::Choice>(choice);
    sheet.Add("Choice", ShowEnum(notice::v1::ExplainNoticeResponse::Choice_Name(value), "CHOICE_"));
  }
  sheet.Print(session.console.out);
  session.console.out << '\n' << Printable(response.sentence_ja()) << '\n' << Printable(response.sentence_en()) << '\n';
  return code;
}

// What of a feed was seen: numbers go up by one in each partition.
class Feed {
 public:
  explicit Feed(std::vector<uint64_t> cursor) : cursor_(std::move(cursor)) {}

  // False: changes are wanting before this one.
  bool Take(uint32_t partition, uint64_t number) {
    if (cursor_.size() <= partition) cursor_.resize(partition + 1);
    const bool next = number == cursor_[partition] + 1;
    if (next) cursor_[partition] = number;
    return next;
  }
  std::string ToText() const { return absl::StrJoin(cursor_, ","); }

 private:
  std::vector<uint64_t> cursor_;
};

void PrintChange(const Session& session, uint32_t partition, const notice::v1::NoticeChange& change) {
  if (session.json()) {
    notice::v1::WatchNoticesResponse line;
    line.set_partition(partition);
    *line.add_changes() = change;
    session.PrintJson(line);
    session.console.out << std::flush;
    return;
  }
  session.console.out << ShowTime(change.time()) << "  " << partition << ':' << change.number() << "  "
                      << change.notice() << "  " << ShowState(change.state()) << "  " << change.event_type()
                      << std::endl;
}

ExitCode Watch(Session& session, const Options& options) {
  if (!session.Connect()) return ExitCode::kUnavailable;
  notice::v1::WatchNoticesRequest request;
  *request.mutable_actor() = session.ActorFor(options.municipality);
  request.set_municipality_code(options.municipality);
  for (uint64_t number : options.cursor) request.add_cursor(number);
  request.set_until_now(options.until_now);
  grpc::ClientContext context;
  auto stream = session.notice().WatchNotices(&context, request);
  Feed feed(options.cursor);
  notice::v1::WatchNoticesResponse response;
  ExitCode code = ExitCode::kDone;
  while (code == ExitCode::kDone && stream->Read(&response)) {
    for (const auto& change : response.changes()) {
      if (!feed.Take(response.partition(), change.number())) {
        code = session.Refuse(absl::StrCat("changes are wanting before ", response.partition(), ":", change.number(),
                                           ": watch again from the cursor below; tell the operator if it stays so"));
        break;
      }
      PrintChange(session, response.partition(), change);
    }
  }
  if (code != ExitCode::kDone) context.TryCancel();
  const grpc::Status status = stream->Finish();
  session.console.err << "Go on from here with --cursor " << feed.ToText() << '\n';
  return code == ExitCode::kDone && !status.ok() ? session.Fail(status) : code;
}

using Run = ExitCode (*)(Session&, const Options&);

CLI::App* Add(CLI::App& notice, Session& session, const char* name, const char* description, Run run,
              std::shared_ptr<Options>* options) {
  auto* command = notice.add_subcommand(name, description);
  *options = std::make_shared<Options>();
  command->callback([&session, options = *options, run] {
    session.action = [&session, options, run] { return run(session, *options); };
  });
  return command;
}

}  // namespace

void AddNoticeReads(CLI::App& notice, Session& session) {
  constexpr const char* kName = "residents/<32 hexadecimal digits>/notices/<number>; - is the current one";
  std::shared_ptr<Options> options;
  auto* command = Add(notice, session, "get", "Where a notice is, and what the carrier said of it", Get, &options);
  command->add_option("NAME", options->name, kName)->required();
  command = Add(notice, session, "explain", "What to tell a resident who asks where the notice is", ExplainIt,
                &options);
  command->add_option("NAME", options->name, kName)->required();
  command = Add(notice, session, "list", "List the notices of a municipality: what is due first, or by state", List,
                &options);
  command->add_option("--municipality", options->municipality, "Its six-digit code")->required();
  command->add_option("--state", options->state, "Only those that are so")->check(CLI::IsMember(States()));
  command->add_option("--due-until", options->due_until, "Only those with something due until YYYY-MM-DD");
  AddLimit(command, &options->limit);
  command = Add(notice, session, "watch", "Changes of a municipality's notices, as they come; a gap ends with 1", Watch,
                &options);
  command->add_option("--municipality", options->municipality, "Its six-digit code")->required();
  command->add_option("--cursor", options->cursor, "Where an earlier watch ended; default: the beginning")
      ->delimiter(',');
  command->add_flag("--until-now", options->until_now, "End once everything is told");
}

}  // namespace mynumber::mynumberctl
