#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/mynumberctl/commands.h"
#include "services/mynumberctl/fields.h"
#include "services/mynumberctl/show.h"

namespace mynumber::mynumberctl {
namespace {

ExitCode Show(Session& session, const std::string& name) {
  v1::GetResidentRequest request;
  request.set_name(name);
  *request.mutable_actor() = session.Actor();
  v1::Resident resident;
  const ExitCode code = session.Read(&v1::IssuanceService::Stub::GetResident, request, &resident);
  if (code == ExitCode::kDone) ShowResident(session, resident);
  return code;
}

struct ListOptions {
  std::string municipality;
  int limit = 50;
};

// The municipality asks for its own residents if no authority is named.
mynumber::type::Actor ActorOf(const Session& session, const std::string& municipality) {
  auto actor = session.Actor();
  if (actor.authority().empty()) actor.set_authority("municipality/" + municipality);
  return actor;
}

ExitCode List(Session& session, const ListOptions& options) {
  v1::ListResidentsRequest request;
  *request.mutable_actor() = ActorOf(session, options.municipality);
  request.set_municipality_code(options.municipality);
  Table table = ResidentTable();
  int listed = 0;
  do {
    request.set_page_size(options.limit == 0 ? 1000 : std::min(1000, options.limit - listed));
    v1::ListResidentsResponse page;
    const ExitCode code = session.Read(&v1::IssuanceService::Stub::ListResidents, request, &page);
    if (code != ExitCode::kDone) return code;
    for (const auto& resident : page.residents()) {
      if (session.json()) {
        session.PrintJson(resident);
      } else {
        AddResident(resident, &table);
      }
    }
    listed += page.residents_size();
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty() && (options.limit == 0 || listed < options.limit));
  if (!session.json()) table.Print(session.console.out, session.console.out_columns());
  if (!request.page_token().empty()) {
    session.console.err << "There are more: list them with a greater --limit, or all with --limit 0.\n";
  }
  return ExitCode::kDone;
}

ExitCode Find(Session& session) {
  const auto fields = ReadFields(session.console, {{"full_name", "Full name or kana"},
                                                   {"birth_date", "Birth date (YYYY-MM-DD)"}});
  if (!fields.ok()) return session.Usage(std::string(fields.status().message()));
  const ResidentRow row = AsRow(*fields);
  v1::FindResidentsRequest request;
  *request.mutable_actor() = session.Actor();
  request.set_full_name(std::string(row[kFullName]));
  if (!row[kBirthDate].empty() && !ReadDate(row[kBirthDate], request.mutable_birth_date())) {
    return session.Refuse("birth_date is not a date as 2016-04-01: write year, month and day");
  }
  v1::FindResidentsResponse response;
  const ExitCode code = session.Read(&v1::IssuanceService::Stub::FindResidents, request, &response);
  if (code != ExitCode::kDone) return code;
  if (session.json()) {
    session.PrintJson(response);
    return code;
  }
  Table table({{"RESIDENT"}, {"STATE", Align::kLeft, Fit::kDrop}, {"NAME"}, {"ADDRESS", Align::kLeft, Fit::kCut}});
  for (const auto& candidate : response.candidates()) {
    table.Add({candidate.name(), ShowEnum(v1::Resident::State_Name(candidate.state()), "STATE_"),
               candidate.masked_full_name(), candidate.masked_address()});
  }
  if (table.empty()) {
    session.console.err << "Nobody of that name and birth date is registered here.\n";
  } else {
    table.Print(session.console.out, session.console.out_columns());
  }
  if (response.truncated()) session.console.err << "There are more: ask with more of the name.\n";
  return code;
}

}  // namespace

void AddResidentReads(CLI::App& resident, Session& session) {
  auto* show = resident.add_subcommand("show", "Show one resident");
  auto name = std::make_shared<std::string>();
  show->add_option("NAME", *name, "residents/<32 hexadecimal digits>")->required();
  show->callback([&session, name] { session.action = [&session, name] { return Show(session, *name); }; });

  auto* list = resident.add_subcommand("list", "List the residents of a municipality");
  auto options = std::make_shared<ListOptions>();
  list->add_option("--municipality", options->municipality, "Its six-digit code")->required();
  list->add_option("--limit", options->limit, "At most so many; 0: all")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  list->callback([&session, options] { session.action = [&session, options] { return List(session, *options); }; });

  auto* find = resident.add_subcommand(
      "find", "Find residents of the authority's municipality by name or kana and birth date, asked for at prompts "
              "or given as a JSON object on standard input {full_name, birth_date}");
  find->callback([&session] { session.action = [&session] { return Find(session); }; });
}

}  // namespace mynumber::mynumberctl
