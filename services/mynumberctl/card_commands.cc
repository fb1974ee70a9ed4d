#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "libs/calendar/date.h"
#include "services/mynumberctl/commands.h"
#include "services/mynumberctl/pages.h"
#include "services/mynumberctl/post_commands.h"
#include "services/mynumberctl/show_card.h"

namespace mynumber::mynumberctl {
namespace {

namespace events = mynumber::card::events::v1;
using namespace card::v1;  // NOLINT: requests and answers of this file
using Stub = CardService::Stub;

const std::map<std::string, events::SuspensionReason> kReasons = {
    {"lost", events::SUSPENSION_REASON_LOST},
    {"stolen", events::SUSPENSION_REASON_STOLEN},
    {"misuse-feared", events::SUSPENSION_REASON_MISUSE_FEARED},
    {"found-by-another", events::SUSPENSION_REASON_FOUND_BY_ANOTHER},
    {"ex-officio", events::SUSPENSION_REASON_HELD_EX_OFFICIO},
};
const std::map<std::string, events::Document> kDocuments = {
    {"passport", events::DOCUMENT_PASSPORT},
    {"residence-card", events::DOCUMENT_RESIDENCE_CARD},
    {"driving-licence", events::DOCUMENT_DRIVING_LICENCE},
    {"other-photo-id", events::DOCUMENT_OTHER_PHOTO_ID},
    {"health-insurance", events::DOCUMENT_HEALTH_INSURANCE},
    {"pension-handbook", events::DOCUMENT_PENSION_HANDBOOK},
    {"issue-notice", events::DOCUMENT_ISSUE_NOTICE},
    {"number-notice", events::DOCUMENT_INDIVIDUAL_NUMBER_NOTICE},
    {"power-of-attorney", events::DOCUMENT_POWER_OF_ATTORNEY},
};

struct Options {
  std::string name;
  std::string date;
  bool ship = false;
  bool stale = false;
  std::string chosen;
  std::vector<std::string> documents;
  bool without_signature = false;
  std::string police_receipt;
  bool lost_at_home = false;
  std::string municipality;
  std::string until;
  int limit = 50;
};

mynumber::type::Actor Factory(const Session& session) {
  mynumber::type::Actor actor = session.Actor();
  if (actor.authority().empty()) actor.set_authority("factory");
  return actor;
}

// Sends `request` about the named card, and shows how that stands then.
template <typename Request>
ExitCode Change(Session& session, const Options& options,
                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Card*), Request request = {}) {
  request.set_name(options.name);
  Card card;
  const ExitCode code = session.Write("", method, request, &card);
  if (code == ExitCode::kDone) ShowCard(session, card);
  return code;
}

ExitCode ReportShipped(Session& session, const std::vector<std::string>& cards, const mynumber::type::Date& day) {
  constexpr size_t kAtOnce = 1000;
  size_t taken = 0;
  for (size_t from = 0; from < cards.size(); from += kAtOnce) {
    ReportProductionRequest request;
    *request.mutable_actor() = Factory(session);
    for (size_t i = from; i < std::min(cards.size(), from + kAtOnce); ++i) {
      auto* result = request.add_results();
      result->set_card(cards[i]);
      result->set_outcome(ProductionResult::OUTCOME_SHIPPED);
      *result->mutable_day() = day;
    }
    ReportProductionResponse response;
    const ExitCode code = session.Read(&Stub::ReportProduction, request, &response);
    if (code != ExitCode::kDone) return code;
    for (const auto& answer : response.answers()) {
      taken += answer.taken() ? 1 : 0;
      if (!answer.taken()) session.console.err << answer.card() << ": " << answer.refused_sentence() << '\n';
    }
  }
  session.console.err << taken << " of " << cards.size() << " reported as shipped\n";
  return taken == cards.size() ? ExitCode::kDone : ExitCode::kRefused;
}

// The factory's side: lists what is to be made, without names and pictures.
ExitCode Produce(Session& session, const Options& options) {
  calendar::Day day;
  if (!ReadDay(session, options.date, "--date", &day)) return ExitCode::kUsage;
  GetProductionBatchRequest request;
  *request.mutable_actor() = Factory(session);
  *request.mutable_batch_date() = calendar::ToDate(day);
  if (!session.Connect()) return ExitCode::kUnavailable;
  grpc::ClientContext context;
  const auto stream = session.card().GetProductionBatch(&context, request);
  std::vector<std::string> cards;
  GetProductionBatchResponse response;
  while (stream->Read(&response)) {
    for (const auto& order : response.orders()) {
      cards.push_back(order.card());
      session.console.out << order.card() << '\n';
    }
  }
  const grpc::Status status = stream->Finish();
  if (!status.ok()) return session.Fail(status);
  return options.ship ? ReportShipped(session, cards, request.batch_date()) : ExitCode::kDone;
}

ExitCode Arrive(Session& session, const Options& options) {
  return Change(session, options, &Stub::RecordArrival);
}
ExitCode SetUp(Session& session, const Options& options) { return Change(session, options, &Stub::SetUpCard); }
ExitCode Found(Session& session, const Options& options) { return Change(session, options, &Stub::ReportFound); }
ExitCode Notify(Session& session, const Options& options) { return Change(session, options, &Stub::SendIssueNotice); }

ExitCode Issue(Session& session, const Options& options) {
  IssueCardRequest request;
  for (const std::string& document : options.documents) request.add_documents(kDocuments.at(document));
  for (const auto pin : {events::PIN_AUTHENTICATION, events::PIN_RESIDENT_REGISTER, events::PIN_SURFACE_INPUT}) {
    request.add_pins_set(pin);
  }
  if (!options.without_signature) request.add_pins_set(events::PIN_SIGNATURE);
  request.set_without_signature_certificate(options.without_signature);
  return Change(session, options, &Stub::IssueCard, request);
}

ExitCode Show(Session& session, const Options& options) {
  GetCardRequest request;
  *request.mutable_actor() = session.Actor();
  request.set_name(options.name);
  Card card;
  const ExitCode code = session.Read(&Stub::GetCard, request, &card);
  if (code == ExitCode::kDone) ShowCard(session, card);
  return code;
}

ExitCode Status(Session& session, const Options& options) {
  GetCardStatusRequest request;
  *request.mutable_actor() = session.Actor();
  if (request.actor().authority().empty()) request.mutable_actor()->set_authority("terminal");
  request.set_name(options.name);
  request.set_stale(options.stale);
  CardStatus status;
  const ExitCode code = session.Read(&Stub::GetCardStatus, request, &status);
  if (code == ExitCode::kDone) ShowCardStatus(session, status);
  return code;
}

ExitCode Suspend(Session& session, const Options& options) {
  SuspendCardRequest request;
  request.set_name(options.name);
  request.set_reason(kReasons.at(options.chosen));
  SuspendCardResponse response;
  const ExitCode code = session.Write("", &Stub::SuspendCard, request, &response);
  if (code != ExitCode::kDone) return code;
  if (session.json()) {
    session.PrintJson(response);
    return code;
  }
  session.console.out << (response.was_suspended() ? "Suspended before\n" : "Suspended\n");
  ShowCardStatus(session, response.status());
  return code;
}

ExitCode Lift(Session& session, const Options& options) {
  LiftSuspensionRequest request;
  request.set_person_present(true);
  for (const std::string& document : options.documents) request.add_documents(kDocuments.at(document));
  request.set_police_receipt(options.police_receipt);
  request.set_lost_at_home(options.lost_at_home);
  return Change(session, options, &Stub::LiftSuspension, request);
}

ExitCode List(Session& session, const Options& options) {
  ListCardsRequest request;
  *request.mutable_actor() = session.ActorFor(options.municipality);
  request.set_municipality_code(options.municipality);
  request.set_state(CardStates().at(options.chosen));
  return PrintPages(
      session, &Stub::ListCards, request, options.limit, [](const auto& page) -> const auto& { return page.cards(); },
      AddCard, CardTable());
}

ExitCode Deadlines(Session& session, const Options& options) {
  ListDeadlinesRequest request;
  *request.mutable_actor() = session.ActorFor(options.municipality);
  request.set_municipality_code(options.municipality);
  calendar::Day until;
  if (!ReadDay(session, options.until, "--until", &until)) return ExitCode::kUsage;
  if (!options.until.empty()) *request.mutable_until() = calendar::ToDate(until);
  return PrintPages(
      session, &Stub::ListDeadlines, request, options.limit,
      [](const auto& page) -> const auto& { return page.deadlines(); }, AddDeadline, DeadlineTable());
}

using Run = ExitCode (*)(Session&, const Options&);

}  // namespace

void AddCardCommands(CLI::App& app, Session& session) {
  auto options = std::make_shared<Options>();
  const auto add = [&](const char* name, const char* what, Run run) {
    return AddAction(app, session, options, name, what, run);
  };
  const auto of_one = [&](const char* name, const char* what, Run run) {
    auto* command = add(name, what, run);
    command->add_option("NAME", options->name, "residents/<32 hexadecimal digits>/cards/<number>")->required();
    return command;
  };
  const auto in_town = [&](const char* name, const char* what, Run run) {
    auto* command = add(name, what, run);
    command->add_option("--municipality", options->municipality, "Six digits")->required();
    AddLimit(command, &options->limit);
    return command;
  };
  const auto shows = [&](CLI::App* command) {
    command->add_option("--document", options->documents, "By which the person is known; may be given again")
        ->required()
        ->check(CLI::IsMember(kDocuments));
    return command;
  };
  auto* produce = add("produce", "The factory's batch of a day", Produce);
  produce->add_option("--date", options->date, "YYYY-MM-DD; of today: orders what waits first")->required();
  produce->add_flag("--ship", options->ship, "Report all of it as shipped on that day");
  of_one("arrive", "The municipality has it", Arrive);
  of_one("set-up", "Ready to be handed over", SetUp);
  of_one("notice", "The resident is told to come for it", Notify);
  shows(of_one("issue", "Hand it over, the PINs being set at the terminal", Issue))
      ->add_flag("--without-signature", options->without_signature, "Without the signature certificate");
  of_one("show", "A card as it is now", Show);
  of_one("status", "Whether it may be used", Status)
      ->add_flag("--stale", options->stale, "As the rows have it, without asking the log");
  of_one("suspend", "Suspend it, at every hour", Suspend)
      ->add_option("--reason", options->chosen, "Why")->required()->check(CLI::IsMember(kReasons));
  of_one("found", "It is there again; still suspended", Found);
  auto* lift = shows(of_one("lift", "Lift a suspension, the person standing there", Lift));
  lift->add_option("--police-receipt", options->police_receipt, "Its number");
  lift->add_flag("--lost-at-home", options->lost_at_home, "The police has nothing to do with it");
  in_town("list", "A municipality's cards by state", List)
      ->add_option("--state", options->chosen, "Which")->required()->check(CLI::IsMember(CardStates()));
  in_town("deadlines", "What falls due at a municipality", Deadlines)
      ->add_option("--until", options->until, "YYYY-MM-DD; 60 days from today without");
}

}  // namespace mynumber::mynumberctl
