#include <map>
#include <memory>
#include <string>

#include "libs/calendar/date.h"
#include "services/mynumberctl/commands.h"
#include "services/mynumberctl/fields.h"
#include "services/mynumberctl/post_commands.h"
#include "services/mynumberctl/private_file.h"
#include "services/mynumberctl/show_notice.h"

namespace mynumber::mynumberctl {
namespace {

namespace events = mynumber::notice::events::v1;
using notice::v1::Notice;
using Stub = notice::v1::NoticeService::Stub;

const std::map<std::string, events::ResendWindow> kWindows = {
    {"8-12", events::RESEND_WINDOW_8_TO_12},   {"12-14", events::RESEND_WINDOW_12_TO_14},
    {"14-16", events::RESEND_WINDOW_14_TO_16}, {"16-18", events::RESEND_WINDOW_16_TO_18},
    {"18-20", events::RESEND_WINDOW_18_TO_20}, {"19-21", events::RESEND_WINDOW_19_TO_21},
};
const std::map<std::string, events::IdentityCheck> kChecks = {
    {"photo-document", events::IDENTITY_CHECK_PHOTO_DOCUMENT},
    {"two-documents", events::IDENTITY_CHECK_TWO_DOCUMENTS},
    {"agent", events::IDENTITY_CHECK_AGENT_WITH_POWER_OF_ATTORNEY},
};
const std::map<std::string, events::InvestigationOutcome> kOutcomes = {
    {"delivered", events::INVESTIGATION_OUTCOME_DELIVERED},
    {"delivered-elsewhere", events::INVESTIGATION_OUTCOME_DELIVERED_ELSEWHERE},
    {"lost", events::INVESTIGATION_OUTCOME_LOST},
    {"found-and-returned", events::INVESTIGATION_OUTCOME_FOUND_AND_RETURNED},
};

struct Options {
  std::string name;
  std::string file;
  std::string mayor_title;
  std::string mayor_name;
  std::string tracking_number;
  std::string day;
  std::string chosen;  // one of the words above
  std::string record;
};

// Sends `request` about the named notice, and shows how that stands then.
template <typename Request>
ExitCode Change(Session& session, const Options& options,
                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Notice*), Request request) {
  request.set_name(options.name);
  Notice notice;
  const ExitCode code = session.Write("", method, request, &notice);
  if (code == ExitCode::kDone) ShowNotice(session, notice);
  return code;
}

ExitCode Render(Session& session, const Options& options) {
  notice::v1::RenderNoticeRequest request;
  request.set_name(options.name);
  request.set_mayor_title(options.mayor_title);
  request.set_mayor_name(options.mayor_name);
  notice::v1::RenderNoticeResponse response;
  const ExitCode code = session.Write("", &Stub::RenderNotice, request, &response);
  if (code != ExitCode::kDone) return code;
  // Only now: a refusal leaves an earlier file as it is.
  PrivateFile file;
  if (!file.Open(session, options.file, "--file")) return ExitCode::kUsage;
  *file.out() << response.pdf();
  ShowNotice(session, response.notice());
  return file.Close(session, code);
}

ExitCode AskFor(Session& session, const Options& options, events::ResendWay way) {
  notice::v1::RequestResendRequest request;
  request.set_tracking_number(options.tracking_number);
  request.set_way(way);
  calendar::Day day;
  if (!ReadDay(session, options.day, "--day", &day)) return ExitCode::kUsage;
  *request.mutable_day() = calendar::ToDate(day);
  if (!options.chosen.empty()) request.set_window(kWindows.at(options.chosen));
  return Change(session, options, &Stub::RequestResend, request);
}

ExitCode Resend(Session& session, const Options& options) {
  return AskFor(session, options, events::RESEND_WAY_DELIVERY);
}

ExitCode PickUp(Session& session, const Options& options) {
  return AskFor(session, options, events::RESEND_WAY_PICK_UP);
}

ExitCode Handover(Session& session, const Options& options) {
  notice::v1::RecordCounterHandoverRequest request;
  request.set_identity_check(kChecks.at(options.chosen));
  return Change(session, options, &Stub::RecordCounterHandover, request);
}

ExitCode MailAgain(Session& session, const Options& options) {
  return Change(session, options, &Stub::MailAgain, notice::v1::MailAgainRequest());
}

ExitCode Destroy(Session& session, const Options& options) {
  notice::v1::RecordDestructionRequest request;
  request.set_record(options.record);
  return Change(session, options, &Stub::RecordDestruction, request);
}

ExitCode Dispute(Session& session, const Options& options) {
  const auto fields = ReadFields(session.console, {{"statement", "What the resident says"}});
  if (!fields.ok()) return session.Usage(std::string(fields.status().message()));
  notice::v1::DisputeDeliveryRequest request;
  const auto statement = fields->find("statement");
  if (statement != fields->end()) request.set_statement(statement->second);
  return Change(session, options, &Stub::DisputeDelivery, request);
}

ExitCode Investigate(Session& session, const Options& options) {
  notice::v1::RecordInvestigationRequest request;
  request.set_outcome(kOutcomes.at(options.chosen));
  request.set_record(options.record);
  return Change(session, options, &Stub::RecordInvestigation, request);
}

using Run = ExitCode (*)(Session&, const Options&);

CLI::App* Add(CLI::App& notice, Session& session, const char* name, const char* description, Run run,
              std::shared_ptr<Options>* options) {
  auto* command = notice.add_subcommand(name, description);
  *options = std::make_shared<Options>();
  command->add_option("NAME", (*options)->name, "residents/<32 hexadecimal digits>/notices/<number>")->required();
  command->callback([&session, options = *options, run] {
    session.action = [&session, options, run] { return run(session, *options); };
  });
  return command;
}

void AddContactForm(CLI::App* command, Options* options) {
  command->add_option("--tracking-number", options->tracking_number, "As on the contact form")->required();
  command->add_option("--day", options->day, "YYYY-MM-DD")->required();
}

}  // namespace

void AddNoticeWrites(CLI::App& notice, Session& session) {
  std::shared_ptr<Options> options;
  auto* command = Add(notice, session, "render", "Draw the notice as a PDF, which the file's owner alone can read; not "
                      "once it is posted", Render, &options);
  command->add_option("--file", options->file, "Where the PDF goes")->required();
  command->add_option("--mayor-title", options->mayor_title, "As it is printed")->required();
  command->add_option("--mayor-name", options->mayor_name, "As it is printed")->required();
  command = Add(notice, session, "resend", "Have it brought again, with what the contact form shows", Resend, &options);
  AddContactForm(command, options.get());
  command->add_option("--window", options->chosen, "Hours of the day")->required()->check(CLI::IsMember(kWindows));
  command = Add(notice, session, "pick-up", "Have it kept for the resident at the post office", PickUp, &options);
  AddContactForm(command, options.get());
  command = Add(notice, session, "handover", "Record that a returned notice was given to the resident", Handover,
                &options);
  command->add_option("--identity-check", options->chosen, "How identity was checked")
      ->required()
      ->check(CLI::IsMember(kChecks));
  Add(notice, session, "mail-again", "Send a returned notice out once more", MailAgain, &options);
  command = Add(notice, session, "destroy", "Record that a notice was destroyed, once its custody is over", Destroy,
                &options);
  command->add_option("--record", options->record, "The municipality's own record of it")->required();
  Add(notice, session, "dispute", "The resident says that it never came; standard input: {statement}", Dispute,
      &options);
  command = Add(notice, session, "investigate", "Record what the carrier's investigation came to", Investigate,
                &options);
  command->add_option("--outcome", options->chosen, "What it came to")->required()->check(CLI::IsMember(kOutcomes));
  command->add_option("--record", options->record, "Of the carrier's answer: a file's reference")->required();
}

}  // namespace mynumber::mynumberctl
