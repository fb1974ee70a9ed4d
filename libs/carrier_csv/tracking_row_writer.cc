#include "libs/carrier_csv/tracking_row_writer.h"

#include "absl/strings/str_format.h"
#include "libs/csv/quoted_field.h"

namespace mynumber::carrier_csv {
namespace {

std::string ToText(const Occurred& occurred) {
  std::string text = occurred.year ? absl::StrFormat("%04d/", *occurred.year) : "";
  absl::StrAppendFormat(&text, "%02d/%02d", occurred.month, occurred.day);
  if (const auto minute = occurred.minute_of_day) {
    absl::StrAppendFormat(&text, " %02d:%02d", *minute / 60, *minute % 60);
  }
  return text;
}

template <typename Texts>
void AppendLine(const Texts& t, std::string_view occurred, std::string* line) {
  csv::AppendLine({t[kTrackingNumber], occurred, t[kStatus], t[kDetail], t[kOffice], t[kPrefecture], t[kPostalCode]},
                  line);
}

}  // namespace

TrackingRowWriter::TrackingRowWriter(std::ostream& out) : out_(out) {
  AppendLine(kColumnNames, kColumnNames[kOccurred], &line_);
  out_ << line_;
}

absl::Status TrackingRowWriter::Write(const TrackingRow& row) {
  line_.clear();
  AppendLine(row.texts, ToText(row.occurred), &line_);
  out_ << line_;
  if (out_.good()) return absl::OkStatus();
  return absl::DataLossError("the file can be written no further: look for a full disk or a closed pipe");
}

}  // namespace mynumber::carrier_csv
