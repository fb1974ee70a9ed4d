#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/rpc/problem.h"
#include "services/mynumberctl/commands.h"
#include "services/mynumberctl/fields.h"
#include "services/mynumberctl/show.h"

namespace mynumber::mynumberctl {
namespace {

using Stub = v1::IssuanceService::Stub;

struct Options {
  std::vector<std::string> names;
  std::string evidence;
  std::string reason;
};

// The fields on standard input, or nothing after having said what is wrong.
std::optional<Fields> FieldsOrUsage(Session& session, const std::vector<Field>& wanted, ExitCode* code) {
  auto fields = ReadFields(session.console, wanted);
  if (fields.ok()) return *std::move(fields);
  *code = session.Usage(std::string(fields.status().message()));
  return std::nullopt;
}

// An absent date stays unset: the server says that it is missing.
bool ReadDateField(Session& session, const Fields& fields, const std::string& name, mynumber::type::Date* date,
                   ExitCode* code) {
  const auto found = fields.find(name);
  if (found == fields.end() || ReadDate(found->second, date)) return true;
  *code = session.Refuse(absl::StrCat(name, " is not a date as 2016-04-01: write year, month and day"));
  return false;
}

ExitCode ShowMoved(Session& session, const v1::RecordMoveRequest& request, const v1::RecordMoveResponse& response) {
  ExitCode code = ExitCode::kDone;
  if (session.json()) session.PrintJson(response);
  Table table = ResidentTable();
  for (int i = 0; i < response.results_size(); ++i) {
    const auto& result = response.results(i);
    if (!result.has_error()) {
      AddResident(result.resident(), &table);
      continue;
    }
    Failure failure = Explain(rpc::FromRpc(result.error()), nullptr);
    if (i < request.names_size()) failure.sentence = absl::StrCat(request.names(i), ": ", failure.sentence);
    code = std::max(code, session.Fail(failure));
  }
  if (!session.json() && !table.empty()) table.Print(session.console.out, session.console.out_columns());
  return code;
}

ExitCode Move(Session& session, const Options& options) {
  ExitCode code = ExitCode::kDone;
  const auto fields = FieldsOrUsage(session,
                                    {{"move_date", "Date of the move (YYYY-MM-DD)"},
                                     {"address", "New address"},
                                     {"postal_code", "New postal code (seven digits)"},
                                     {"municipality_code", "New municipality code (six digits)"}},
                                    &code);
  if (!fields) return code;
  v1::RecordMoveRequest request;
  for (const std::string& name : options.names) request.add_names(name);
  if (!ReadDateField(session, *fields, "move_date", request.mutable_move_date(), &code)) return code;
  const ResidentRow row = AsRow(*fields);
  request.set_address(std::string(row[kAddress]));
  request.set_postal_code(std::string(row[kPostalCode]));
  request.set_municipality_code(std::string(row[kMunicipalityCode]));
  v1::RecordMoveResponse response;
  code = session.Write("RecordMove", &Stub::RecordMove, request, &response);
  return code == ExitCode::kDone ? ShowMoved(session, request, response) : code;
}

ExitCode Depart(Session& session, const Options& options) {
  ExitCode code = ExitCode::kDone;
  const auto fields = FieldsOrUsage(session, {{"departure_date", "Date of departure (YYYY-MM-DD)"}}, &code);
  v1::RecordDepartureRequest request;
  request.set_name(options.names[0]);
  if (!fields || !ReadDateField(session, *fields, "departure_date", request.mutable_departure_date(), &code))
    return code;
  v1::Resident resident;
  return ShowIfDone(session, session.Write("RecordDeparture", &Stub::RecordDeparture, request, &resident), resident);
}

ExitCode Return(Session& session, const Options& options) {
  ExitCode code = ExitCode::kDone;
  std::vector<Field> wanted = DetailsFields(/*all_required=*/true);
  wanted.insert(wanted.begin(), {"return_date", "Date of return (YYYY-MM-DD)"});
  const auto fields = FieldsOrUsage(session, wanted, &code);
  v1::RecordReturnRequest request;
  request.set_name(options.names[0]);
  if (!fields || !ReadDateField(session, *fields, "return_date", request.mutable_return_date(), &code)) return code;
  if (auto refusal = WriteDetails(AsRow(*fields), request.mutable_details())) return session.Refuse(refusal->sentence);
  v1::Resident resident;
  return ShowIfDone(session, session.Write("RecordReturn", &Stub::RecordReturn, request, &resident), resident);
}

ExitCode Death(Session& session, const Options& options) {
  ExitCode code = ExitCode::kDone;
  const auto fields = FieldsOrUsage(session, {{"death_date", "Date of death (YYYY-MM-DD)"}}, &code);
  v1::RecordDeathRequest request;
  request.set_name(options.names[0]);
  if (!fields || !ReadDateField(session, *fields, "death_date", request.mutable_death_date(), &code)) return code;
  v1::Resident resident;
  return ShowIfDone(session, session.Write("RecordDeath", &Stub::RecordDeath, request, &resident), resident);
}

ExitCode Void(Session& session, const Options& options) {
  v1::VoidRegistrationRequest request;
  request.set_name(options.names[0]);
  request.set_evidence(options.evidence);
  request.set_reason(options.reason);
  v1::Resident resident;
  return ShowIfDone(session, session.Write("VoidRegistration", &Stub::VoidRegistration, request, &resident), resident);
}

ExitCode ChangeCode(Session& session, const Options& options) {
  ExitCode code = ExitCode::kDone;
  const auto fields =
      FieldsOrUsage(session, {{"resident_record_code", "New resident record code (eleven digits)"}}, &code);
  if (!fields) return code;
  v1::ChangeResidentRecordCodeRequest request;
  request.set_name(options.names[0]);
  request.set_new_resident_record_code(std::string(AsRow(*fields)[kRecordCode]));
  request.set_evidence(options.evidence);
  v1::Resident resident;
  code = session.Write("ChangeResidentRecordCode", &Stub::ChangeResidentRecordCode, request, &resident);
  return ShowIfDone(session, code, resident);
}

using Run = ExitCode (*)(Session&, const Options&);

std::shared_ptr<Options> Add(CLI::App& resident, Session& session, const char* name, const char* description, Run run,
                             CLI::App** added) {
  auto options = std::make_shared<Options>();
  *added = resident.add_subcommand(name, description);
  (*added)->callback(
      [&session, options, run] { session.action = [&session, options, run] { return run(session, *options); }; });
  return options;
}

}  // namespace

void AddResidentWrites(CLI::App& resident, Session& session) {
  constexpr const char* kName = "residents/<32 hexadecimal digits>";
  CLI::App* command = nullptr;
  auto options = Add(resident, session, "move", "Record a move of one or all of a household; standard input: "
                     "{move_date, address, postal_code, municipality_code}", Move, &command);
  command->add_option("NAME", options->names, kName)->required();
  options = Add(resident, session, "depart", "Record that a resident left Japan; standard input: {departure_date}",
                Depart, &command);
  command->add_option("NAME", options->names, kName)->required()->expected(1);
  options = Add(resident, session, "return", "Record that a resident came back; standard input: {return_date} and the "
                "details as they are now", Return, &command);
  command->add_option("NAME", options->names, kName)->required()->expected(1);
  options = Add(resident, session, "death", "Record a death; standard input: {death_date}", Death, &command);
  command->add_option("NAME", options->names, kName)->required()->expected(1);
  options = Add(resident, session, "void", "Void a registration that was made by mistake", Void, &command);
  command->add_option("NAME", options->names, kName)->required()->expected(1);
  command->add_option("--evidence", options->evidence, "What shows the mistake: a file's reference")->required();
  command->add_option("--reason", options->reason, "Why, without personal data")->required();
  options = Add(resident, session, "change-code", "Change the resident record code, the number stays; standard input: "
                "{resident_record_code}", ChangeCode, &command);
  command->add_option("NAME", options->names, kName)->required()->expected(1);
  command->add_option("--evidence", options->evidence, "What asks for the change: a file's reference")->required();
}

}  // namespace mynumber::mynumberctl
