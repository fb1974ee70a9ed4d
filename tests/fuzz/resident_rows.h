#ifndef MYNUMBER_TESTS_FUZZ_RESIDENT_ROWS_H_
#define MYNUMBER_TESTS_FUZZ_RESIDENT_ROWS_H_

// What holds of every row of a file of residents, however the file is written.

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "libs/csv/quoted_field.h"
#include "services/mynumberctl/row_reader.h"
#include "tests/fuzz/law.h"

namespace mynumber::fuzz {

inline void HoldsOfRefusal(const mynumberctl::RowRefusal& refusal, std::string_view line) {
  Holds(!refusal.reason.empty() && !refusal.sentence.empty(), "a row is refused by name and with a sentence");
  Holds(refusal.field.empty() || mynumberctl::FindColumn(refusal.field).has_value(),
        "a refusal's field is one of the columns");
  // Short texts stand in sentences by chance.
  Holds(line.size() < 100 || refusal.sentence.find(line) == refusal.sentence.npos, "a refusal does not show the row");
}

// Texts that a line can carry: the reader of tables has no line breaks in a field, and no NUL.
inline bool FitsALine(const mynumberctl::ResidentRow& row) {
  size_t bytes = 0;
  bool is_empty = true;
  for (std::string_view text : row) {
    if (text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos) return false;
    bytes += 2 * text.size() + 3;
    is_empty = is_empty && text.empty();
  }
  return !is_empty && bytes < (size_t{64} << 10);
}

// Rows are written into one file, and read back as they are: a reader takes its time to open.
class WrittenRows {
 public:
  WrittenRows() {
    for (int i = 0; i < mynumberctl::kColumnCount; ++i) {
      file_ += std::string(i == 0 ? "" : ",") + mynumberctl::kColumnNames[static_cast<size_t>(i)];
    }
    file_ += "\r\n";
  }
  void Add(const mynumberctl::ResidentRow& row) {
    if (!FitsALine(row) || rows_.size() >= kRowsMax) return;
    rows_.emplace_back(row.begin(), row.end());
    for (size_t i = 0; i < row.size(); ++i) {
      if (i > 0) file_.push_back(',');
      csv::AppendField(row[i], &file_);
    }
    file_ += "\r\n";
  }
  void HoldTheSame() const {
    if (rows_.empty()) return;
    std::istringstream in(file_);
    const auto reader = mynumberctl::OpenCsv(in);
    Holds(reader.ok(), "our own line of names is understood");
    mynumberctl::ResidentRow again;
    mynumberctl::RowRefusal refusal;
    for (const auto& row : rows_) {
      const auto result = (*reader)->Read(&again, &refusal);
      Holds(result == mynumberctl::RowReader::Result::kRow, "a row that was written is read");
      Holds(std::equal(row.begin(), row.end(), again.begin()), "a row that was written and read is the same");
    }
  }

 private:
  static constexpr size_t kRowsMax = 100;
  std::string file_;
  std::vector<std::vector<std::string>> rows_;
};

inline void HoldsOfRow(const mynumberctl::ResidentRow& row, mynumberctl::RequestIds& ids, WrittenRows& written) {
  mynumberctl::v1::RegisterResidentRequest request;
  const auto refusal = mynumberctl::WriteRequest(row, {"", "clerk-7"}, ids, &request);
  if (refusal) return HoldsOfRefusal(*refusal, row[mynumberctl::kAddress]);
  const auto& details = request.details();
  Holds(details.full_name() == row[mynumberctl::kFullName] && details.address() == row[mynumberctl::kAddress] &&
            request.resident_record_code() == row[mynumberctl::kRecordCode],
        "a request says what the row says");
  Holds(row[mynumberctl::kBirthDate].empty() != details.has_birth_date(), "a birth date is there, or is not");
  Holds(!request.request_id().empty(), "every request has an id");
  mynumberctl::v1::RegisterResidentRequest again;
  Holds(again.ParseFromString(request.SerializeAsString()), "a request can be sent");
  Holds(!mynumberctl::WriteRequest(row, {"", "clerk-7"}, ids, &again) &&
            again.SerializeAsString() == request.SerializeAsString(),
        "the same row asks the same");
  written.Add(row);
}

// `size`: of the whole file.
inline void ReadAll(mynumberctl::RowReader& reader, size_t size) {
  using Result = mynumberctl::RowReader::Result;
  mynumberctl::RequestIds ids({1, 2, 3});
  WrittenRows written;
  mynumberctl::ResidentRow row;
  mynumberctl::RowRefusal refusal;
  uint64_t line = 0;
  for (Result result; (result = reader.Read(&row, &refusal)) != Result::kEnd;) {
    Holds(reader.line() > line && reader.line() <= size + 1, "lines count up, and there are no more than bytes");
    line = reader.line();
    Holds(reader.bytes_read() <= size + 1, "no more is read than there is");
    result == Result::kRow ? HoldsOfRow(row, ids, written) : HoldsOfRefusal(refusal, {});
  }
  Holds(reader.Read(&row, &refusal) == Result::kEnd, "the end stays the end");
  written.HoldTheSame();
}

}  // namespace mynumber::fuzz

#endif  // MYNUMBER_TESTS_FUZZ_RESIDENT_ROWS_H_
