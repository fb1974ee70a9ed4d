#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_BULK_COMMAND_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_BULK_COMMAND_H_

#include <CLI/CLI.hpp>
#include <atomic>
#include <fstream>
#include <istream>
#include <string>
#include <string_view>

#include "services/mynumberctl/bulk_send.h"
#include "services/mynumberctl/progress.h"
#include "services/mynumberctl/session.h"

namespace mynumber::mynumberctl {

// What the commands have in common that send a file, or as much, over one stream.

// --reconnect, --give-up-seconds, --batch-rows, --batches-in-flight; their defaults are what `bulk` holds.
void AddBulkOptions(CLI::App* command, BulkOptions* bulk);

// A file to read; "-" is standard input.
class InputFile {
 public:
  // False after having said that it cannot be read.
  bool Open(const Session& session, const std::string& path);
  std::istream& in() { return *in_; }
  // 0 if that is not known.
  uint64_t bytes() const { return bytes_; }

 private:
  std::ifstream file_;
  std::istream* in_ = nullptr;
  uint64_t bytes_ = 0;
};

// How far a file is: its rows are read on one thread and answered on another.
class FileProgress {
 public:
  FileProgress(const Console& console, std::string unit, uint64_t file_bytes)
      : file_bytes_(file_bytes), progress_(console, std::move(unit)) {}

  // One more row; so much of the file is read.
  void OnRead(uint64_t bytes_read);
  // One more answer; so many rows are done altogether, the refused ones among them.
  void OnAnswer(uint64_t done, uint64_t refused);

  uint64_t rows_read() const { return rows_read_; }
  // "in 12.3 s (4,567/s)"; takes the bar away.
  std::string Elapsed(uint64_t done);
  double ElapsedSeconds() const { return progress_.ElapsedSeconds(); }

 private:
  const uint64_t file_bytes_;
  Progress progress_;
  uint64_t answers_ = 0;
  std::atomic<uint64_t> rows_read_{0};
  std::atomic<uint64_t> bytes_read_{0};
};

// How it went.
struct BulkEnd {
  absl::Status status;  // of BulkSend
  BulkTotals totals;
  uint64_t refused = 0;
  uint64_t not_now = 0;  // of them: the same may be sent again
  uint64_t unanswered = 0;
};
// What the process ends with, after having said why rows have no answer. `again`: why it is safe to repeat, as "nobody
// is registered twice".
ExitCode Conclude(const Session& session, const BulkEnd& end, std::string_view again);

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_BULK_COMMAND_H_
