#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_POST_COMMANDS_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_POST_COMMANDS_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "libs/calendar/day.h"
#include "services/mynumberctl/session.h"

namespace mynumber::mynumberctl {

// What the commands of the post office have in common.

void AddPostImport(CLI::App& post, Session& session);
void AddPostManifest(CLI::App& post, Session& session);
void AddPostSimulate(CLI::App& post, Session& session);

// `run` is what `command` does; "post-office" asks, unless another authority is named.
void AsPostOffice(CLI::App* command, Session& session, std::function<ExitCode()> run);

calendar::Day TodayInTokyo();

// Writes `day`, unless `text` is empty. False after having said that `option` has no day.
bool ReadDay(const Session& session, const std::string& text, const char* option, calendar::Day* day);

// Gives every piece of the manifest of a posting day (absent: today by the server's clock) to `sink`, and says how many
// notices have no number.
ExitCode ReadManifest(Session& session, const postoffice::v1::GetManifestRequest& request,
                      const std::function<void(const postoffice::v1::ManifestPiece& piece)>& sink,
                      uint64_t* without_number);
// kRefused after having said it, unless `without_number` is 0.
ExitCode AllHaveNumbers(const Session& session, uint64_t without_number);

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_POST_COMMANDS_H_
