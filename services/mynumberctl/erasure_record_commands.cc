#include <memory>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/mynumberctl/commands.h"
#include "services/mynumberctl/message_lines.h"
#include "services/mynumberctl/pages.h"
#include "services/mynumberctl/request_ids.h"
#include "services/mynumberctl/show.h"
#include "services/mynumberctl/table.h"

namespace mynumber::mynumberctl {
namespace {

namespace events = mynumber::issuance::events::v1;
using Stub = v1::IssuanceService::Stub;

struct Options {
  std::string file;
};

ExitCode Records(Session& session, const Options& options) {
  v1::ListErasuresRequest request;
  *request.mutable_actor() = session.Actor();
  std::vector<v1::ErasureRecord> records;
  ExitCode code = ReadPages(session, &Stub::ListErasures, request, [&](const v1::ListErasuresResponse& page) {
    records.insert(records.end(), page.erasures().begin(), page.erasures().end());
  });
  if (code == ExitCode::kDone && !options.file.empty()) {
    code = WriteLines(session, options.file, std::ios::trunc, records);
  }
  if (code != ExitCode::kDone) return code;
  Table table({{"NAME"}, {"GROUND"}, {"ERASED (JST)"}, {"REFERENCE", Align::kLeft, Fit::kWrap}});
  for (const auto& one : records) {
    if (session.json()) session.PrintJson(one);
    table.Add({one.name(), ShowEnum(events::ErasureGround_Name(one.erasure().ground()), "ERASURE_GROUND_"),
               ShowTime(one.erase_time()), one.erasure().reference()});
  }
  if (session.json()) return code;
  if (!records.empty()) table.Print(session.console.out, session.console.out_columns());
  session.console.out << Grouped(records.size()) << " residents were erased";
  if (!records.empty()) session.console.out << ", signed by " << absl::BytesToHexString(records.front().public_key());
  session.console.out << ".\n";
  return code;
}

// Whoever was registered after the log's last record is no error: there is nothing to erase.
ExitCode AgainByFile(Session& session, const Options& options) {
  std::vector<v1::ErasureRecord> records;
  const ExitCode code =
      ReadLines(session, options.file, "record as `mynumberctl erasure records --file` writes it; nothing was sent",
                &records);
  if (code != ExitCode::kDone) return code;
  if (!session.Connect()) return ExitCode::kUnavailable;
  size_t unknown = 0;
  for (size_t i = 0; i < records.size(); ++i) {
    v1::EraseAgainRequest request;
    request.set_request_id(RandomRequestId());
    *request.mutable_actor() = session.Actor();
    *request.mutable_record() = records[i];
    grpc::ClientContext context;
    session.SetDeadline(&context);
    v1::EraseAgainResponse response;
    const grpc::Status status = session.issuance().EraseAgain(&context, request, &response);
    if (status.error_code() == grpc::StatusCode::NOT_FOUND) {
      ++unknown;
    } else if (!status.ok()) {
      session.console.err << options.file << ", line " << i + 1 << ", stopped here; the same command goes on:\n";
      return session.Fail(status);
    }
  }
  session.console.out << Grouped(records.size() - unknown) << " residents are erased, " << Grouped(unknown)
                      << " are not known here.\n";
  return ExitCode::kDone;
}

}  // namespace

void AddErasureRecordCommands(CLI::App& erasure, Session& session) {
  auto options = std::make_shared<Options>();
  auto* records = AddAction(erasure, session, options, "records",
                            "Who was ever erased, signed: keep it where no copy of the log is", Records);
  records->add_option("--file", options->file, "Write them here, one JSON line each");

  options = std::make_shared<Options>();
  auto* again = AddAction(erasure, session, options, "again",
                          "After a log from before was restored: erase at once, by the records", AgainByFile);
  again->add_option("--file", options->file, "As `erasure records` wrote it")->required();
}

}  // namespace mynumber::mynumberctl
