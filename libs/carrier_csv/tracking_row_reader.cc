#include "libs/carrier_csv/tracking_row_reader.h"

#include <cassert>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/csv/table_reader.h"

namespace mynumber::carrier_csv {

const std::array<const char*, kColumnCount> kColumnNames = {"お問い合わせ番号", "状態発生日", "配送履歴", "詳細",
                                                            "取扱局",           "県名等",     "郵便番号"};

namespace {

static_assert(kColumnCount <= csv::TableReader::kColumnsMax);

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// The stream up to its first line break behind something; no more than a line may have.
std::string ReadHead(std::istream& in) {
  std::string head;
  char c;
  bool seen = false;
  while (head.size() < csv::TableReader::kLineBytesMax && in.get(c)) {
    head.push_back(c);
    if (c == '\n' && seen) break;
    seen = seen || (c != '\n' && c != '\r' && c != ' ' && c != '\t');
  }
  return head;
}

bool NamesAColumn(std::string_view head, Encoding encoding, absl::Status* status) {
  auto transcoder = ToUtf8(encoding);
  if (!transcoder.ok()) {
    *status = transcoder.status();
    return false;
  }
  std::string text;
  if (transcoder->Convert(head, &text) != head.size()) return false;
  for (const char* name : kColumnNames) {
    if (text.find(name) != text.npos) return true;
  }
  return false;
}

absl::Status NoEncoding(std::string_view head) {
  const std::string_view start = head.substr(0, 2);
  if (start == "\xFF\xFE" || start == "\xFE\xFF") {
    return absl::InvalidArgumentError("the file is written in UTF-16: save it as UTF-8 or as Shift_JIS");
  }
  return absl::InvalidArgumentError(
      absl::StrCat("the first line must name the columns ", absl::StrJoin(kColumnNames, ", "),
                   ": it names none of them in UTF-8 or in Shift_JIS; save the file in one of these, with that line"));
}

absl::StatusOr<Encoding> FindEncoding(std::string_view head) {
  absl::Status status;
  if (head.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    if (NamesAColumn(head, Encoding::kUtf8WithMark, &status)) return Encoding::kUtf8WithMark;
  } else {
    for (Encoding encoding : {Encoding::kUtf8, Encoding::kShiftJis}) {
      if (NamesAColumn(head, encoding, &status)) return encoding;
    }
  }
  return status.ok() ? NoEncoding(head) : status;
}

absl::StatusOr<std::vector<csv::Column>> ColumnsIn(Encoding encoding) {
  auto transcoder = FromUtf8(encoding);
  if (!transcoder.ok()) return transcoder.status();
  std::vector<csv::Column> columns;
  for (const char* name : kColumnNames) {
    columns.push_back({name});
    transcoder->Convert(name, &columns.back().in_file);
  }
  return columns;
}

LineReason ReasonOf(csv::LineProblem problem) {
  switch (problem) {
    case csv::LineProblem::kTooFewFields:
      return LineReason::kTooFewFields;
    case csv::LineProblem::kTooManyFields:
      return LineReason::kTooManyFields;
    case csv::LineProblem::kQuoteNotClosed:
      return LineReason::kQuoteNotClosed;
    case csv::LineProblem::kLineTooLong:
      return LineReason::kLineTooLong;
  }
  assert(false && "a problem outside the enum");
  return LineReason::kLineTooLong;
}

bool HasControlCharacter(std::string_view text) {
  for (unsigned char c : text) {
    if (c < 0x20 || c == 0x7F) return true;
  }
  return false;
}

std::optional<LineReason> JudgeTexts(TrackingRow* row) {
  for (const std::string& text : row->texts) {
    if (HasControlCharacter(text)) return LineReason::kControlCharacter;
  }
  if (row->texts[kTrackingNumber].empty()) return LineReason::kTrackingNumberMissing;
  if (row->texts[kOccurred].empty()) return LineReason::kOccurredMissing;
  if (row->texts[kStatus].empty()) return LineReason::kStatusMissing;
  switch (ReadOccurred(row->texts[kOccurred], &row->occurred)) {
    case OccurredVerdict::kValid:
      return std::nullopt;
    case OccurredVerdict::kNotUnderstood:
      return LineReason::kOccurredNotUnderstood;
    case OccurredVerdict::kImpossible:
      return LineReason::kOccurredImpossible;
  }
  return std::nullopt;
}

}  // namespace

struct TrackingRowReader::Parts {
  Encoding encoding;
  Transcoder to_utf8;
  std::unique_ptr<csv::TableReader> table;
};

TrackingRowReader::TrackingRowReader(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
TrackingRowReader::~TrackingRowReader() = default;

absl::StatusOr<std::unique_ptr<TrackingRowReader>> TrackingRowReader::Open(std::istream& in) {
  std::string head = ReadHead(in);
  const auto encoding = FindEncoding(head);
  if (!encoding.ok()) return encoding.status();
  const auto columns = ColumnsIn(*encoding);
  if (!columns.ok()) return columns.status();
  auto to_utf8 = ToUtf8(*encoding);
  if (!to_utf8.ok()) return to_utf8.status();
  auto table = csv::TableReader::Open(in, *columns, std::move(head));
  if (!table.ok()) return table.status();
  return std::unique_ptr<TrackingRowReader>(new TrackingRowReader(
      std::unique_ptr<Parts>(new Parts{*encoding, *std::move(to_utf8), *std::move(table)})));
}

TrackingRowReader::Result TrackingRowReader::Read(TrackingRow* row, LineReason* reason) {
  csv::TableReader::Fields fields;
  csv::LineProblem problem;
  switch (parts_->table->Read(&fields, &problem)) {
    case csv::TableReader::Result::kRow:
      break;
    case csv::TableReader::Result::kBroken:
      *reason = ReasonOf(problem);
      return Result::kBroken;
    case csv::TableReader::Result::kEnd:
      return Result::kEnd;
  }
  for (size_t i = 0; i < kColumnCount; ++i) {
    if (parts_->to_utf8.Convert(fields[i], &row->texts[i]) != fields[i].size()) {
      *reason = LineReason::kNotInEncoding;
      return Result::kBroken;
    }
  }
  const auto wrong = JudgeTexts(row);
  if (!wrong) return Result::kRow;
  *reason = *wrong;
  return Result::kBroken;
}

Encoding TrackingRowReader::encoding() const { return parts_->encoding; }
uint64_t TrackingRowReader::line() const { return parts_->table->line(); }
uint64_t TrackingRowReader::bytes_read() const { return parts_->table->bytes_read(); }
absl::Status TrackingRowReader::status() const { return parts_->table->status(); }

}  // namespace mynumber::carrier_csv
