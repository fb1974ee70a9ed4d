#ifndef MYNUMBER_LIBS_CARRIER_CSV_ACKNOWLEDGEMENT_WRITER_H_
#define MYNUMBER_LIBS_CARRIER_CSV_ACKNOWLEDGEMENT_WRITER_H_

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/carrier_csv/encoding.h"

namespace mynumber::carrier_csv {

// What became of a line. Closed.
enum class Outcome { kAccepted, kDuplicate, kNotUnderstood };

struct Acknowledgement {
  uint64_t line = 0;                 // of the carrier's file, from 1
  std::string_view tracking_number;  // as the file has it; empty if it could not be read
  Outcome outcome = Outcome::kAccepted;
  std::string_view reason;    // a name as NameOf(LineReason) gives, empty unless kNotUnderstood
  std::string_view sentence;  // likewise
};

// Writes the answer to a file of the carrier: one line for each of its lines that is not empty, with the columns 行番号,
// お問い合わせ番号, 結果 (ACCEPTED, DUPLICATE, NOT_UNDERSTOOD), 理由, 説明. Line breaks are CR LF. One thread at a
// time.
class AcknowledgementWriter {
 public:
  // Takes the encoding of the carrier's file, and writes the line of names. `out` outlives the writer. The error is a
  // machine without tables for that encoding.
  static absl::StatusOr<AcknowledgementWriter> Open(std::ostream& out, Encoding encoding);

  // Texts are UTF-8. A character that the encoding does not have becomes 〓, as printers do it. The error says that
  // `out` takes no more; a later call says it again.
  absl::Status Write(const Acknowledgement& acknowledgement);

 private:
  AcknowledgementWriter(std::ostream& out, Transcoder from_utf8) : out_(out), from_utf8_(std::move(from_utf8)) {}
  void Encode(std::string_view text);

  std::ostream& out_;
  Transcoder from_utf8_;
  std::string line_;
  std::string encoded_;
  std::string piece_;
};

}  // namespace mynumber::carrier_csv

#endif  // MYNUMBER_LIBS_CARRIER_CSV_ACKNOWLEDGEMENT_WRITER_H_
