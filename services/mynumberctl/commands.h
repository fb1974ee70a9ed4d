#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_COMMANDS_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_COMMANDS_H_

#include <CLI/CLI.hpp>

#include <memory>

#include "services/mynumberctl/session.h"

namespace mynumber::mynumberctl {

// A command whose parsing makes `run(session, options)` the session's action. `session` outlives `app`.
template <typename Options>
CLI::App* AddAction(CLI::App& app, Session& session, const std::shared_ptr<Options>& options, const char* name,
                    const char* what, ExitCode (*run)(Session&, const Options&)) {
  auto* command = app.add_subcommand(name, what);
  command->callback([&session, options, run] {
    session.action = [&session, options, run] { return run(session, *options); };
  });
  return command;
}

// Of a list (PrintPages in pages.h).
inline void AddLimit(CLI::App* command, int* limit) {
  command->add_option("--limit", *limit, "At most so many; 0: all")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
}

// Each adds commands to `app`; parsing one sets session.action. `session` outlives both.
void AddRegister(CLI::App& resident, Session& session);
void AddResidentReads(CLI::App& resident, Session& session);   // show, list, find
void AddResidentWrites(CLI::App& resident, Session& session);  // move, depart, return, death, void, change-code
void AddErasureCommands(CLI::App& erasure, Session& session);        // request, approve, withdraw
void AddErasureRecordCommands(CLI::App& erasure, Session& session);  // records, again
void AddCorrect(CLI::App& resident, Session& session);
void AddNumberCommands(CLI::App& number, Session& session);  // disclose, find, replace
void AddValidate(CLI::App& number, Session& session);
void AddAuditCommands(CLI::App& app, Session& session);  // disclosures, outcome, digest
void AddAccessRecords(CLI::App& app, Session& session);
void AddOperations(CLI::App& app, Session& session);     // status, verify, lost-answers
void AddLogExport(CLI::App& log, Session& session);
void AddLogImport(CLI::App& log, Session& session);
void AddNoticeReads(CLI::App& notice, Session& session);   // get, list, explain, watch
void AddNoticeWrites(CLI::App& notice, Session& session);  // render, resend, pick-up, handover, ...
void AddNoticeWork(CLI::App& work, Session& session);      // list, claim, resolve
void AddApplicationCommands(CLI::App& application, Session& session);  // start, confirm, submit, mailed, ...
void AddCardCommands(CLI::App& card, Session& session);                // produce, arrive, issue, suspend, ...
void AddHotlineCommands(CLI::App& hotline, Session& session);  // open, identify, suspend, police-report, ...
void AddPost(CLI::App& post, Session& session);  // register-range, manifest, import, simulate, unknown-words

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_COMMANDS_H_
