#include "libs/carrier_csv/acknowledgement_writer.h"

#include <cassert>
#include <utility>

#include "libs/csv/quoted_field.h"

namespace mynumber::carrier_csv {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kNames = "行番号,お問い合わせ番号,結果,理由,説明\r\n";
constexpr std::string_view kGeta = "〓";

std::string_view NameOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kAccepted:
      return "ACCEPTED";
    case Outcome::kDuplicate:
      return "DUPLICATE";
    case Outcome::kNotUnderstood:
      return "NOT_UNDERSTOOD";
  }
  assert(false && "an outcome outside the enum");
  return "";
}

size_t CharacterBytes(std::string_view text) {
  size_t bytes = 1;
  while (bytes < text.size() && (text[bytes] & 0xC0) == 0x80) ++bytes;
  return bytes;
}

}  // namespace

absl::StatusOr<AcknowledgementWriter> AcknowledgementWriter::Open(std::ostream& out, Encoding encoding) {
  auto from_utf8 = FromUtf8(encoding);
  if (!from_utf8.ok()) return from_utf8.status();
  AcknowledgementWriter writer(out, *std::move(from_utf8));
  if (encoding == Encoding::kUtf8WithMark) out << kByteOrderMark;
  writer.Encode(kNames);
  out << writer.encoded_;
  return writer;
}

void AcknowledgementWriter::Encode(std::string_view text) {
  encoded_.clear();
  while (!text.empty()) {
    text.remove_prefix(from_utf8_.Convert(text, &piece_));
    encoded_.append(piece_);
    if (text.empty()) return;
    from_utf8_.Convert(kGeta, &piece_);
    encoded_.append(piece_);
    text.remove_prefix(CharacterBytes(text));
  }
}

absl::Status AcknowledgementWriter::Write(const Acknowledgement& acknowledgement) {
  line_.clear();
  csv::AppendLine({std::to_string(acknowledgement.line), acknowledgement.tracking_number,
                   NameOf(acknowledgement.outcome), acknowledgement.reason, acknowledgement.sentence},
                  &line_);
  Encode(line_);
  out_ << encoded_;
  if (out_.good()) return absl::OkStatus();
  return absl::DataLossError("the acknowledgement can be written no further: look for a full disk or a closed pipe");
}

}  // namespace mynumber::carrier_csv
