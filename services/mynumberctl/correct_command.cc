#include <memory>
#include <string>

#include "services/mynumberctl/commands.h"
#include "services/mynumberctl/fields.h"
#include "services/mynumberctl/show.h"

namespace mynumber::mynumberctl {
namespace {

namespace events = mynumber::issuance::events::v1;

struct Options {
  std::string name;
  std::string reason;
};

// What stands, as the texts that a person would give.
Fields AsFields(const events::ResidentDetails& details) {
  Fields fields = {{"full_name", details.full_name()},
                   {"alias", details.alias()},
                   {"name_kana", details.name_kana()},
                   {"birth_date", ShowDate(details.birth_date())},
                   {"address", details.address()},
                   {"postal_code", details.postal_code()},
                   {"municipality_code", details.municipality_code()},
                   {"period_of_stay_end", ShowDate(details.period_of_stay_end())}};
  if (details.residence_status() != events::RESIDENCE_STATUS_UNSPECIFIED) {
    constexpr size_t kPrefix = sizeof("RESIDENCE_STATUS_") - 1;
    fields["residence_status"] = events::ResidenceStatus_Name(details.residence_status()).substr(kPrefix);
  }
  return fields;
}

// Reads what stands, lays the given fields over it, and sends the whole: refused if somebody else changed it meanwhile.
ExitCode Correct(Session& session, const Options& options) {
  const auto given = ReadFields(session.console, DetailsFields(/*all_required=*/false));
  if (!given.ok()) return session.Usage(std::string(given.status().message()));
  v1::GetResidentRequest get;
  get.set_name(options.name);
  *get.mutable_actor() = session.Actor();
  v1::Resident resident;
  ExitCode code = session.Read(&v1::IssuanceService::Stub::GetResident, get, &resident);
  if (code != ExitCode::kDone) return code;

  Fields fields = AsFields(resident.details());
  for (const auto& [name, value] : *given) fields[name] = value;
  v1::CorrectResidentRequest request;
  if (auto refusal = WriteDetails(AsRow(fields), request.mutable_details())) return session.Refuse(refusal->sentence);
  request.set_name(options.name);
  request.set_reason(options.reason);
  request.set_expected_version(resident.version());
  code = session.Write("CorrectResident", &v1::IssuanceService::Stub::CorrectResident, request, &resident);
  if (code == ExitCode::kDone) ShowResident(session, resident);
  return code;
}

}  // namespace

void AddCorrect(CLI::App& resident, Session& session) {
  auto* correct = resident.add_subcommand(
      "correct", "Correct what is recorded of a resident; standard input: the fields that change, \"\" to empty one. "
                 "At prompts an empty answer keeps what stands");
  auto options = std::make_shared<Options>();
  correct->add_option("NAME", options->name, "residents/<32 hexadecimal digits>")->required();
  correct->add_option("--reason", options->reason, "Why, without personal data")->required();
  correct->callback(
      [&session, options] { session.action = [&session, options] { return Correct(session, *options); }; });
}

}  // namespace mynumber::mynumberctl
