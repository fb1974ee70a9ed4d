#include "services/mynumberctl/bulk_command.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/mynumberctl/display_text.h"

namespace mynumber::mynumberctl {

void AddBulkOptions(CLI::App* command, BulkOptions* bulk) {
  command->add_flag("--reconnect", bulk->reconnect, "Go on after a lost connection or a server that says \"not now\"");
  command
      ->add_option_function<int>(
          "--give-up-seconds", [bulk](int seconds) { bulk->silence_max = std::chrono::seconds(seconds); },
          "End when no row was answered for so long")
      ->check(CLI::PositiveNumber)
      ->default_str(absl::StrCat(bulk->silence_max.count() / 1000));
  command->add_option("--batch-rows", bulk->rows_per_batch, "Rows in one message")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--batches-in-flight", bulk->batches_in_flight, "Messages sent and not yet answered")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
}

bool InputFile::Open(const Session& session, const std::string& path) {
  in_ = &session.console.in;
  if (path == "-") return true;
  file_.open(path, std::ios::binary);
  in_ = &file_;
  if (!file_) {
    session.Usage(absl::StrCat("cannot read ", path, ": check its name and rights"));
    return false;
  }
  std::error_code unknown;
  if (std::filesystem::is_regular_file(path, unknown)) bytes_ = std::filesystem::file_size(path, unknown);
  return true;
}

void FileProgress::OnRead(uint64_t bytes_read) {
  rows_read_.fetch_add(1, std::memory_order_relaxed);
  bytes_read_.store(bytes_read, std::memory_order_relaxed);
}

// The part of the file that was read, less the rows of it that have no answer yet.
void FileProgress::OnAnswer(uint64_t done, uint64_t refused) {
  if (++answers_ % 256 != 0) return;
  const double read = static_cast<double>(rows_read_.load(std::memory_order_relaxed));
  const double fraction = file_bytes_ == 0 ? -1
                                           : static_cast<double>(bytes_read_.load(std::memory_order_relaxed)) /
                                                 static_cast<double>(file_bytes_) * static_cast<double>(done) / read;
  progress_.Update(done, fraction, refused == 0 ? "" : absl::StrCat(Grouped(refused), " refused"));
}

std::string FileProgress::Elapsed(uint64_t done) {
  progress_.Clear();
  const double seconds = progress_.ElapsedSeconds();
  return absl::StrCat("in ", seconds < 10 ? absl::StrFormat("%.2f s", seconds) : ShowDuration(seconds), " (",
                      Grouped(static_cast<uint64_t>(progress_.Rate(done))), "/s)");
}

ExitCode Conclude(const Session& session, const BulkEnd& end, std::string_view again) {
  if (end.status.ok()) {
    return end.refused == 0 ? ExitCode::kDone : end.not_now > 0 ? ExitCode::kUnavailable : ExitCode::kRefused;
  }
  Failure failure = Explain(end.status, nullptr);
  if (failure.code == ExitCode::kUnavailable) {
    failure.sentence = absl::StrCat(failure.sentence, "; ", Grouped(end.unanswered),
                                    " rows sent have no answer: run the same command again, ", std::string(again));
  }
  return session.Fail(failure);
}

}  // namespace mynumber::mynumberctl
