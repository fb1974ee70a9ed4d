#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_LOAD_REPORT_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_LOAD_REPORT_H_

#include <cstdint>
#include <mutex>
#include <ostream>
#include <string>

#include "services/mynumberctl/bulk_send.h"
#include "services/mynumberctl/failure.h"
#include "services/mynumberctl/refused_lines.h"
#include "services/mynumberctl/resident_row.h"
#include "services/mynumberctl/table.h"

namespace mynumber::mynumberctl {

// What became of the rows of a file. Thread safe.
class LoadReport {
 public:
  // `results`: one JSON line for each row, or null. `rows_to_show`: how many registered residents PrintRegistered
  // shows. Numbers are masked unless `show_number`.
  LoadReport(std::ostream* results, int rows_to_show, bool show_number);

  // A row that could not even be sent.
  void OnRefusal(uint64_t line, const RowRefusal& refusal);
  // A row's answer from the server.
  void OnAnswer(const BulkAnswer<RegisterResidents>& answer);

  uint64_t registered() const;
  uint64_t refused() const;
  // Rows with a "not now" among the refused: the same file may be sent again.
  uint64_t not_now() const;

  // The first of the registered residents. Nothing if none are to be shown.
  void PrintRegistered(std::ostream& out, int terminal_columns) const;
  // The first refused rows, and how many there are of each reason. Nothing if there are none.
  void PrintRefusals(std::ostream& out, int terminal_columns) const;

 private:
  void Refuse(uint64_t line, const std::string& request_id, Failure failure);

  std::ostream* const results_;
  const uint64_t rows_to_show_;
  const bool show_number_;
  mutable std::mutex mutex_;
  std::string text_;  // of one result
  Table first_registered_;
  uint64_t registered_ = 0;
  RefusedLines refused_;
  uint64_t not_now_ = 0;
};

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_LOAD_REPORT_H_
