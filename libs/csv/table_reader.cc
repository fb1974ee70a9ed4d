#include "libs/csv/table_reader.h"

#include <cassert>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/csv/line_source.h"

// No thread of its own for reading: the cores belong to what is done with the rows.
#define CSV_IO_NO_THREAD
#include <libfccp/csv.h>

namespace mynumber::csv {
namespace {

using Parser = io::CSVReader<TableReader::kColumnsMax, io::trim_chars<>, io::double_quote_escape<',', '"'>,
                             io::throw_on_overflow, io::empty_line_comment>;
using Names = std::array<std::string, TableReader::kColumnsMax>;
using Texts = std::array<char*, TableReader::kColumnsMax>;
constexpr auto kEach = std::make_index_sequence<TableReader::kColumnsMax>();

// The parser throws its source away when it has read the end.
class Forward final : public io::ByteSourceBase {
 public:
  explicit Forward(LineSource& source) : source_(source) {}
  int read(char* buffer, int size) override { return source_.Read(buffer, size); }

 private:
  LineSource& source_;
};

template <size_t... kColumn>
void ReadNames(Parser& parser, const Names& names, std::index_sequence<kColumn...>) {
  parser.read_header(io::ignore_missing_column, names[kColumn]...);
}

template <size_t... kColumn>
bool ReadTexts(Parser& parser, Texts* texts, std::index_sequence<kColumn...>) {
  return parser.read_row((*texts)[kColumn]...);
}

absl::Status HeaderWrong(const std::vector<Column>& columns, const std::string& what) {
  std::vector<std::string> needed, allowed;
  for (const Column& column : columns) (column.may_be_absent ? allowed : needed).push_back(column.name);
  const std::string may = allowed.empty() ? "" : absl::StrCat(", and may name ", absl::StrJoin(allowed, ", "));
  return absl::InvalidArgumentError(
      absl::StrCat("the first line must name the columns ", absl::StrJoin(needed, ", "), may, ": ", what));
}

absl::Status ReadHeader(Parser& parser, const std::vector<Column>& columns) {
  Names names;
  // No file has these.
  for (size_t i = 0; i < names.size(); ++i) {
    names[i] = i < columns.size() ? columns[i].in_file : absl::StrCat("\x01 column ", i);
  }
  try {
    ReadNames(parser, names, kEach);
  } catch (const io::error::base&) {
    return HeaderWrong(columns, "it names another one, or one twice");
  }
  for (size_t i = 0; i < columns.size(); ++i) {
    if (!columns[i].may_be_absent && !parser.has_column(names[i])) {
      return HeaderWrong(columns, absl::StrCat(columns[i].name, " is missing"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

struct TableReader::Parts {
  Parts(std::istream& in, std::string head)
      : source(in, std::move(head), kLineBytesMax), parser("", std::make_unique<Forward>(source)) {}

  LineSource source;
  Parser parser;
};

TableReader::TableReader(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
TableReader::~TableReader() = default;

absl::StatusOr<std::unique_ptr<TableReader>> TableReader::Open(std::istream& in, const std::vector<Column>& columns,
                                                               std::string head) {
  assert(columns.size() <= kColumnsMax && "more columns than the parser was made for");
  auto parts = std::make_unique<Parts>(in, std::move(head));
  const absl::Status header = ReadHeader(parts->parser, columns);
  std::unique_ptr<TableReader> reader(new TableReader(std::move(parts)));
  if (header.ok()) return reader;
  return reader->status().ok() ? header : reader->status();
}

TableReader::Result TableReader::Read(Fields* fields, LineProblem* problem) {
  Texts texts{};
  try {
    if (!ReadTexts(parts_->parser, &texts, kEach)) return Result::kEnd;
  } catch (const io::error::too_few_columns&) {
    return Broken(LineProblem::kTooFewFields, problem);
  } catch (const io::error::too_many_columns&) {
    return Broken(LineProblem::kTooManyFields, problem);
  } catch (const io::error::escaped_string_not_closed&) {
    return Broken(LineProblem::kQuoteNotClosed, problem);
  }
  if (parts_->source.WasCut(line())) return Broken(LineProblem::kLineTooLong, problem);
  for (size_t i = 0; i < kColumnsMax; ++i) {
    (*fields)[i] = texts[i] == nullptr ? std::string_view() : std::string_view(texts[i]);
    if (texts[i] != nullptr) bytes_read_ += (*fields)[i].size() + 1;
  }
  return Result::kRow;
}

TableReader::Result TableReader::Broken(LineProblem why, LineProblem* problem) {
  *problem = parts_->source.WasCut(line()) ? LineProblem::kLineTooLong : why;
  return Result::kBroken;
}

uint64_t TableReader::line() const { return parts_->parser.get_file_line(); }

absl::Status TableReader::status() const {
  if (!parts_->source.broken()) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("the file breaks off behind line ", line(), ": it can no longer be read from where it lies"));
}

std::string_view NameOf(LineProblem problem) {
  switch (problem) {
    case LineProblem::kTooFewFields:
      return "COLUMNS_MISSING";
    case LineProblem::kTooManyFields:
      return "COLUMNS_TOO_MANY";
    case LineProblem::kQuoteNotClosed:
      return "QUOTE_NOT_CLOSED";
    case LineProblem::kLineTooLong:
      return "LINE_TOO_LONG";
  }
  assert(false && "a problem outside the enum");
  return "";
}

std::string_view SentenceOf(LineProblem problem) {
  switch (problem) {
    case LineProblem::kTooFewFields:
      return "the line has fewer fields than the first line names";
    case LineProblem::kTooManyFields:
      return "the line has more fields than the first line names: put a field with a comma in quotes";
    case LineProblem::kQuoteNotClosed:
      return "a quote is opened and not closed in this line: write a quote within quotes twice";
    case LineProblem::kLineTooLong:
      return "the line has more than 64 KiB: look for a line break that is missing";
  }
  assert(false && "a problem outside the enum");
  return "";
}

}  // namespace mynumber::csv
