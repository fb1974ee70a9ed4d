#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/mynumberctl/row_reader.h"

// No thread of its own for reading: the cores belong to the load.
#define CSV_IO_NO_THREAD
#include <libfccp/csv.h>

namespace mynumber::mynumberctl {
namespace {

class Bytes final : public io::ByteSourceBase {
 public:
  explicit Bytes(std::istream& in) : in_(in) {}

  int read(char* buffer, int size) override {
    in_.read(buffer, size);
    const int count = static_cast<int>(in_.gcount());
    // The parser takes NUL for the end of a line; another control character is refused by the server as NUL would be.
    std::replace(buffer, buffer + count, '\0', '\x01');
    return count;
  }

 private:
  std::istream& in_;
};

using Parser = io::CSVReader<kColumnCount, io::trim_chars<>, io::double_quote_escape<',', '"'>, io::throw_on_overflow,
                             io::empty_line_comment>;

constexpr Column kColumnsThatMayBeAbsent[] = {kRequestId, kAlias, kNameKana, kResidenceStatus,
                                              kPeriodOfStayEnd};

bool MayBeAbsent(int column) {
  return std::count(std::begin(kColumnsThatMayBeAbsent), std::end(kColumnsThatMayBeAbsent), column) > 0;
}

class CsvReader final : public RowReader {
 public:
  explicit CsvReader(std::istream& in) : parser_("", std::make_unique<Bytes>(in)) {}

  absl::Status ReadHeader() {
    try {
      ReadColumnNames(std::make_index_sequence<kColumnCount>());
    } catch (const std::exception&) {
      return HeaderWrong("it names another one, or one twice");
    }
    for (int i = 0; i < kColumnCount; ++i) {
      if (!parser_.has_column(kColumnNames[i]) && !MayBeAbsent(i)) {
        return HeaderWrong(absl::StrCat(kColumnNames[i], " is missing"));
      }
    }
    return absl::OkStatus();
  }

  Result Read(ResidentRow* row, RowRefusal* refusal) override {
    std::array<char*, kColumnCount> fields{};
    try {
      if (!status_.ok() || !ReadFields(&fields, std::make_index_sequence<kColumnCount>())) return Result::kEnd;
    } catch (const io::error::too_few_columns&) {
      return Refuse("COLUMNS_MISSING", "the line has fewer fields than the first line names", refusal);
    } catch (const io::error::too_many_columns&) {
      return Refuse("COLUMNS_TOO_MANY",
                    "the line has more fields than the first line names: put a field with a comma in quotes", refusal);
    } catch (const io::error::escaped_string_not_closed&) {
      return Refuse("QUOTE_NOT_CLOSED",
                    "a quote is opened and not closed in this line: write a quote within quotes twice", refusal);
    } catch (const std::exception&) {
      status_ = absl::InvalidArgumentError(
          absl::StrCat("line ", line(), " is longer than 16 MiB: this is no CSV file of residents"));
      return Result::kEnd;
    }
    for (int i = 0; i < kColumnCount; ++i) {
      (*row)[i] = fields[i] == nullptr ? std::string_view() : std::string_view(fields[i]);
      bytes_read_ += (*row)[i].size() + 1;
    }
    return Result::kRow;
  }

  uint64_t line() const override { return parser_.get_file_line(); }
  uint64_t bytes_read() const override { return bytes_read_; }
  absl::Status status() const override { return status_; }

 private:
  static Result Refuse(const char* reason, const char* sentence, RowRefusal* refusal) {
    *refusal = {reason, "", sentence};
    return Result::kRefused;
  }

  // Does not show the line: in a file without column names it is somebody's.
  static absl::Status HeaderWrong(const std::string& what) {
    std::vector<std::string> needed, allowed;
    for (int i = 0; i < kColumnCount; ++i) (MayBeAbsent(i) ? allowed : needed).push_back(kColumnNames[i]);
    return absl::InvalidArgumentError(absl::StrCat("the first line must name the columns ", absl::StrJoin(needed, ", "),
                                                   ", and may name ", absl::StrJoin(allowed, ", "), ": ", what));
  }

  template <size_t... kColumn>
  void ReadColumnNames(std::index_sequence<kColumn...>) {
    parser_.read_header(io::ignore_missing_column, kColumnNames[kColumn]...);
  }

  template <size_t... kColumn>
  bool ReadFields(std::array<char*, kColumnCount>* fields, std::index_sequence<kColumn...>) {
    return parser_.read_row((*fields)[kColumn]...);
  }

  Parser parser_;
  uint64_t bytes_read_ = 0;
  absl::Status status_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<RowReader>> OpenCsv(std::istream& in) {
  auto reader = std::make_unique<CsvReader>(in);
  if (absl::Status header = reader->ReadHeader(); !header.ok()) return header;
  return reader;
}

}  // namespace mynumber::mynumberctl
