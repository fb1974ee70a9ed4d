#include <google/protobuf/util/delimited_message_util.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <memory>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
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

// What is to be exported: the named partition, or all that the service has.
ExitCode Partitions(Session& session, const Options& options, std::set<uint32_t>* partitions) {
  if (options.partition >= 0) {
    partitions->insert(static_cast<uint32_t>(options.partition));
    return ExitCode::kDone;
  }
  operations::GetStatusResponse status;
  const ExitCode code =
      session.Read(&operations::OperationsService::Stub::GetStatus, operations::GetStatusRequest(), &status);
  if (code != ExitCode::kDone) return code;
  for (const auto& partition : status.partitions()) {
    if (partition.service() == options.service) partitions->insert(partition.partition());
  }
  if (!partitions->empty()) return ExitCode::kDone;
  return session.Refuse(absl::StrCat("no service '", options.service, "' runs there: `mynumberctl status` lists them"));
}

class Export {
 public:
  Export(Session& session, const Options& options, std::ostream& out)
      : session_(session), options_(options), out_(out), progress_(session.console, "records") {}

  ExitCode Run(const std::set<uint32_t>& partitions) {
    for (uint32_t partition : partitions) {
      const ExitCode code = RunPartition(partition, partitions.size());
      if (code != ExitCode::kDone || reader_has_enough_) return code;
      ++partitions_done_;
    }
    return ExitCode::kDone;
  }
  uint64_t records() const { return records_; }

 private:
  ExitCode RunPartition(uint32_t partition, size_t partition_count) {
    grpc::ClientContext context;
    operations::ExportLogRequest request;
    request.set_service(options_.service);
    request.set_partition(partition);
    auto stream = session_.operations().ExportLog(&context, request);
    operations::ExportLogResponse entry;
    while (out_ && stream->Read(&entry)) {
      errno = 0;
      Write(partition, entry);
      if (!out_ && errno == EPIPE) reader_has_enough_ = true;
      ++records_;
      const double done =
          static_cast<double>(entry.offset() + 1) / static_cast<double>(std::max<int64_t>(1, entry.end_offset()));
      progress_.Update(records_, (static_cast<double>(partitions_done_) + done) / static_cast<double>(partition_count),
                       "");
    }
    progress_.Clear();
    if (!out_) {
      context.TryCancel();
      stream->Finish();
      if (reader_has_enough_) return ExitCode::kDone;  // as `head`
      return session_.Fail(Failure{ExitCode::kInternal, "", "",
                                   "the export cannot be written: make room where it goes, and run it again"});
    }
    const grpc::Status status = stream->Finish();
    return status.ok() ? ExitCode::kDone : session_.Fail(status);
  }

  void Write(uint32_t partition, const operations::ExportLogResponse& entry) {
    if (session_.settings.output != "protobuf") {
      out_ << LogRecordToJson(options_.service, partition, entry) << '\n';
    } else {
      google::protobuf::util::SerializeDelimitedToOstream(entry, &out_);
    }
  }

  Session& session_;
  const Options& options_;
  std::ostream& out_;
  Progress progress_;
  uint64_t records_ = 0;
  uint64_t partitions_done_ = 0;
  bool reader_has_enough_ = false;
};

// Under another name until it is whole, so that half an export is not taken for one.
ExitCode ExportToFile(Session& session, const Options& options, const std::set<uint32_t>& partitions) {
  const std::string partial = options.file + ".partial";
  std::ofstream file(partial, std::ios::binary | std::ios::trunc);
  if (!file) return session.Usage(absl::StrCat("cannot write ", options.file, ": name another with --file"));
  Export records(session, options, file);
  const ExitCode code = records.Run(partitions);
  file.close();
  if (code != ExitCode::kDone) return code;
  if (!file || std::rename(partial.c_str(), options.file.c_str()) != 0) {
    return session.Fail(Failure{ExitCode::kInternal, "", "",
                                absl::StrCat("cannot write ", options.file, ": make room, and run it again")});
  }
  session.console.err << Grouped(records.records()) << " records of " << partitions.size() << " partitions in "
                      << options.file << '\n';
  return code;
}

ExitCode ExportLog(Session& session, const Options& options) {
  if (session.settings.output == "protobuf" && options.file.empty() && session.console.out_is_terminal) {
    return session.Usage("protobuf records do not belong on a terminal: name a file with --file");
  }
  if (!session.Connect()) return ExitCode::kUnavailable;
  std::set<uint32_t> partitions;
  const ExitCode code = Partitions(session, options, &partitions);
  if (code != ExitCode::kDone) return code;
  if (!options.file.empty()) return ExportToFile(session, options, partitions);
  return Export(session, options, session.console.out).Run(partitions);
}

}  // namespace

void AddLogExport(CLI::App& log, Session& session) {
  auto* command = log.add_subcommand("export",
                                     "Write the log as it is, still sealed: with --output json (default) one JSON "
                                     "line for each record, with --output protobuf length-delimited "
                                     "mynumber.operations.v1.ExportLogResponse messages");
  auto options = std::make_shared<Options>();
  command->add_option("--service", options->service, "Whose log")->capture_default_str();
  command->add_option("--partition", options->partition, "Only this one")->check(CLI::NonNegativeNumber);
  command->add_option("--file", options->file, "Where to, instead of standard output");
  command->callback(
      [&session, options] { session.action = [&session, options] { return ExportLog(session, *options); }; });
}

}  // namespace mynumber::mynumberctl
