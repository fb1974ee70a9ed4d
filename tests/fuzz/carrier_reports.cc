// The carrier's file of tracking reports, in whichever encoding.

#include <sstream>
#include <string>
#include <vector>

#include "libs/carrier_csv/acknowledgement_writer.h"
#include "libs/carrier_csv/tracking_row_reader.h"
#include "libs/carrier_csv/tracking_row_writer.h"
#include "tests/fuzz/law.h"

namespace mynumber::fuzz {
namespace {

using carrier_csv::LineReason;
using carrier_csv::TrackingRow;
using carrier_csv::TrackingRowReader;

// Rows are written into one file as the carrier does, and understood as the same: a reader takes its time to open.
void HoldsOfWriting(const std::vector<TrackingRow>& rows) {
  std::stringstream file;
  carrier_csv::TrackingRowWriter writer(file);
  for (const TrackingRow& row : rows) Holds(writer.Write(row).ok(), "a row that was read can be written");
  const auto reader = TrackingRowReader::Open(file);
  Holds(reader.ok(), "our own line of names is understood");
  TrackingRow again;
  LineReason reason;
  for (const TrackingRow& row : rows) {
    Holds((*reader)->Read(&again, &reason) == TrackingRowReader::Result::kRow, "a row that was written is read");
    for (size_t i = 0; i < carrier_csv::kColumnCount; ++i) {
      Holds(i == carrier_csv::kOccurred || again.texts[i] == row.texts[i], "texts come back word for word");
    }
    Holds(again.occurred == row.occurred, "a moment comes back, however it was written");
  }
}

// Shift_JIS takes fewer bytes than UTF-8, and a quote two.
bool FitsALine(const TrackingRow& row) {
  size_t bytes = 0;
  for (const std::string& text : row.texts) bytes += 2 * text.size() + 3;
  return bytes < (size_t{64} << 10);
}

void HoldsOfRow(const TrackingRow& row) {
  for (const std::string& text : row.texts) {
    Holds(text.find_first_of(std::string_view("\0\x01\n\r\x7f", 5)) == text.npos, "no text has control characters");
  }
  Holds(!row.texts[carrier_csv::kTrackingNumber].empty() && !row.texts[carrier_csv::kStatus].empty(),
        "a row names its piece and what became of it");
  const auto& when = row.occurred;
  Holds(when.month >= 1 && when.month <= 12 && when.day >= 1 && when.day <= 31, "a row has a day of the calendar");
  Holds(!when.minute_of_day || (*when.minute_of_day >= 0 && *when.minute_of_day < 1440), "and a minute of that day");
}

void Read(TrackingRowReader& reader, size_t size) {
  using Result = TrackingRowReader::Result;
  std::ostringstream answer;
  auto acknowledge = carrier_csv::AcknowledgementWriter::Open(answer, reader.encoding());
  Holds(acknowledge.ok(), "the answer is written in the encoding of the question");
  std::vector<TrackingRow> rows;
  TrackingRow row;
  LineReason reason = LineReason::kTooFewFields;
  uint64_t line = 0;
  for (Result result; (result = reader.Read(&row, &reason)) != Result::kEnd;) {
    Holds(reader.line() > line && reader.line() <= size + 1, "lines count up, and there are no more than bytes");
    line = reader.line();
    if (result == Result::kRow) HoldsOfRow(row);
    if (result == Result::kRow && rows.size() < 100 && FitsALine(row)) rows.push_back(row);
    carrier_csv::Acknowledgement told{line, row.texts[carrier_csv::kTrackingNumber]};
    if (result == Result::kBroken) {
      told.outcome = carrier_csv::Outcome::kNotUnderstood;
      told.reason = NameOf(reason);
      told.sentence = SentenceOf(reason);
      Holds(!told.reason.empty() && !told.sentence.empty(), "a line is refused by name and with a sentence");
    }
    Holds(acknowledge->Write(told).ok(), "whatever a line says, it can be answered");
  }
  if (!rows.empty()) HoldsOfWriting(rows);
}

}  // namespace
}  // namespace mynumber::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace mynumber;  // NOLINT: two names
  std::istringstream in(std::string(fuzz::InputOf(data, size)));
  const auto reader = carrier_csv::TrackingRowReader::Open(in);
  if (reader.ok()) {
    fuzz::Read(**reader, size);
  } else {
    fuzz::Holds(absl::IsInvalidArgument(reader.status()) && !reader.status().message().empty(),
                "a first line that names no table is refused with a sentence");
  }
  return 0;
}
