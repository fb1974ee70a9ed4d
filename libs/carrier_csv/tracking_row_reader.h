#ifndef MYNUMBER_LIBS_CARRIER_CSV_TRACKING_ROW_READER_H_
#define MYNUMBER_LIBS_CARRIER_CSV_TRACKING_ROW_READER_H_

#include <array>
#include <cstdint>
#include <istream>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/carrier_csv/encoding.h"
#include "libs/carrier_csv/occurred.h"

namespace mynumber::carrier_csv {

// The columns of the carrier's tracking page, and the number of the piece. A file names all of them, in any order.
enum Column {
  kTrackingNumber,  // お問い合わせ番号
  kOccurred,        // 状態発生日
  kStatus,          // 配送履歴
  kDetail,          // 詳細
  kOffice,          // 取扱局
  kPrefecture,      // 県名等
  kPostalCode,      // 郵便番号
  kColumnCount,
};
extern const std::array<const char*, kColumnCount> kColumnNames;

// One line of the file, in UTF-8, word for word. What the number and the words mean is not judged here.
struct TrackingRow {
  std::array<std::string, kColumnCount> texts;
  Occurred occurred;  // of texts[kOccurred]
};

// Why a line is no row. Closed.
enum class LineReason {
  kTooFewFields,
  kTooManyFields,
  kQuoteNotClosed,
  kLineTooLong,
  kNotInEncoding,     // bytes that are no character of the file's encoding
  kControlCharacter,
  kTrackingNumberMissing,
  kOccurredMissing,
  kStatusMissing,
  kOccurredNotUnderstood,
  kOccurredImpossible,
};

// "COLUMNS_MISSING", and a sentence for the carrier. Shows nothing of the line.
std::string_view NameOf(LineReason reason);
std::string_view SentenceOf(LineReason reason);

// Reads a file of any length, in memory that does not grow with it. One thread at a time.
class TrackingRowReader {
 public:
  enum class Result {
    kRow,     // *row, which keeps its memory from call to call
    kBroken,  // *reason says why this line is no row; the next call goes on behind it
    kEnd,     // of the file, or status() says why it cannot be read on
  };

  // Finds the encoding by the first line, which is the only one that it reads. INVALID_ARGUMENT with a sentence for the
  // carrier if that names none of the columns in any encoding, lacks one, or has another. `in` outlives the reader.
  static absl::StatusOr<std::unique_ptr<TrackingRowReader>> Open(std::istream& in);
  ~TrackingRowReader();

  Encoding encoding() const;
  Result Read(TrackingRow* row, LineReason* reason);
  // Of what was read last, from 1; empty lines count, and are no rows.
  uint64_t line() const;
  // About how far into the file that is.
  uint64_t bytes_read() const;
  absl::Status status() const;

 private:
  struct Parts;
  explicit TrackingRowReader(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace mynumber::carrier_csv

#endif  // MYNUMBER_LIBS_CARRIER_CSV_TRACKING_ROW_READER_H_
