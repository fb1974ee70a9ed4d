#include <google/protobuf/util/json_util.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/mynumberctl/commands.h"
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

ExitCode ReadAll(Session& session, std::vector<v1::ErasureRecord>* records) {
  v1::ListErasuresRequest request;
  *request.mutable_actor() = session.Actor();
  request.set_page_size(1000);
  do {
    v1::ListErasuresResponse page;
    const ExitCode code = session.Read(&Stub::ListErasures, request, &page);
    if (code != ExitCode::kDone) return code;
    records->insert(records->end(), page.erasures().begin(), page.erasures().end());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return ExitCode::kDone;
}

ExitCode Records(Session& session, const Options& options) {
  std::vector<v1::ErasureRecord> records;
  const ExitCode code = ReadAll(session, &records);
  if (code != ExitCode::kDone) return code;
  if (!options.file.empty()) {
    std::ofstream out(options.file);
    for (const auto& one : records) out << ToJson(one, false) << '\n';
    if (!out.flush()) return session.Usage(absl::StrCat("cannot write ", options.file, ": name another with --file"));
  }
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

ExitCode Load(const Session& session, const std::string& file, std::vector<v1::ErasureRecord>* records) {
  std::ifstream in(file);
  if (!in) return session.Usage(absl::StrCat("cannot read ", file));
  std::string line;
  while (std::getline(in, line)) {
    if (google::protobuf::util::JsonStringToMessage(line, &records->emplace_back()).ok()) continue;
    return session.Usage(absl::StrCat(file, ", line ", records->size(), ": this is no record as `mynumberctl erasure "
                                      "records --file` writes it; nothing was sent"));
  }
  return ExitCode::kDone;
}

// Whoever was registered after the log's last record is no error: there is nothing to erase.
ExitCode AgainByFile(Session& session, const Options& options) {
  std::vector<v1::ErasureRecord> records;
  const ExitCode code = Load(session, options.file, &records);
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
