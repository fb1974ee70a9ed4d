#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/mynumberctl/commands.h"
#include "services/mynumberctl/fields.h"
#include "services/mynumberctl/pages.h"
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

ExitCode List(Session& session, const ListOptions& options) {
  v1::ListResidentsRequest request;
  *request.mutable_actor() = session.ActorFor(options.municipality);
  request.set_municipality_code(options.municipality);
  return PrintPages(
      session, &v1::IssuanceService::Stub::ListResidents, request, options.limit,
      [](const auto& page) -> const auto& { return page.residents(); }, AddResident, ResidentTable());
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
  AddLimit(list, &options->limit);
  list->callback([&session, options] { session.action = [&session, options] { return List(session, *options); }; });

  auto* find = resident.add_subcommand(
      "find", "Find residents of the authority's municipality by name or kana and birth date, asked for at prompts "
              "or given as a JSON object on standard input {full_name, birth_date}");
  find->callback([&session] { session.action = [&session] { return Find(session); }; });
}

}  // namespace mynumber::mynumberctl
