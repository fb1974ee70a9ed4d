#include "services/mynumberctl/load_command.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/mynumberctl/bulk_send.h"
#include "services/mynumberctl/display_text.h"
#include "services/mynumberctl/load_report.h"
#include "services/mynumberctl/progress.h"
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

// Readable by its owner alone: with --show-number it holds numbers.
bool OpenPrivately(const std::string& path, std::ofstream* file) {
  const int made = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (made < 0) return false;
  const bool closed = fchmod(made, 0600) == 0;
  close(made);
  file->open(path, std::ios::trunc | std::ios::binary);
  return closed && file->is_open();
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

std::string ShowElapsed(double seconds) {
  return seconds < 10 ? absl::StrFormat("%.2f s", seconds) : ShowDuration(seconds);
}

class Load {
 public:
  Load(Session& session, const LoadOptions& options, RowReader& reader, uint64_t file_bytes, std::ostream* results)
      : session_(session),
        options_(options),
        reader_(reader),
        file_bytes_(file_bytes),
        ids_(NameSpaceOf(session, options)),
        report_(results, options.rows_to_show, session.settings.show_number),
        progress_(session.console, "residents") {}

  ExitCode Run() {
    BulkOptions bulk;
    bulk.actor = session_.Actor();
    bulk.rows_per_batch = options_.rows_per_batch;
    bulk.batches_in_flight = options_.batches_in_flight;
    bulk.reconnect = options_.reconnect;
    bulk.silence_max = std::chrono::seconds(options_.give_up_seconds);
    const absl::Status end = BulkSend<RegisterResidents>(
        session_.issuance(), bulk,
        [this](v1::RegisterResidentRequest* row, uint64_t* line) { return NextRow(row, line); },
        [this](const BulkAnswer<RegisterResidents>& answer) { OnAnswer(answer); }, &totals_);
    progress_.Clear();
    return Conclude(end);
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
      rows_read_.fetch_add(1, std::memory_order_relaxed);
      bytes_read_.store(reader_.bytes_read(), std::memory_order_relaxed);
      if (result == RowReader::Result::kRow) {
        auto refused = WriteRequest(row, defaults, ids_, request);
        if (!refused) return true;
        refusal = *std::move(refused);
      }
      report_.OnRefusal(*line, refusal);
    }
  }

  void OnAnswer(const BulkAnswer<RegisterResidents>& answer) {
    report_.OnAnswer(answer);
    if (++answers_ % 256 == 0) ShowProgress();
  }

  // The part of the file that was read, less the rows of it that have no answer yet.
  void ShowProgress() {
    const uint64_t done = report_.registered() + report_.refused();
    const double read = static_cast<double>(rows_read_.load(std::memory_order_relaxed));
    const double fraction = file_bytes_ == 0 ? -1
                                             : static_cast<double>(bytes_read_.load(std::memory_order_relaxed)) /
                                                   static_cast<double>(file_bytes_) * static_cast<double>(done) / read;
    const uint64_t refused = report_.refused();
    progress_.Update(done, fraction, refused == 0 ? "" : absl::StrCat(Grouped(refused), " refused"));
  }

  ExitCode Conclude(const absl::Status& end) {
    std::ostream& out = session_.console.out;
    const uint64_t unanswered = rows_read_ - report_.registered() - report_.refused();
    if (session_.json()) {
      out << "{\"registered\":" << report_.registered() << ",\"refused\":" << report_.refused()
          << ",\"unanswered\":" << unanswered << ",\"sent_again\":" << totals_.sent_again
          << ",\"connections\":" << totals_.connections << ",\"seconds\":" << progress_.ElapsedSeconds() << "}\n";
    } else {
      report_.PrintRegistered(out, session_.console.out_columns());
      report_.PrintRefusals(out, session_.console.out_columns());
      out << Grouped(report_.registered()) << " residents are registered, " << Grouped(report_.refused())
          << " rows were refused, in " << ShowElapsed(progress_.ElapsedSeconds()) << " ("
          << Grouped(static_cast<uint64_t>(progress_.Rate(report_.registered()))) << "/s)";
      if (totals_.connections > 1) out << "; connected " << totals_.connections << " times";
      out << ".\n";
    }
    if (!reader_.status().ok()) return session_.Usage(std::string(reader_.status().message()));
    if (end.ok()) return report_.refused() == 0 ? ExitCode::kDone
                         : report_.not_now() > 0 ? ExitCode::kUnavailable
                                                 : ExitCode::kRefused;
    Failure failure = Explain(end, nullptr);
    if (failure.code == ExitCode::kUnavailable) {
      failure.sentence =
          absl::StrCat(failure.sentence, "; ", Grouped(unanswered),
                       " rows sent have no answer: run the same command again, nobody is registered twice");
    }
    return session_.Fail(failure);
  }

  Session& session_;
  const LoadOptions& options_;
  RowReader& reader_;
  const uint64_t file_bytes_;
  RequestIds ids_;
  LoadReport report_;
  Progress progress_;
  BulkTotals totals_;
  uint64_t answers_ = 0;
  std::atomic<uint64_t> rows_read_{0};
  std::atomic<uint64_t> bytes_read_{0};
};

}  // namespace

ExitCode LoadFile(Session& session, const LoadOptions& options) {
  // Rows have no column for it, so that every single one would be refused.
  if (session.settings.clerk.empty()) {
    return session.Usage(
        "name the clerk who registers them with --clerk: each answer shows this clerk a number, and every "
        "look at a number is recorded");
  }
  std::ifstream file;
  const bool from_input = options.file == "-";
  if (!from_input) file.open(options.file, std::ios::binary);
  if (!from_input && !file)
    return session.Usage(absl::StrCat("cannot read ", options.file, ": check its name and rights"));
  auto reader = OpenRows(from_input ? session.console.in : file, options);
  if (!reader.ok()) return session.Usage(std::string(reader.status().message()));
  std::ofstream results;
  if (!options.results.empty() && !OpenPrivately(options.results, &results)) {
    return session.Usage(absl::StrCat("cannot write ", options.results, ": name another with --results"));
  }
  std::error_code unknown;
  const auto size =
      std::filesystem::is_regular_file(options.file, unknown) ? std::filesystem::file_size(options.file, unknown) : 0;
  if (!session.Connect()) return ExitCode::kUnavailable;
  const ExitCode code = Load(session, options, **reader, size, results.is_open() ? &results : nullptr).Run();
  results.close();
  if (!options.results.empty() && !results) {
    return session.Fail(Failure{ExitCode::kInternal, "", "",
                                absl::StrCat("cannot write ", options.results, ": make room, and run it again")});
  }
  return code;
}

}  // namespace mynumber::mynumberctl
