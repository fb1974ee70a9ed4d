#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>

#include "libs/calendar/date.h"
#include "services/mynumberctl/commands.h"
#include "services/mynumberctl/fields.h"
#include "services/mynumberctl/pages.h"
#include "services/mynumberctl/post_commands.h"
#include "services/mynumberctl/private_file.h"
#include "services/mynumberctl/resident_row.h"
#include "services/mynumberctl/show_card.h"

namespace mynumber::mynumberctl {
namespace {

namespace events = mynumber::card::events::v1;
using namespace card::v1;  // NOLINT: requests and answers of this file
using Stub = CardService::Stub;

const std::map<std::string, events::ApplicationWay> kWays = {
    {"smartphone", events::APPLICATION_WAY_SMARTPHONE},
    {"computer", events::APPLICATION_WAY_COMPUTER},
};
const std::map<std::string, events::PhotoDefect> kDefects = {
    {"head-turned", events::PHOTO_DEFECT_HEAD_TURNED},
    {"background-not-plain", events::PHOTO_DEFECT_BACKGROUND_NOT_PLAIN},
    {"unnatural-face", events::PHOTO_DEFECT_UNNATURAL_FACE},
    {"background-shadow", events::PHOTO_DEFECT_BACKGROUND_SHADOW},
    {"blurred", events::PHOTO_DEFECT_BLURRED},
    {"hat-or-sunglasses", events::PHOTO_DEFECT_HAT_OR_SUNGLASSES},
    {"edited", events::PHOTO_DEFECT_EDITED},
    {"wrong-size", events::PHOTO_DEFECT_WRONG_SIZE},
    {"too-old", events::PHOTO_DEFECT_TOO_OLD},
};

struct Options {
  std::string name;
  std::string way;
  std::string photo;
  std::string received;
  std::string photo_taken;
  std::string municipality;
  std::string state;
  std::vector<std::string> defects;
  bool good = false;
  int limit = 50;
};

mynumber::type::Actor Site(const Session& session) {
  mynumber::type::Actor actor = session.Actor();
  if (actor.authority().empty()) actor.set_authority("application-site");
  return actor;
}

std::string Of(const Fields& fields, const std::string& name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string() : found->second;
}

bool ReadPhoto(const Session& session, const std::string& path, std::string* photo) {
  if (path.empty()) return true;
  std::ifstream file(path, std::ios::binary);
  photo->assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  if (file) return true;
  session.Usage("the file that --photo names cannot be read");
  return false;
}

template <typename Request>
ExitCode Change(Session& session, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Application*),
                const Request& request) {
  Application application;
  const ExitCode code = session.Write("", method, request, &application);
  if (code == ExitCode::kDone) ShowApplication(session, application);
  return code;
}

ExitCode StartOne(Session& session, const Options& options) {
  const auto fields = ReadFields(session.console, {{"application_id", "Application ID"}, {"email", "E-mail address"}});
  if (!fields.ok()) return session.Usage(std::string(fields.status().message()));
  StartApplicationRequest request;
  *request.mutable_actor() = Site(session);
  request.set_application_id(Of(*fields, "application_id"));
  request.set_email(Of(*fields, "email"));
  request.set_way(kWays.at(options.way));
  return Change(session, &Stub::StartApplication, request);
}

ExitCode Confirm(Session& session, const Options&) {
  const auto fields = ReadFields(session.console, {{"token", "Token of the link"}});
  if (!fields.ok()) return session.Usage(std::string(fields.status().message()));
  ConfirmEmailRequest request;
  *request.mutable_actor() = Site(session);
  request.set_token(Of(*fields, "token"));
  return Change(session, &Stub::ConfirmEmail, request);
}

ExitCode Submit(Session& session, const Options& options) {
  SubmitApplicationRequest request;
  *request.mutable_actor() = Site(session);
  request.set_name(options.name);
  if (!ReadPhoto(session, options.photo, request.mutable_photo())) return ExitCode::kUsage;
  return Change(session, &Stub::SubmitApplication, request);
}

ExitCode Mailed(Session& session, const Options& options) {
  const auto fields = ReadFields(session.console, {{"application_id", "Application ID on the form"}});
  if (!fields.ok()) return session.Usage(std::string(fields.status().message()));
  RecordMailedApplicationRequest request;
  request.set_application_id(Of(*fields, "application_id"));
  calendar::Day received, taken;
  if (!ReadDay(session, options.received, "--received", &received)) return ExitCode::kUsage;
  if (!ReadDay(session, options.photo_taken, "--photo-taken", &taken)) return ExitCode::kUsage;
  *request.mutable_received_date() = calendar::ToDate(received);
  *request.mutable_photo_taken_date() = calendar::ToDate(taken);
  request.add_documents(events::DOCUMENT_APPLICATION_FORM);
  request.set_return_envelope(true);
  if (!ReadPhoto(session, options.photo, request.mutable_photo())) return ExitCode::kUsage;
  return Change(session, &Stub::RecordMailedApplication, request);
}

ExitCode Status(Session& session, const Options&) {
  const auto fields = ReadFields(session.console,
                                 {{"application_id", "Application ID"}, {"birth_date", "Birth date (YYYY-MM-DD)"}});
  if (!fields.ok()) return session.Usage(std::string(fields.status().message()));
  GetApplicationStatusRequest request;
  request.set_application_id(Of(*fields, "application_id"));
  if (!ReadDate(Of(*fields, "birth_date"), request.mutable_birth_date())) {
    return session.Usage("birth_date is not a date as 2016-04-01: write year, month and day");
  }
  GetApplicationStatusResponse response;
  const ExitCode code = session.Read(&Stub::GetApplicationStatus, request, &response);
  if (code != ExitCode::kDone) return code;
  if (session.json()) {
    session.PrintJson(response);
  } else {
    session.console.out << response.sentence_ja() << '\n' << response.sentence_en() << '\n';
  }
  return code;
}

ExitCode Show(Session& session, const Options& options) {
  GetApplicationRequest request;
  *request.mutable_actor() = session.Actor();
  request.set_name(options.name);
  Application application;
  const ExitCode code = session.Read(&Stub::GetApplication, request, &application);
  if (code == ExitCode::kDone) ShowApplication(session, application);
  return code;
}

// A clerk's look: the photograph goes into a file.
ExitCode Look(Session& session, const Options& options) {
  StartReviewRequest request;
  request.set_name(options.name);
  StartReviewResponse response;
  ExitCode code = session.Write("", &Stub::StartReview, request, &response);
  if (code != ExitCode::kDone) return code;
  PrivateFile file;
  if (!response.photo().empty() && !file.Open(session, options.photo, "--photo")) return ExitCode::kUsage;
  if (file.out() != nullptr) {
    *file.out() << response.photo();
    code = file.Close(session, code);
  }
  ShowApplication(session, response.application());
  return code;
}

ExitCode Review(Session& session, const Options& options) {
  if (!options.good && options.defects.empty()) return Look(session, options);
  if (options.good && !options.defects.empty()) return session.Usage("give either --good or --defect");
  ReviewPhotoRequest request;
  request.set_name(options.name);
  for (const std::string& defect : options.defects) request.add_defects(kDefects.at(defect));
  return Change(session, &Stub::ReviewPhoto, request);
}

ExitCode Withdraw(Session& session, const Options& options) {
  WithdrawApplicationRequest request;
  request.set_name(options.name);
  return Change(session, &Stub::WithdrawApplication, request);
}

ExitCode List(Session& session, const Options& options) {
  ListApplicationsRequest request;
  *request.mutable_actor() = session.ActorFor(options.municipality);
  request.set_municipality_code(options.municipality);
  request.set_state(ApplicationStates().at(options.state));
  return PrintPages(
      session, &Stub::ListApplications, request, options.limit,
      [](const auto& page) -> const auto& { return page.applications(); }, AddApplication, ApplicationTable());
}

using Run = ExitCode (*)(Session&, const Options&);

}  // namespace

void AddApplicationCommands(CLI::App& app, Session& session) {
  auto options = std::make_shared<Options>();
  const auto add = [&](const char* name, const char* what, Run run) {
    return AddAction(app, session, options, name, what, run);
  };
  const auto of_one = [&](const char* name, const char* what, Run run) {
    auto* command = add(name, what, run);
    command->add_option("NAME", options->name, "residents/<32 hexadecimal digits>/applications/<number>")->required();
    return command;
  };
  add("start", "Begin with a notice's application ID; asked for, or {application_id, email}", StartOne)
      ->add_option("--way", options->way, "How")->required()->check(CLI::IsMember(kWays));
  add("confirm", "The mailed link was opened; asked for, or {token}", Confirm);
  of_one("submit", "Send the photograph", Submit)->add_option("--photo", options->photo, "A JPEG file");
  auto* mailed = add("mailed", "A form came by post with its envelope; asked for, or {application_id}", Mailed);
  mailed->add_option("--received", options->received, "YYYY-MM-DD")->required();
  mailed->add_option("--photo-taken", options->photo_taken, "YYYY-MM-DD")->required();
  mailed->add_option("--photo", options->photo, "The scanned photograph, a JPEG file");
  add("status", "What the public is told; asked for, or {application_id, birth_date}", Status);
  of_one("show", "An application as it is now", Show);
  auto* review = of_one("review", "Begin the review, or say what came of it", Review);
  review->add_option("--photo", options->photo, "Where the photograph goes, which the file's owner alone can read");
  review->add_flag("--good", options->good, "The photograph is good");
  review->add_option("--defect", options->defects, "What is wrong with it; may be given again")
      ->check(CLI::IsMember(kDefects));
  of_one("withdraw", "Take it back, before it is with the factory", Withdraw);
  auto* list = add("list", "A municipality's applications by state", List);
  list->add_option("--municipality", options->municipality, "Six digits")->required();
  list->add_option("--state", options->state, "Which")->required()->check(CLI::IsMember(ApplicationStates()));
  AddLimit(list, &options->limit);
}

}  // namespace mynumber::mynumberctl
