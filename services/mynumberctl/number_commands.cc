#include <map>
#include <memory>
#include <string>

#include "services/mynumberctl/commands.h"
#include "services/mynumberctl/fields.h"
#include "services/mynumberctl/show.h"

namespace mynumber::mynumberctl {
namespace {

namespace events = mynumber::issuance::events::v1;
using Stub = v1::IssuanceService::Stub;

const std::map<std::string, events::Purpose> kPurposes = {
    {"tax", events::PURPOSE_TAX},
    {"social-security", events::PURPOSE_SOCIAL_SECURITY},
    {"disaster", events::PURPOSE_DISASTER},
    {"resident-request", events::PURPOSE_RESIDENT_REQUEST},
};
const std::map<std::string, events::ReplacementDecision> kDecisions = {
    {"mayor-on-request", events::REPLACEMENT_DECISION_MAYOR_ON_REQUEST},
    {"mayor-ex-officio", events::REPLACEMENT_DECISION_MAYOR_EX_OFFICIO},
};
const std::map<std::string, v1::ReplacementGround> kGrounds = {
    {"leak", v1::REPLACEMENT_GROUND_LEAK_WITH_RISK_OF_MISUSE},
    {"wish", v1::REPLACEMENT_GROUND_WISH},
};

// Texts rather than enums, so that --help shows the words.
struct Options {
  std::string name;
  std::string purpose;
  std::string reference;
  bool identity_confirmed = false;
  std::string ground = "leak";
  std::string evidence;
  std::string decision;
};

ExitCode Disclose(Session& session, const Options& options) {
  v1::DiscloseNumberRequest request;
  request.set_name(options.name);
  request.set_purpose(kPurposes.at(options.purpose));
  request.set_reference(options.reference);
  request.set_identity_confirmed(options.identity_confirmed);
  v1::DiscloseNumberResponse response;
  const ExitCode code = session.Write("DiscloseNumber", &Stub::DiscloseNumber, request, &response);
  if (code != ExitCode::kDone) return code;
  if (session.json()) {
    session.PrintJson(response);
  } else {
    Sheet sheet;
    sheet.Add("Resident", response.name());
    sheet.Add("Number", session.NumberToShow(response.individual_number(), ""));
    sheet.Print(session.console.out);
  }
  if (!session.settings.show_number) {
    session.console.err << "This look is recorded. To see the number without a second entry, repeat the command with "
                           "--show-number --request-id " << session.settings.request_id << '\n';
  }
  return code;
}

ExitCode FindByNumber(Session& session, const Options& options) {
  auto number = ReadSecret(session.console, "Individual Number (twelve digits)");
  if (!number.ok()) return session.Usage(std::string(number.status().message()));
  v1::FindResidentByNumberRequest request;
  request.set_individual_number(*number);
  request.set_purpose(kPurposes.at(options.purpose));
  request.set_reference(options.reference);
  request.set_identity_confirmed(options.identity_confirmed);
  v1::FindResidentByNumberResponse response;
  const ExitCode code = session.Write("FindResidentByNumber", &Stub::FindResidentByNumber, request, &response);
  if (code != ExitCode::kDone) return code;
  if (session.json()) {
    session.PrintJson(response);
    return code;
  }
  ShowResident(session, response.resident());
  if (response.former())
    session.console.err << "This number is a former one of the resident's: it has been replaced.\n";
  return code;
}

ExitCode Replace(Session& session, const Options& options) {
  v1::ReplaceNumberRequest request;
  request.set_name(options.name);
  request.set_ground(kGrounds.at(options.ground));
  request.set_evidence(options.evidence);
  request.set_decision(kDecisions.at(options.decision));
  v1::Resident resident;
  const ExitCode code = session.Write("ReplaceNumber", &Stub::ReplaceNumber, request, &resident);
  if (code == ExitCode::kDone) ShowResident(session, resident);
  return code;
}

void AddPurpose(CLI::App* command, Options* options) {
  command->add_option("--purpose", options->purpose, "Purpose of the Number Act")
      ->required()
      ->check(CLI::IsMember({"tax", "social-security", "disaster", "resident-request"}));
  command->add_option("--reference", options->reference, "The case that it is needed for")->required();
  command->add_flag("--identity-confirmed", options->identity_confirmed,
                    "You have confirmed the resident's identity (resident-request)");
}

}  // namespace

void AddNumberCommands(CLI::App& number, Session& session) {
  constexpr const char* kName = "residents/<32 hexadecimal digits>";
  auto* disclose = number.add_subcommand("disclose", "Look at a resident's number; the look is recorded");
  auto options = std::make_shared<Options>();
  disclose->add_option("NAME", options->name, kName)->required();
  AddPurpose(disclose, options.get());
  disclose->callback(
      [&session, options] { session.action = [&session, options] { return Disclose(session, *options); }; });

  auto* find =
      number.add_subcommand("find", "Whose number is it? The number is asked for, or the first line of standard input");
  options = std::make_shared<Options>();
  AddPurpose(find, options.get());
  find->callback(
      [&session, options] { session.action = [&session, options] { return FindByNumber(session, *options); }; });

  auto* replace = number.add_subcommand("replace", "Replace a number that leaked and may be misused");
  options = std::make_shared<Options>();
  replace->add_option("NAME", options->name, kName)->required();
  replace->add_option("--evidence", options->evidence, "Report, police receipt or the like")->required();
  replace->add_option("--decision", options->decision, "Who decided")
      ->required()
      ->check(CLI::IsMember({"mayor-on-request", "mayor-ex-officio"}));
  replace->add_option("--ground", options->ground, "A wish alone is always refused")
      ->check(CLI::IsMember({"leak", "wish"}))
      ->capture_default_str();
  replace->callback(
      [&session, options] { session.action = [&session, options] { return Replace(session, *options); }; });
}

}  // namespace mynumber::mynumberctl
