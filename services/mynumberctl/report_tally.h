#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_REPORT_TALLY_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_REPORT_TALLY_H_

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "services/mynumberctl/bulk_command.h"
#include "services/mynumberctl/failure.h"
#include "services/mynumberctl/refused_lines.h"

namespace mynumber::mynumberctl {

// What became of the carrier's reports. Thread safe.
class ReportTally {
 public:
  // The answer to one report. The failure's sentence is empty unless it was refused.
  Failure OnAnswer(const BulkAnswer<ReportTrackingEvents>& answer);
  // A line that could not even be sent.
  void OnBroken(uint64_t line, std::string_view reason, std::string_view sentence);

  // Answered or broken.
  uint64_t done() const;
  uint64_t refused() const;

  // Completes `end` (its status and totals are there), prints counts and refused lines, and gives what the process ends
  // with. `elsewhere` as RefusedLines::Print has it.
  ExitCode Account(const Session& session, std::string_view elsewhere, FileProgress* progress, BulkEnd* end) const;

 private:
  void PrintCounts(const Session& session, const std::string& elapsed, double seconds, const BulkEnd& end) const;

  mutable std::mutex mutex_;
  uint64_t accepted_ = 0;
  uint64_t duplicate_ = 0;
  uint64_t unmatched_ = 0;
  uint64_t not_now_ = 0;
  RefusedLines refused_;
};

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_REPORT_TALLY_H_
