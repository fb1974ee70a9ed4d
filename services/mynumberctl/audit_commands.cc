#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/mynumberctl/commands.h"
#include "services/mynumberctl/pages.h"
#include "services/mynumberctl/show.h"

namespace mynumber::mynumberctl {
namespace {

namespace events = mynumber::issuance::events::v1;
using Stub = v1::IssuanceService::Stub;

// "designation", "tax", "tax (search)" where the number was known and its resident sought, or "this history".
std::string ShowLook(const v1::Disclosure& look) {
  if (look.by_designation()) return "designation";
  if (look.way() == events::NumberDisclosed::WAY_HISTORY_GIVEN) return "this history";
  const std::string purpose = ShowEnum(events::Purpose_Name(look.purpose()), "PURPOSE_");
  return look.way() == events::NumberDisclosed::WAY_SEARCHED ? purpose + " (search)" : purpose;
}

// As JSON a look is a line; as a table all are shown at the end.
class Looks {
 public:
  template <class Response>
  void Take(Session& session, const Response& response) {
    for (const auto& look : response.disclosures()) {
      if (session.json()) session.PrintJson(look);
      table_.Add({ShowTime(look.time()), look.actor().authority(), look.actor().clerk_id(), ShowLook(look),
                  look.reference()});
    }
  }
  ExitCode Print(Session& session) {
    if (!session.json()) table_.Print(session.console.out, session.console.out_columns());
    return ExitCode::kDone;
  }

 private:
  Table table_{{{"WHEN (JST)"}, {"AUTHORITY"}, {"CLERK"}, {"LOOK"}, {"REFERENCE", Align::kLeft, Fit::kWrap}}};
};

// From `page_token` on; then prints all.
ExitCode ReadLooks(Session& session, const std::string& name, const std::string& page_token, Looks* looks) {
  v1::ListDisclosuresRequest request;
  *request.mutable_actor() = session.Actor();
  request.set_parent(name);
  request.set_page_token(page_token);
  const ExitCode code = ReadPages(session, &Stub::ListDisclosures, request,
                                  [&](const v1::ListDisclosuresResponse& page) { looks->Take(session, page); });
  if (code != ExitCode::kDone) return code;
  return looks->Print(session);
}

ExitCode Disclosures(Session& session, const std::string& name) {
  Looks looks;
  return ReadLooks(session, name, "", &looks);
}

struct HistoryOptions {
  std::string name;
  std::string reference;
  bool is_identity_confirmed = false;
};

ExitCode History(Session& session, const HistoryOptions& options) {
  v1::ExportAccessHistoryRequest request;
  request.set_name(options.name);
  request.set_reference(options.reference);
  request.set_identity_confirmed(options.is_identity_confirmed);
  v1::ExportAccessHistoryResponse response;
  const ExitCode code = session.Write("ExportAccessHistory", &Stub::ExportAccessHistory, request, &response);
  if (code != ExitCode::kDone) return code;
  Looks looks;
  looks.Take(session, response);
  if (response.next_page_token().empty()) return looks.Print(session);
  return ReadLooks(session, options.name, response.next_page_token(), &looks);
}

struct OutcomeOptions {
  std::string key;
  std::string method = "RegisterResident";
  std::string name;
};

ExitCode Outcome(Session& session, const OutcomeOptions& options) {
  v1::GetOutcomeRequest request;
  *request.mutable_actor() = session.Actor();
  request.set_request_id(options.key);
  request.set_method(options.method);
  request.set_name(options.name);
  v1::GetOutcomeResponse response;
  const ExitCode code = session.Read(&Stub::GetOutcome, request, &response);
  if (code != ExitCode::kDone) return code;
  const bool accepted = response.outcome() == v1::GetOutcomeResponse::OUTCOME_ACCEPTED;
  if (session.json()) {
    session.PrintJson(response);
  } else if (!accepted) {
    session.console.out << "Not accepted: it was refused, never arrived, or is older than receipts are kept. It is "
                           "safe to send again.\n";
  } else {
    session.console.out << "Accepted.\n";
    for (const auto& resident : response.residents()) ShowResident(session, resident);
  }
  return accepted ? ExitCode::kDone : ExitCode::kRefused;
}

struct DigestOptions {
  std::string municipality;
  bool show_key = false;
};

ExitCode Digest(Session& session, const DigestOptions& options) {
  v1::GetDigestRequest request;
  *request.mutable_actor() = session.ActorFor(options.municipality);
  request.set_municipality_code(options.municipality);
  v1::GetDigestResponse response;
  const ExitCode code = session.Read(&Stub::GetDigest, request, &response);
  if (code != ExitCode::kDone) return code;
  if (!options.show_key) response.clear_digest_key();
  if (session.json()) {
    session.PrintJson(response);
    return code;
  }
  Table table({{"PARTITION", Align::kRight}, {"RESIDENTS", Align::kRight}, {"DIGEST"}});
  uint64_t residents = 0;
  for (const auto& partition : response.partitions()) {
    table.Add(
        {absl::StrCat(partition.partition()), Grouped(partition.count()), absl::BytesToHexString(partition.digest())});
    residents += partition.count();
  }
  table.Print(session.console.out, session.console.out_columns());
  if (options.show_key) session.console.out << "Key " << absl::BytesToHexString(response.digest_key()) << '\n';
  session.console.err << ShowMunicipality(options.municipality) << ": " << Grouped(residents) << " residents\n";
  return code;
}

}  // namespace

void AddAuditCommands(CLI::App& app, Session& session) {
  auto* disclosures = app.add_subcommand("disclosures", "Who looked at this resident's number, when and why");
  auto name = std::make_shared<std::string>();
  disclosures->add_option("NAME", *name, "residents/<32 hexadecimal digits>")->required();
  disclosures->callback(
      [&session, name] { session.action = [&session, name] { return Disclosures(session, *name); }; });

  auto* history = app.add_subcommand("history", "The same for the resident who asks for it; giving it is noted");
  auto given = std::make_shared<HistoryOptions>();
  history->add_option("NAME", given->name, "residents/<32 hexadecimal digits>")->required();
  history->add_option("--reference", given->reference, "The resident's application for it")->required();
  history->add_flag("--identity-confirmed", given->is_identity_confirmed, "You have confirmed who the resident is");
  history->callback([&session, given] { session.action = [&session, given] { return History(session, *given); }; });

  auto* outcome = app.add_subcommand("outcome", "What became of a request; ends with 1 if it was not accepted");
  auto asked = std::make_shared<OutcomeOptions>();
  outcome->add_option("KEY", asked->key, "Its request id (UUID)")->required();
  outcome->add_option("--method", asked->method, "Its call, as RecordMove")->capture_default_str();
  outcome->add_option("--name", asked->name, "The resident that it was about, if known: quicker");
  outcome->callback([&session, asked] { session.action = [&session, asked] { return Outcome(session, *asked); }; });

  auto* digest =
      app.add_subcommand("digest", "Count and hash of a municipality's residents, to compare with its own register");
  auto options = std::make_shared<DigestOptions>();
  digest->add_option("MUNICIPALITY", options->municipality, "Its six-digit code")->required();
  digest->add_flag("--show-key", options->show_key, "Show the municipality's own digest key too");
  digest->callback([&session, options] { session.action = [&session, options] { return Digest(session, *options); }; });
}

}  // namespace mynumber::mynumberctl
