#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "libs/log_copy/copy_fold.h"
#include "libs/log_copy/export_file.h"
#include "libs/sealing/running_hash.h"
#include "services/mynumberctl/commands.h"
#include "services/mynumberctl/display_text.h"
#include "services/mynumberctl/progress.h"
#include "services/mynumberctl/table.h"

namespace mynumber::mynumberctl {
namespace {

// An export, read from its beginning; the bar shows how far.
class Source {
 public:
  Source(const Session& session, const std::string& path, const char* remark)
      : file_(path, std::ios::binary),
        reader_(&file_, sealing::ChainBytes),
        progress_(session.console, "records"),
        remark_(remark) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (!error) size_bytes_ = static_cast<double>(size);
  }

  bool is_open() const { return file_.is_open(); }
  // As ExportReader::Next.
  absl::StatusOr<bool> Next(eventlog::v1::ExportItem* item) {
    auto more = reader_.Next(item);
    if (!more.ok() || !*more) {
      progress_.Clear();
      return more;
    }
    if (item->has_record()) ++records_;
    progress_.Update(records_, size_bytes_ > 0 ? static_cast<double>(reader_.bytes_read()) / size_bytes_ : -1, remark_);
    return more;
  }
  void Clear() { progress_.Clear(); }

 private:
  std::ifstream file_;
  log_copy::ExportReader reader_;
  Progress progress_;
  std::string remark_;
  double size_bytes_ = 0;
  uint64_t records_ = 0;
};

// Whether the file is a whole export, before anything of it is sent.
absl::Status Check(Source* source) {
  log_copy::CopyFold fold(sealing::ChainBytes);
  eventlog::v1::ExportItem item;
  for (;;) {
    const auto more = source->Next(&item);
    if (!more.ok()) return more.status();
    if (!*more) return fold.Finish();
    absl::Status status = fold.Take(item);
    if (!status.ok()) return status;
  }
}

// Sends the file, as far as the server takes it.
grpc::Status Send(Session& session, Source* source, operations::ImportLogResponse* response) {
  grpc::ClientContext context;
  auto stream = session.operations().ImportLog(&context, response);
  operations::ImportLogRequest request;
  absl::StatusOr<bool> more = false;
  while ((more = source->Next(request.mutable_item())).ok() && *more && stream->Write(request)) {
  }
  source->Clear();
  if (!more.ok()) {
    context.TryCancel();
    stream->Finish();
    return grpc::Status(grpc::StatusCode::DATA_LOSS, std::string(more.status().message()));
  }
  stream->WritesDone();
  return stream->Finish();
}

void PrintReport(const Session& session, const std::string& file, const operations::ImportLogResponse& report) {
  std::ostream& out = session.console.out;
  Table table({{"PARTITION", Align::kRight},
               {"SEQUENCE", Align::kRight},
               {"FOUND", Align::kRight},
               {"WRITTEN", Align::kRight},
               {"VOID", Align::kRight},
               {"RUNNING HASH"}});
  uint64_t records = 0;
  uint64_t written = 0;
  uint64_t further = 0;
  for (const auto& partition : report.partitions()) {
    records += partition.found_records() + partition.written_records();
    written += partition.written_records();
    further += partition.further_records();
    table.Add({absl::StrCat(partition.partition()), Grouped(partition.sequence()), Grouped(partition.found_records()),
               Grouped(partition.written_records()), Grouped(partition.void_records()),
               absl::BytesToHexString(partition.running_hash())});
  }
  table.Print(out, session.console.out_columns());
  out << "All " << Grouped(records) << " records of " << Printable(file) << " are there, " << Grouped(written)
      << " written now, and every partition comes to the running hash of the export.\n";
  if (further > 0) out << "The log has gone on since by " << Grouped(further) << " records.\n";
}

ExitCode ImportLog(Session& session, const std::string& file) {
  if (session.settings.output == "protobuf") return session.Usage("--output protobuf is for `log export` alone");
  {
    Source source(session, file, "checked");
    if (!source.is_open()) return session.Usage(absl::StrCat("cannot read ", file, ": name an export with --file"));
    const absl::Status status = Check(&source);
    if (!status.ok()) return session.Usage(absl::StrCat(file, ": ", std::string(status.message())));
  }
  if (!session.Connect()) return ExitCode::kUnavailable;
  Source source(session, file, "sent");
  operations::ImportLogResponse report;
  const grpc::Status status = Send(session, &source, &report);
  if (!status.ok()) return session.Fail(status);
  if (session.json()) {
    session.PrintJson(report);
  } else {
    PrintReport(session, file, report);
  }
  return ExitCode::kDone;
}

}  // namespace

void AddLogImport(CLI::App& log, Session& session) {
  auto* command = log.add_subcommand(
      "import",
      "Bring an export into the log of a server that was started with --operations_only, or find that it is there "
      "already. Safe to run again: what is there is compared, not doubled");
  auto file = std::make_shared<std::string>();
  command->add_option("--file", *file, "From `log export --output protobuf`")->required();
  command->callback([&session, file] { session.action = [&session, file] { return ImportLog(session, *file); }; });
}

}  // namespace mynumber::mynumberctl
