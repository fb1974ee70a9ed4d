#include "services/mynumberctl/load_command.h"

#include <memory>

#include "absl/strings/match.h"
#include "services/mynumberctl/display_text.h"
#include "services/mynumberctl/load_report.h"
#include "services/mynumberctl/private_file.h"
#include "services/mynumberctl/request_ids.h"
#include "services/mynumberctl/resident_row.h"
#include "services/mynumberctl/row_reader.h"

namespace mynumber::mynumberctl {
namespace {

absl::StatusOr<std::unique_ptr<RowReader>> OpenRows(std::istream& in, const LoadOptions& options) {
  std::string format = options.format;
  if (format.empty() && absl::EndsWithIgnoreCase(options.file, ".csv")) format = "csv";
  if (format.empty() &&
      (absl::EndsWithIgnoreCase(options.file, ".jsonl") || absl::EndsWithIgnoreCase(options.file, ".ndjson"))) {
    format = "jsonl";
  }
  if (format == "csv") return OpenCsv(in);
  if (format == "jsonl") return OpenJsonLines(in);
  return absl::InvalidArgumentError(
      "the file's name ends neither in .csv nor in .jsonl: say which it is with --format");
}

// A load safe to repeat needs its name space again; without one the server still recognises each resident by the code.
identifiers::RequestId NameSpaceOf(const Session& session, const LoadOptions& options) {
  const std::string path = options.namespace_file.empty() ? DefaultNameSpacePath() : options.namespace_file;
  const auto kept = LoadNameSpace(path);
  if (kept.ok()) return *kept;
  session.console.err << "Rows without a request_id get ids that a second run will not repeat: "
                      << kept.status().message() << ". Name a file to keep with --namespace-file.\n";
  return *identifiers::ParseRequestId(RandomRequestId());
}

class Load {
 public:
  Load(Session& session, const LoadOptions& options, RowReader& reader, uint64_t file_bytes, std::ostream* results)
      : session_(session),
        options_(options),
        reader_(reader),
        ids_(NameSpaceOf(session, options)),
        report_(results, options.rows_to_show, session.settings.show_number),
        progress_(session.console, "residents", file_bytes) {}

  ExitCode Run() {
    BulkOptions bulk = options_.bulk;
    bulk.actor = session_.Actor();
    BulkEnd end;
    end.status = BulkSend<RegisterResidents>(
        session_.issuance(), bulk,
        [this](v1::RegisterResidentRequest* row, uint64_t* line) { return NextRow(row, line); },
        [this](const BulkAnswer<RegisterResidents>& answer) {
          report_.OnAnswer(answer);
          progress_.OnAnswer(report_.registered() + report_.refused(), report_.refused());
        },
        &end.totals);
    end.refused = report_.refused();
    end.not_now = report_.not_now();
    end.unanswered = progress_.rows_read() - report_.registered() - end.refused;
    PrintAccount(end);
    if (!reader_.status().ok()) return session_.Usage(std::string(reader_.status().message()));
    return Conclude(session_, end, "nobody is registered twice");
  }

 private:
  bool NextRow(v1::RegisterResidentRequest* request, uint64_t* line) {
    const RowDefaults defaults{session_.settings.authority, session_.settings.clerk};
    ResidentRow row;
    RowRefusal refusal;
    for (;;) {
      const RowReader::Result result = reader_.Read(&row, &refusal);
      if (result == RowReader::Result::kEnd) return false;
      *line = reader_.line();
      progress_.OnRead(reader_.bytes_read());
      if (result == RowReader::Result::kRow) {
        auto refused = WriteRequest(row, defaults, ids_, request);
        if (!refused) return true;
        refusal = *std::move(refused);
      }
      report_.OnRefusal(*line, refusal);
    }
  }

  void PrintAccount(const BulkEnd& end) {
    std::ostream& out = session_.console.out;
    const std::string elapsed = progress_.Elapsed(report_.registered());
    if (session_.json()) {
      out << "{\"registered\":" << report_.registered() << ",\"refused\":" << end.refused
          << ",\"unanswered\":" << end.unanswered << ",\"sent_again\":" << end.totals.sent_again
          << ",\"connections\":" << end.totals.connections << ",\"seconds\":" << progress_.ElapsedSeconds() << "}\n";
      return;
    }
    report_.PrintRegistered(out, session_.console.out_columns());
    report_.PrintRefusals(out, session_.console.out_columns());
    out << Grouped(report_.registered()) << " residents are registered, " << Grouped(end.refused)
        << " rows were refused, " << elapsed;
    if (end.totals.connections > 1) out << "; connected " << end.totals.connections << " times";
    out << ".\n";
  }

  Session& session_;
  const LoadOptions& options_;
  RowReader& reader_;
  RequestIds ids_;
  LoadReport report_;
  FileProgress progress_;
};

}  // namespace

ExitCode LoadFile(Session& session, const LoadOptions& options) {
  // Rows have no column for it, so that every single one would be refused.
  if (session.settings.clerk.empty()) {
    return session.Usage(
        "name the clerk who registers them with --clerk: each answer shows this clerk a number, and every "
        "look at a number is recorded");
  }
  InputFile file;
  if (!file.Open(session, options.file)) return ExitCode::kUsage;
  auto reader = OpenRows(file.in(), options);
  if (!reader.ok()) return session.Usage(std::string(reader.status().message()));
  PrivateFile results;  // with --show-number it holds numbers
  if (!results.Open(session, options.results, "--results")) return ExitCode::kUsage;
  if (!session.Connect()) return ExitCode::kUnavailable;
  return results.Close(session, Load(session, options, **reader, file.bytes(), results.out()).Run());
}

}  // namespace mynumber::mynumberctl
