// Sends moves and corrections of residents that another process is registering: see README.md.

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>
#include <thread>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "libs/rpc/channel.h"
#include "tests/soak/change_sender.h"
#include "tests/soak/registered_rows.h"

ABSL_FLAG(std::string, server, "127.0.0.1:7400", "HOST:PORT");
ABSL_FLAG(std::string, registered, "", "Results of `mynumberctl resident register`, read while they are written.");
ABSL_FLAG(std::string, answers, "", "One JSON line for each acknowledged change.");
ABSL_FLAG(uint64_t, seed, 0, "With the rows' lines it tells what happens to whom.");
ABSL_FLAG(std::string, move_date, "", "YYYY-MM-DD, of every move.");
ABSL_FLAG(uint64_t, replace_one_in, 0, "Replace one number in so many; 0: none.");
ABSL_FLAG(int, calls_in_flight, 64, "Calls sent and not yet answered.");
ABSL_FLAG(bool, reconnect, false, "Go on after a lost connection or a server that says \"not now\".");
ABSL_FLAG(int, give_up_seconds, 300, "End when nothing was acknowledged for so long.");

namespace {

using mynumber::soak::ChangeSender;

// Whoever started this holds its standard input open while rows may still come.
bool InputIsClosed() {
  pollfd input = {STDIN_FILENO, POLLIN, 0};
  char byte;
  return poll(&input, 1, 0) > 0 && read(STDIN_FILENO, &byte, 1) <= 0;
}

// Readable by its owner alone: it holds numbers.
std::FILE* OpenPrivately(const std::string& path) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0 || fchmod(file, 0600) != 0) return nullptr;
  return fdopen(file, "w");
}

bool SendAll(const mynumber::soak::Plan& plan, ChangeSender* sender) {
  mynumber::soak::RegisteredRows rows(absl::GetFlag(FLAGS_registered));
  mynumber::soak::RegisteredRows::Row row;
  for (bool is_closed = false;;) {
    if (rows.Next(&row)) {
      for (const auto& change : ChangesOf(plan, row.line)) {
        if (!sender->Send(change, row.name)) return false;
      }
      continue;
    }
    if (is_closed) return sender->Finish();
    // Once more after it: lines may have come just before.
    is_closed = InputIsClosed();
    if (!sender->Proceed()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void PrintCounts(const char* name, const std::map<std::string, uint64_t>& counts) {
  std::printf(",\"%s\":{", name);
  const char* between = "";
  for (const auto& [reason, count] : counts) {
    std::printf("%s\"%s\":%llu", between, reason.c_str(), static_cast<unsigned long long>(count));
    between = ",";
  }
  std::printf("}");
}

void Print(const mynumber::soak::SenderTotals& totals) {
  std::printf("{\"acknowledged\":%llu,\"sent_again\":%llu,\"without_retry_time\":%llu",
              static_cast<unsigned long long>(totals.acknowledged), static_cast<unsigned long long>(totals.sent_again),
              static_cast<unsigned long long>(totals.without_retry_time));
  PrintCounts("refused", totals.refused);
  PrintCounts("not_now", totals.not_now);
  std::printf("}\n");
}

}  // namespace

// Ends with 0 if every change was acknowledged, 1 if some were refused, 2 for wrong usage, 3 if it ended early: it may
// be run again with the same seed.
int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("Moves and corrects the residents that another process is registering.");
  absl::ParseCommandLine(argc, argv);
  mynumber::soak::Plan plan;
  plan.seed = absl::GetFlag(FLAGS_seed);
  plan.replace_one_in = absl::GetFlag(FLAGS_replace_one_in);
  int year = 0, month = 0, day = 0;
  std::FILE* answers = OpenPrivately(absl::GetFlag(FLAGS_answers));
  if (answers == nullptr || std::sscanf(absl::GetFlag(FLAGS_move_date).c_str(), "%d-%d-%d", &year, &month, &day) != 3) {
    std::fprintf(stderr, "change_residents: --answers must name a file that can be written, --move_date a day\n");
    return 2;
  }
  plan.move_date.set_year(year);
  plan.move_date.set_month(month);
  plan.move_date.set_day(day);
  mynumber::soak::SenderOptions options;
  options.calls_in_flight = static_cast<size_t>(absl::GetFlag(FLAGS_calls_in_flight));
  options.reconnect = absl::GetFlag(FLAGS_reconnect);
  options.silence_max = std::chrono::seconds(absl::GetFlag(FLAGS_give_up_seconds));
  mynumber::rpc::ChannelOptions channel;
  channel.retries = false;
  auto stub = mynumber::issuance::v1::IssuanceService::NewStub(
      mynumber::rpc::MakeChannel(absl::GetFlag(FLAGS_server), channel));
  bool is_whole = false;
  mynumber::soak::SenderTotals totals;
  {
    ChangeSender sender(stub.get(), plan, options, answers);
    is_whole = SendAll(plan, &sender);
    totals = sender.totals();
  }
  const bool is_written = std::fclose(answers) == 0;
  Print(totals);
  if (!is_whole || !is_written) return 3;
  return totals.refused.empty() ? 0 : 1;
}
