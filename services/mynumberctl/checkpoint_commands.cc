#include "services/mynumberctl/checkpoint_commands.h"

#include <map>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/log_copy/checkpoints.h"
#include "libs/sealing/running_hash.h"
#include "libs/sealing/signing_key.h"
#include "services/mynumberctl/commands.h"
#include "services/mynumberctl/display_text.h"
#include "services/mynumberctl/message_lines.h"
#include "services/mynumberctl/show.h"
#include "services/mynumberctl/table.h"

namespace mynumber::mynumberctl {
namespace {

using eventlog::v1::Checkpoint;
// Of each partition of each service.
using Checkpoints = std::map<std::pair<std::string, uint32_t>, std::vector<Checkpoint>>;

// Of all partitions that the servers own between them.
ExitCode Ask(const Session& session, std::vector<Checkpoint>* all) {
  const std::vector<std::string> servers = absl::StrSplit(session.settings.server, ',', absl::SkipEmpty());
  for (const std::string& server : servers) {
    Session one(session.console);
    one.settings = session.settings;
    one.settings.server = server;
    operations::GetCheckpointsResponse answer;
    const ExitCode code = one.Read(&operations::OperationsService::Stub::GetCheckpoints,
                                   operations::GetCheckpointsRequest(), &answer);
    if (code != ExitCode::kDone) return code;
    all->insert(all->end(), answer.checkpoints().begin(), answer.checkpoints().end());
  }
  return ExitCode::kDone;
}

ExitCode TakeCheckpoints(Session& session, const std::string& file) {
  std::vector<Checkpoint> all;
  const ExitCode code = Ask(session, &all);
  if (code != ExitCode::kDone) return code;
  if (all.empty()) return session.Refuse("none of these instances owns a partition now: name all of them in --server");
  const ExitCode kept = file.empty() ? ExitCode::kDone : WriteLines(session, file, std::ios::app, all);
  if (kept != ExitCode::kDone) return kept;
  Table table({{"SERVICE"}, {"PARTITION", Align::kRight}, {"SEQUENCE", Align::kRight}, {"RUNNING HASH"}});
  for (const Checkpoint& one : all) {
    if (session.json()) session.PrintJson(one);
    table.Add({one.service(), absl::StrCat(one.partition()), Grouped(one.sequence()),
               absl::BytesToHexString(one.running_hash()).substr(0, 16)});
  }
  if (session.json()) return code;
  table.Print(session.console.out, session.console.out_columns());
  session.console.out << "Signed by the key " << absl::BytesToHexString(all.front().public_key()) << '\n';
  return code;
}

// Whoever forges a file signs it with a key of their own: the key comes from elsewhere.
ExitCode Load(const Session& session, const ChainOptions& options, Checkpoints* checkpoints) {
  std::vector<Checkpoint> all;
  const ExitCode code = ReadLines(session, options.file,
                                  "checkpoint as `mynumberctl log checkpoint --file` writes it", &all);
  if (code != ExitCode::kDone) return code;
  const std::string key = absl::HexStringToBytes(options.key);
  for (size_t i = 0; i < all.size(); ++i) {
    if (!sealing::IsSignature(key, log_copy::StatementOf(all[i]), all[i].signature())) {
      return session.Refuse(absl::StrCat(options.file, ", line ", i + 1,
                                         ": it was not signed by this key, or was changed since"));
    }
    (*checkpoints)[{all[i].service(), all[i].partition()}].push_back(all[i]);
  }
  if (checkpoints->empty()) return session.Usage(absl::StrCat(options.file, " holds no checkpoint"));
  return ExitCode::kDone;
}

ExitCode Fold(Session& session, const std::string& service, uint32_t partition, log_copy::CheckpointFold* fold) {
  grpc::ClientContext context;
  operations::ExportLogRequest request;
  request.set_service(service);
  request.set_partition(partition);
  auto stream = session.operations().ExportLog(&context, request);
  for (operations::ExportLogResponse entry; stream->Read(&entry);) fold->Take(entry.offset(), entry.record());
  const grpc::Status status = stream->Finish();
  return status.ok() ? ExitCode::kDone : session.Fail(status);
}

}  // namespace

ExitCode VerifyChain(Session& session, const ChainOptions& options) {
  Checkpoints checkpoints;
  ExitCode code = Load(session, options, &checkpoints);
  if (code != ExitCode::kDone) return code;
  if (!session.Connect()) return ExitCode::kUnavailable;
  uint64_t agreed = 0;
  std::vector<std::string> findings;
  for (const auto& [of, signed_there] : checkpoints) {
    log_copy::CheckpointFold fold(of.second, signed_there, sealing::ChainBytes);
    code = Fold(session, of.first, of.second, &fold);
    if (code != ExitCode::kDone) return code;
    for (const std::string& one : fold.Findings()) findings.push_back(absl::StrCat(of.first, ", ", one));
    agreed += fold.agreed();
  }
  for (const std::string& one : findings) session.console.out << "problem: " << Printable(one) << '\n';
  session.console.out << Grouped(agreed) << " checkpoints of " << Grouped(checkpoints.size())
                      << " partitions are what the log comes to.\n"
                      << (findings.empty() ? "Clean: nothing before them was changed.\n" : "NOT CLEAN: see above.\n");
  return findings.empty() ? ExitCode::kDone : ExitCode::kRefused;
}

void AddCheckpoint(CLI::App& log, Session& session) {
  auto* command = log.add_subcommand("checkpoint", "Have the instances sign where their partitions stand, to be kept "
                                                   "elsewhere: `mynumberctl verify --chain` holds the log against it");
  auto file = std::make_shared<std::string>();
  command->add_option("--file", *file, "Append them here, one JSON line each");
  command->callback(
      [&session, file] { session.action = [&session, file] { return TakeCheckpoints(session, *file); }; });
}

}  // namespace mynumber::mynumberctl
