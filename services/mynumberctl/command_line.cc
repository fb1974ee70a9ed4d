#include "services/mynumberctl/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/mynumberctl/checkpoint_commands.h"
#include "services/mynumberctl/commands.h"
#include "services/mynumberctl/display_text.h"
#include "services/mynumberctl/session.h"

namespace mynumber::mynumberctl {
namespace {

constexpr char kFooter[] =
    "Personal data is never given on the command line: commands ask for it at prompts, or read a JSON object from "
    "standard input.\n"
    "Results go to standard output; progress, notes and errors to standard error.\n"
    "A terminal that is narrow gets fewer columns of a table: --output json has all of them.\n"
    R"(
Ends with:
  0  done
  1  refused, or differences found
  2  wrong usage: nothing was sent
  3  server not reachable or not ready: safe to repeat
  4  outcome unknown: ask `mynumberctl outcome KEY`
  5  a fault of the server or of this program)";
// Settings stand behind every command too, which only the first help tells.
constexpr char kCommandFooter[] =
    "More: `mynumberctl --help` tells the settings that every command takes (--server, --output, --clerk, ...).";

void AddSettings(CLI::App& app, Settings* settings) {
  app.add_option("--server", settings->server, "HOST:PORT, or several: HOST:PORT,HOST:PORT")
      ->envname("MYNUMBER_SERVER")
      ->capture_default_str();
  app.add_option("--certificates", settings->certificates,
                 "Folder of your certificate, its key, and whom to believe; without it only a server on loopback")
      ->envname("MYNUMBER_CERTIFICATES");
  app.add_option("--output", settings->output, "How results are written (protobuf: log export only)")
      ->check(CLI::IsMember({"table", "json", "protobuf"}))
      ->capture_default_str();
  app.add_option("--timeout-seconds", settings->timeout_seconds,
                 "For one call; loads, verify, export and import take their time")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--authority", settings->authority,
                 "Who asks, as municipality/131016; default: as the certificate says")
      ->envname("MYNUMBER_AUTHORITY");
  app.add_option("--clerk", settings->clerk, "The clerk's id at that authority")->envname("MYNUMBER_CLERK");
  app.add_option("--request-id", settings->request_id, "Repeat an earlier request (UUID); default: a fresh one");
  app.add_flag("--show-number", settings->show_number, "Show Individual Numbers in clear, not ********1234");
}

void AddCommands(CLI::App& app, Session& session) {
  auto* resident = app.add_subcommand("resident", "Residents and what is recorded of them")->require_subcommand(1);
  AddRegister(*resident, session);
  AddResidentReads(*resident, session);
  AddResidentWrites(*resident, session);
  AddCorrect(*resident, session);
  auto* erasure = app.add_subcommand("erasure", "Destroying all that is known of a resident")->require_subcommand(1);
  AddErasureCommands(*erasure, session);
  AddErasureRecordCommands(*erasure, session);
  auto* number = app.add_subcommand("number", "Individual Numbers")->require_subcommand(1);
  AddNumberCommands(*number, session);
  AddValidate(*number, session);
  AddAuditCommands(app, session);
  AddAccessRecords(app, session);
  auto* notice = app.add_subcommand("notice", "Notices, and where they are")->require_subcommand(1);
  AddNoticeReads(*notice, session);
  AddNoticeWrites(*notice, session);
  auto* work = notice->add_subcommand("work", "What needs a person")->require_subcommand(1);
  AddNoticeWork(*work, session);
  AddApplicationCommands(*app.add_subcommand("application", "Applications for cards")->require_subcommand(1), session);
  AddCardCommands(*app.add_subcommand("card", "Cards, from the factory on")->require_subcommand(1), session);
  AddHotlineCommands(*app.add_subcommand("hotline", "Cases of the suspension hotline")->require_subcommand(1), session);
  AddPost(*app.add_subcommand("post", "The post office's side of notices")->require_subcommand(1), session);
  auto* log = app.add_subcommand("log", "The log of events")->require_subcommand(1);
  AddLogExport(*log, session);
  AddCheckpoint(*log, session);
  AddLogImport(*log, session);
  AddOperations(app, session);
}

// The settings may stand behind the command too.
void LetSettingsStandAnywhere(CLI::App* app) {
  for (CLI::App* command : app->get_subcommands([](CLI::App*) { return true; })) {
    command->fallthrough();
    LetSettingsStandAnywhere(command);
  }
}

// Only what looks like a misspelt command is repeated: a word that is personal data does not belong into an error.
bool LooksLikeACommand(const std::string& word) {
  return word.size() <= 20 &&
         std::all_of(word.begin(), word.end(), [](char c) { return absl::ascii_islower(c) || c == '-'; });
}

std::string WhatIsWrong(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* parsed = &app;
  std::string command = "mynumberctl";
  while (!parsed->get_subcommands().empty()) {
    parsed = parsed->get_subcommands().back();
    command += " " + parsed->get_name();
  }
  if (parsed->get_subcommands([](const CLI::App*) { return true; }).empty()) {
    return absl::StrCat(error.what(), "; `", command, " --help` tells its options");
  }
  const std::vector<std::string> words = app.remaining(/*recurse=*/true);
  const bool misspelt = !words.empty() && LooksLikeACommand(words[0]);
  return absl::StrCat(misspelt ? absl::StrCat("there is no command '", words[0], "'") : "a command is missing", ": `",
                      command, " --help` lists them");
}

}  // namespace

ExitCode RunCommandLine(int argc, const char* const* argv, const Console& console) {
  Session session(console);
  CLI::App app("Client of mynumber: registers residents, shows and checks what stands.", "mynumberctl");
  app.footer(kCommandFooter);  // the commands take it over from here
  app.require_subcommand(1);
  AddSettings(app, &session.settings);
  AddCommands(app, session);
  app.footer(kFooter);
  LetSettingsStandAnywhere(&app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    std::ostringstream text;
    app.exit(help, text, console.err);
    console.out << WrapHelp(text.str(), console.columns);
    return ExitCode::kDone;
  } catch (const CLI::ParseError& error) {
    return session.Usage(WhatIsWrong(app, error));
  }
  if (session.settings.output == "protobuf" && !app.got_subcommand("log")) {
    return session.Usage("--output protobuf is for `log export` alone: take table or json");
  }
  return session.action();
}

}  // namespace mynumber::mynumberctl
