#include <memory>
#include <string>
#include <vector>

#include "services/mynumberctl/commands.h"
#include "services/mynumberctl/fields.h"
#include "services/mynumberctl/load_command.h"
#include "services/mynumberctl/show.h"

namespace mynumber::mynumberctl {
namespace {

struct Options {
  LoadOptions load;
  bool confirmed_distinct = false;
};

ExitCode RegisterOne(Session& session, bool confirmed_distinct) {
  std::vector<Field> wanted = DetailsFields(/*all_required=*/true);
  wanted.insert(wanted.begin(), {"resident_record_code", "Resident record code (eleven digits)"});
  const auto fields = ReadFields(session.console, wanted);
  if (!fields.ok()) return session.Usage(std::string(fields.status().message()));
  const ResidentRow row = AsRow(*fields);
  v1::RegisterResidentRequest request;
  if (auto refusal = WriteDetails(row, request.mutable_details())) {
    return session.Fail(Failure{ExitCode::kRefused, refusal->reason, refusal->field, refusal->sentence});
  }
  request.set_resident_record_code(std::string(row[kRecordCode]));
  request.set_confirmed_distinct(confirmed_distinct);
  *request.mutable_actor() = session.ActorFor(std::string(row[kMunicipalityCode]));
  v1::Resident resident;
  const ExitCode code =
      session.Write("RegisterResident", &v1::IssuanceService::Stub::RegisterResident, request, &resident);
  if (code == ExitCode::kDone) ShowResident(session, resident);
  return code;
}

ExitCode Register(Session& session, const Options& options) {
  if (options.load.file.empty()) return RegisterOne(session, options.confirmed_distinct);
  if (options.confirmed_distinct) {
    return session.Usage("--confirmed-distinct is said of one person: register the row by itself, without --file");
  }
  return LoadFile(session, options.load);
}

}  // namespace

void AddRegister(CLI::App& resident, Session& session) {
  auto* command = resident.add_subcommand(
      "register", "Register residents: one, asked for at prompts or given as a JSON object on standard input; or many, "
                  "from --file. The authority is the row's own municipality unless --authority names one");
  auto options = std::make_shared<Options>();
  LoadOptions* load = &options->load;
  command->add_flag("--confirmed-distinct", options->confirmed_distinct,
                    "One: you have looked, this is none of the departed residents that were named");
  command->add_option("--file", load->file,
                      "Many: CSV with a line of column names, or JSON Lines; - is standard input");
  command->add_option("--format", load->format, "If the file's name does not tell")
      ->check(CLI::IsMember({"csv", "jsonl"}));
  command->add_option("--show-rows", load->rows_to_show, "Show so many of the registered residents in a table")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--results", load->results, "Write one JSON line for each row");
  AddBulkOptions(command, &load->bulk);
  command->add_option("--namespace-file", load->namespace_file,
                      "Keeps the secret from which rows without a request_id get the same one at each run");
  command->callback(
      [&session, options] { session.action = [&session, options] { return Register(session, *options); }; });
}

}  // namespace mynumber::mynumberctl
