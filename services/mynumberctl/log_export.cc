#include <cerrno>
#include <cstdio>
#include <fstream>
#include <memory>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "libs/log_copy/copy_fold.h"
#include "libs/log_copy/export_file.h"
#include "libs/sealing/running_hash.h"
#include "services/mynumberctl/commands.h"
#include "services/mynumberctl/display_text.h"
#include "services/mynumberctl/log_json.h"
#include "services/mynumberctl/progress.h"

namespace mynumber::mynumberctl {
namespace {

struct Options {
  std::string service = "issuance";
  int partition = -1;  // all
  std::string file;
};

// What is to be exported, and of how many partitions.
struct Extent {
  std::set<uint32_t> partitions;
  uint32_t partition_count = 0;
};

// The named partition, or all that the service has.
ExitCode FindExtent(Session& session, const Options& options, Extent* extent) {
  operations::GetStatusResponse status;
  const ExitCode code =
      session.Read(&operations::OperationsService::Stub::GetStatus, operations::GetStatusRequest(), &status);
  if (code != ExitCode::kDone) return code;
  for (const auto& partition : status.partitions()) {
    if (partition.service() != options.service) continue;
    ++extent->partition_count;
    if (options.partition < 0) extent->partitions.insert(partition.partition());
  }
  if (options.partition >= 0) extent->partitions.insert(static_cast<uint32_t>(options.partition));
  if (extent->partition_count > 0) return ExitCode::kDone;
  return session.Refuse(absl::StrCat("no service '", options.service, "' runs there: `mynumberctl status` lists them"));
}

// JSON lines, or the frames of an export that can be imported.
class Form {
 public:
  Form(std::ostream* out, const Options& options, bool frames) : out_(*out), options_(options) {
    if (frames) writer_.emplace(out, sealing::ChainBytes);
  }

  void Begin(const Extent& extent) {
    if (!writer_) return;
    eventlog::v1::ExportItem item;
    item.mutable_header()->set_format_version(1);
    item.mutable_header()->set_service(options_.service);
    item.mutable_header()->set_partition_count(extent.partition_count);
    for (uint32_t partition : extent.partitions) item.mutable_header()->add_partitions(partition);
    writer_->Write(item);
  }
  void BeginPartition(uint32_t partition) {
    partition_ = partition;
    fold_.emplace(partition, sealing::ChainBytes);
  }
  void Write(operations::ExportLogResponse* entry) {
    ++records_;
    if (!writer_) {
      out_ << LogRecordToJson(options_.service, partition_, *entry) << '\n';
      return;
    }
    // A log that was changed is written as it is: whoever looks into it needs that.
    if (broken_.ok()) broken_ = fold_->Take(entry->offset(), entry->record());
    eventlog::v1::ExportItem item;
    item.mutable_record()->set_partition(partition_);
    item.mutable_record()->set_offset(entry->offset());
    item.mutable_record()->mutable_record()->swap(*entry->mutable_record());
    if (entry->has_key_block()) item.mutable_record()->mutable_key_block()->Swap(entry->mutable_key_block());
    writer_->Write(item);
  }
  void EndPartition() {
    if (!writer_) return;
    eventlog::v1::ExportItem item;
    *item.mutable_partition() = fold_->End();
    writer_->Write(item);
  }
  void End() {
    if (!writer_) return;
    eventlog::v1::ExportItem item;
    item.mutable_trailer()->set_records(records_);
    writer_->Write(item);
  }

  uint64_t records() const { return records_; }
  // DATA_LOSS: the log itself is not in order.
  const absl::Status& broken() const { return broken_; }

 private:
  std::ostream& out_;
  const Options& options_;
  std::optional<log_copy::ExportWriter> writer_;
  uint32_t partition_ = 0;
  std::optional<log_copy::PartitionFold> fold_;
  uint64_t records_ = 0;
  absl::Status broken_;
};

class Export {
 public:
  Export(Session& session, const Options& options, std::ostream& out)
      : session_(session),
        options_(options),
        out_(out),
        form_(&out, options, session.settings.output == "protobuf"),
        progress_(session.console, "records") {}

  ExitCode Run(const Extent& extent) {
    form_.Begin(extent);
    for (uint32_t partition : extent.partitions) {
      const ExitCode code = RunPartition(partition, extent.partitions.size());
      if (code != ExitCode::kDone || reader_has_enough_) return code;
      ++partitions_done_;
    }
    form_.End();
    errno = 0;
    return out_.flush() || errno == EPIPE ? ExitCode::kDone : CannotWrite();
  }
  uint64_t records() const { return form_.records(); }

  // What is said of a log that was exported whole and is not in order.
  ExitCode Judge() const {
    if (form_.broken().ok()) return ExitCode::kDone;
    return session_.Refuse(absl::StrCat("the log was written as it is, but it is not in order: ",
                                        std::string(form_.broken().message())));
  }

 private:
  ExitCode RunPartition(uint32_t partition, size_t partition_count) {
    grpc::ClientContext context;
    operations::ExportLogRequest request;
    request.set_service(options_.service);
    request.set_partition(partition);
    auto stream = session_.operations().ExportLog(&context, request);
    operations::ExportLogResponse entry;
    form_.BeginPartition(partition);
    while (out_ && stream->Read(&entry)) {
      errno = 0;
      form_.Write(&entry);
      if (!out_ && errno == EPIPE) reader_has_enough_ = true;
      const double done =
          static_cast<double>(entry.offset() + 1) / static_cast<double>(std::max<int64_t>(1, entry.end_offset()));
      progress_.Update(records(), (static_cast<double>(partitions_done_) + done) / static_cast<double>(partition_count),
                       "");
    }
    progress_.Clear();
    if (!out_) {
      context.TryCancel();
      stream->Finish();
      return reader_has_enough_ ? ExitCode::kDone : CannotWrite();  // as `head`
    }
    const grpc::Status status = stream->Finish();
    if (!status.ok()) return session_.Fail(status);
    form_.EndPartition();
    return ExitCode::kDone;
  }

  ExitCode CannotWrite() const {
    return session_.Fail(Failure{ExitCode::kInternal, "", "",
                                 "the export cannot be written: make room where it goes, and run it again"});
  }

  Session& session_;
  const Options& options_;
  std::ostream& out_;
  Form form_;
  Progress progress_;
  uint64_t partitions_done_ = 0;
  bool reader_has_enough_ = false;
};

// Under another name until it is whole, so that half an export is not taken for one.
ExitCode ExportToFile(Session& session, const Options& options, const Extent& extent) {
  const std::string partial = options.file + ".partial";
  std::ofstream file(partial, std::ios::binary | std::ios::trunc);
  if (!file) return session.Usage(absl::StrCat("cannot write ", options.file, ": name another with --file"));
  Export records(session, options, file);
  const ExitCode code = records.Run(extent);
  file.close();
  if (code != ExitCode::kDone) return code;
  if (!file || std::rename(partial.c_str(), options.file.c_str()) != 0) {
    return session.Fail(Failure{ExitCode::kInternal, "", "",
                                absl::StrCat("cannot write ", options.file, ": make room, and run it again")});
  }
  session.console.err << Grouped(records.records()) << " records of " << extent.partitions.size() << " partitions in "
                      << options.file << '\n';
  return records.Judge();
}

ExitCode ExportLog(Session& session, const Options& options) {
  if (session.settings.output == "protobuf" && options.file.empty() && session.console.out_is_terminal) {
    return session.Usage("protobuf records do not belong on a terminal: name a file with --file");
  }
  if (!session.Connect()) return ExitCode::kUnavailable;
  Extent extent;
  const ExitCode code = FindExtent(session, options, &extent);
  if (code != ExitCode::kDone) return code;
  if (!options.file.empty()) return ExportToFile(session, options, extent);
  Export records(session, options, session.console.out);
  const ExitCode written = records.Run(extent);
  return written == ExitCode::kDone ? records.Judge() : written;
}

}  // namespace

void AddLogExport(CLI::App& log, Session& session) {
  auto* command = log.add_subcommand("export",
                                     "Write the log as it is, still sealed: with --output json (default) one JSON "
                                     "line for each record, with --output protobuf a file that `log import` takes");
  auto options = std::make_shared<Options>();
  command->add_option("--service", options->service, "Whose log")->capture_default_str();
  command->add_option("--partition", options->partition, "Only this one")->check(CLI::NonNegativeNumber);
  command->add_option("--file", options->file, "Where to, instead of standard output");
  command->callback(
      [&session, options] { session.action = [&session, options] { return ExportLog(session, *options); }; });
}

}  // namespace mynumber::mynumberctl
