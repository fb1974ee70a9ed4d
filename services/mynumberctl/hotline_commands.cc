#include <map>
#include <memory>
#include <string>

#include "services/mynumberctl/commands.h"
#include "services/mynumberctl/fields.h"
#include "services/mynumberctl/pages.h"
#include "services/mynumberctl/resident_row.h"
#include "services/mynumberctl/show_hotline.h"

namespace mynumber::mynumberctl {
namespace {

namespace events = mynumber::hotline::events::v1;
namespace card_events = mynumber::card::events::v1;
using namespace hotline::v1;  // NOLINT: requests and answers of this file
using Stub = HotlineService::Stub;

const std::map<std::string, events::CallerKind> kCallers = {
    {"holder", events::CALLER_KIND_HOLDER},
    {"family", events::CALLER_KIND_FAMILY},
    {"finder", events::CALLER_KIND_FINDER},
    {"police", events::CALLER_KIND_POLICE},
};
const std::map<std::string, card_events::SuspensionReason> kReasons = {
    {"lost", card_events::SUSPENSION_REASON_LOST},
    {"stolen", card_events::SUSPENSION_REASON_STOLEN},
    {"misuse-feared", card_events::SUSPENSION_REASON_MISUSE_FEARED},
    {"found-by-another", card_events::SUSPENSION_REASON_FOUND_BY_ANOTHER},
};
// What is asked for each way of searching, by member of the JSON object.
const std::map<std::string, std::vector<Field>> kSearches = {
    {"serial", {{"card_serial", "The card's serial"}}},
    {"application-id", {{"application_id", "The application ID"}}},
    {"name", {{"name", "Name, as you hear it"}, {"birth_date", "Birth date (YYYY-MM-DD)"}}},
};

struct Options {
  std::string name;
  std::string language = "ja";
  std::string chosen;  // one of the words above
  std::string resident;
  std::string card;
  std::string receipt;
  std::string time;
  int limit = 50;
};

std::string Of(const Fields& fields, const std::string& name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string() : found->second;
}

// Sends `request` in the hotline's name, and shows how the case stands then.
template <typename Request>
ExitCode Change(Session& session, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Case*),
                Request request) {
  *request.mutable_actor() = HotlineActor(session);
  Case answer;
  const ExitCode code = session.Write("", method, request, &answer);
  if (code == ExitCode::kDone) ShowCase(session, answer);
  return code;
}

ExitCode Open(Session& session, const Options& options) {
  OpenCaseRequest request;
  request.set_language(options.language);
  request.set_caller_kind(kCallers.at(options.chosen));
  return Change(session, &Stub::OpenCase, request);
}

ExitCode ShowIdentification(Session& session, const IdentifyCallerResponse& response) {
  const bool has_failed = response.failure() != events::IDENTIFICATION_FAILURE_UNSPECIFIED;
  const ExitCode code = has_failed ? ExitCode::kRefused : ExitCode::kDone;
  if (session.json()) {
    session.PrintJson(response);
    return code;
  }
  if (has_failed) {
    session.console.err << "The caller is not known: "
                        << events::IdentificationFailure_Name(response.failure()) << ". Do not tell the caller which "
                        << "answer was wrong.\n";
  }
  if (response.candidates().empty()) {
    ShowCase(session, response.case_());
    return code;
  }
  Table table = CandidateTable();
  for (const auto& candidate : response.candidates()) AddCandidate(candidate, &table);
  table.Print(session.console.out, session.console.out_columns());
  if (response.more()) session.console.err << "There are more: ask for more of the name.\n";
  return code;
}

bool SetBirthDate(const Session& session, const Fields& fields, mynumber::type::Date* date) {
  const std::string text = Of(fields, "birth_date");
  if (text.empty() || ReadDate(text, date)) return true;
  session.Usage("birth_date is not a date as 2016-04-01: write year, month and day");
  return false;
}

ExitCode Identify(Session& session, const Options& options) {
  const bool is_claim = !options.resident.empty();
  if (is_claim == !options.chosen.empty()) return session.Usage("give either --by, to search, or --resident");
  const std::vector<Field> claim = {{"birth_date", "Birth date (YYYY-MM-DD)"},
                                    {"address", "Address"},
                                    {"code_word", "Code word, if one is set", false}};
  const auto fields = ReadFields(session.console, is_claim ? claim : kSearches.at(options.chosen));
  if (!fields.ok()) return session.Usage(std::string(fields.status().message()));
  IdentifyCallerRequest request;
  request.set_name(options.name);
  *request.mutable_actor() = HotlineActor(session);
  if (is_claim) {
    request.mutable_claim()->set_resident(options.resident);
    request.mutable_claim()->set_address(Of(*fields, "address"));
    request.mutable_claim()->set_code_word(Of(*fields, "code_word"));
    if (!SetBirthDate(session, *fields, request.mutable_claim()->mutable_birth_date())) return ExitCode::kUsage;
  } else {
    request.mutable_search()->set_card_serial(Of(*fields, "card_serial"));
    request.mutable_search()->set_application_id(Of(*fields, "application_id"));
    request.mutable_search()->set_name(Of(*fields, "name"));
    if (!SetBirthDate(session, *fields, request.mutable_search()->mutable_birth_date())) return ExitCode::kUsage;
  }
  IdentifyCallerResponse response;
  const ExitCode code = session.Write("", &Stub::IdentifyCaller, request, &response);
  return code == ExitCode::kDone ? ShowIdentification(session, response) : code;
}

ExitCode Suspend(Session& session, const Options& options) {
  SuspendCardRequest request;
  request.set_name(options.name);
  request.set_card(options.card);
  request.set_reason(kReasons.at(options.chosen));
  *request.mutable_actor() = HotlineActor(session);
  SuspendCardResponse response;
  const ExitCode code = session.Write("", &Stub::SuspendCard, request, &response);
  if (code != ExitCode::kDone) return code;
  if (session.json()) {
    session.PrintJson(response);
  } else {
    session.console.out << (response.in_effect() ? "IN EFFECT\n" : "NOT YET IN EFFECT\n")
                        << response.sentence_ja() << '\n' << response.sentence_en() << '\n';
  }
  return code;
}

ExitCode PoliceReport(Session& session, const Options& options) {
  RecordPoliceReportRequest request;
  request.set_name(options.name);
  request.set_receipt_number(options.receipt);
  return Change(session, &Stub::RecordPoliceReport, request);
}

ExitCode Note(Session& session, const Options& options) {
  const auto fields = ReadFields(session.console, {{"text", "Note"}});
  if (!fields.ok()) return session.Usage(std::string(fields.status().message()));
  AddNoteRequest request;
  request.set_name(options.name);
  request.set_text(Of(*fields, "text"));
  return Change(session, &Stub::AddNote, request);
}

ExitCode Close(Session& session, const Options& options) {
  CloseCaseRequest request;
  request.set_name(options.name);
  return Change(session, &Stub::CloseCase, request);
}

ExitCode Show(Session& session, const Options& options) {
  GetCaseRequest request;
  request.set_name(options.name);
  *request.mutable_actor() = HotlineActor(session);
  Case answer;
  const ExitCode code = session.Read(&Stub::GetCase, request, &answer);
  if (code == ExitCode::kDone) ShowCase(session, answer);
  return code;
}

ExitCode List(Session& session, const Options& options) {
  ListCasesRequest request;
  request.set_state(CaseStates().at(options.chosen));
  *request.mutable_actor() = HotlineActor(session);
  return PrintPages(
      session, &Stub::ListCases, request, options.limit, [](const auto& page) -> const auto& { return page.cases(); },
      AddCase, CaseTable());
}

ExitCode Lines(Session& session, const Options& options) {
  GetOpenLinesRequest request;
  request.set_language(options.language);
  request.set_time(options.time);
  GetOpenLinesResponse response;
  const ExitCode code = session.Read(&Stub::GetOpenLines, request, &response);
  if (code != ExitCode::kDone) return code;
  if (session.json()) {
    session.PrintJson(response);
    return code;
  }
  Table table = LineTable();
  for (const auto& line : response.lines()) AddLine(line, &table);
  table.Print(session.console.out, session.console.out_columns());
  session.console.out << '\n' << response.sentence_ja() << '\n' << response.sentence_en() << '\n';
  return code;
}

using Run = ExitCode (*)(Session&, const Options&);

}  // namespace

void AddHotlineCommands(CLI::App& app, Session& session) {
  auto options = std::make_shared<Options>();
  const auto add = [&](const char* name, const char* what, Run run) {
    return AddAction(app, session, options, name, what, run);
  };
  const auto of_case = [&](const char* name, const char* what, Run run) {
    auto* command = add(name, what, run);
    command->add_option("NAME", options->name, "cases/<32 hexadecimal digits>")->required();
    return command;
  };
  const auto speaks = [&](CLI::App* command) {
    command->add_option("--language", options->language, "ja, en, zh, ko, es, pt, th, ne, id, vi or tl")
        ->capture_default_str();
  };

  auto* open = add("open", "A call came in", Open);
  speaks(open);
  open->add_option("--caller", options->chosen, "Who calls")->required()->check(CLI::IsMember(kCallers));

  auto* identify = of_case("identify", "Search whom the caller may mean, or check what the caller says", Identify);
  identify->add_option("--by", options->chosen, "Search by this; asked for, or a JSON object on standard input")
      ->check(CLI::IsMember(kSearches));
  identify->add_option("--resident", options->resident,
                       "Check birth date, address and code word of this candidate; asked for, or a JSON object");

  auto* suspend = of_case("suspend", "Suspend a card, at every hour", Suspend);
  suspend->add_option("--card", options->card, "residents/<32 hexadecimal digits>/cards/<number>")->required();
  suspend->add_option("--reason", options->chosen, "Why")->required()->check(CLI::IsMember(kReasons));

  of_case("police-report", "The receipt number of the police", PoliceReport)
      ->add_option("--receipt", options->receipt, "Its number")
      ->required();
  of_case("note", "Write something down; asked for, or {text} on standard input", Note);
  of_case("close", "Nothing more happens in it", Close);
  of_case("show", "A case as it is now", Show);

  auto* list = add("list", "Cases by state, the oldest first", List);
  list->add_option("--state", options->chosen, "Which")->required()->check(CLI::IsMember(CaseStates()));
  AddLimit(list, &options->limit);

  auto* lines = add("lines", "Which number takes which calls now", Lines);
  speaks(lines);
  lines->add_option("--time", options->time, "As 2026-11-14T23:40:00+09:00; the time of now without");
}

}  // namespace mynumber::mynumberctl
