#include "services/mynumberctl/resident_row.h"

#include "absl/strings/str_cat.h"
#include "libs/identifiers/utf8.h"

namespace mynumber::mynumberctl {
namespace {

namespace events = mynumber::issuance::events::v1;

void Assign(std::string_view from, std::string* to) { to->assign(from.data(), from.size()); }

bool IsUtf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const int size = identifiers::DecodeUtf8(text, at).size;
    if (size == 0) return false;
    at += size;
  }
  return true;
}

int ReadDigits(std::string_view text, bool* ok) {
  int value = 0;
  for (char c : text) {
    *ok = *ok && c >= '0' && c <= '9';
    value = value * 10 + (c - '0');
  }
  return value;
}

// The message cannot carry other bytes in a text field.
std::optional<RowRefusal> CheckTexts(const ResidentRow& row) {
  size_t bytes = 0;
  for (int i = 0; i < kColumnCount; ++i) {
    bytes += row[i].size();
    if (!IsUtf8(row[i])) {
      return RowRefusal{"TEXT_NOT_UTF8", kColumnNames[i],
                        absl::StrCat(kColumnNames[i], " is not UTF-8: save the file as UTF-8 and send the row again")};
    }
  }
  if (bytes > kRowBytesMax) {
    return RowRefusal{"TEXT_TOO_LONG", "", "the row is longer than 64 KiB: check its quotes and shorten its fields"};
  }
  return std::nullopt;
}

RowRefusal DateMalformed(Column column) {
  return {"DATE_MALFORMED", kColumnNames[column],
          absl::StrCat(kColumnNames[column], " is not a date as 2016-04-01: write year, month and day")};
}

std::optional<RowRefusal> WriteDates(const ResidentRow& row, events::ResidentDetails* details) {
  if (row[kBirthDate].empty()) {
    details->clear_birth_date();
  } else if (!ReadDate(row[kBirthDate], details->mutable_birth_date())) {
    return DateMalformed(kBirthDate);
  }
  if (row[kPeriodOfStayEnd].empty()) {
    details->clear_period_of_stay_end();
  } else if (!ReadDate(row[kPeriodOfStayEnd], details->mutable_period_of_stay_end())) {
    return DateMalformed(kPeriodOfStayEnd);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Column> FindColumn(std::string_view name) {
  for (int i = 0; i < kColumnCount; ++i) {
    if (name == kColumnNames[i]) return static_cast<Column>(i);
  }
  return std::nullopt;
}

bool ReadDate(std::string_view text, mynumber::type::Date* date) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  bool ok = true;
  date->set_year(ReadDigits(text.substr(0, 4), &ok));
  date->set_month(ReadDigits(text.substr(5, 2), &ok));
  date->set_day(ReadDigits(text.substr(8, 2), &ok));
  return ok;
}

bool ReadResidenceStatus(std::string_view text, events::ResidenceStatus* status) {
  *status = events::RESIDENCE_STATUS_UNSPECIFIED;
  if (text.empty()) return true;
  return text != "UNSPECIFIED" &&
         events::ResidenceStatus_Parse("RESIDENCE_STATUS_" + std::string(text), status);
}

std::optional<RowRefusal> WriteDetails(const ResidentRow& row, events::ResidentDetails* details) {
  if (auto refusal = CheckTexts(row)) return refusal;
  if (auto refusal = WriteDates(row, details)) return refusal;
  events::ResidenceStatus status;
  if (!ReadResidenceStatus(row[kResidenceStatus], &status)) {
    return RowRefusal{"RESIDENCE_STATUS_UNKNOWN", kColumnNames[kResidenceStatus],
                      "residence_status is none of those that exist: leave it empty for a Japanese national, "
                      "or write one as PERMANENT_RESIDENT or MID_TO_LONG_TERM"};
  }
  details->set_residence_status(status);
  Assign(row[kFullName], details->mutable_full_name());
  Assign(row[kAlias], details->mutable_alias());
  Assign(row[kNameKana], details->mutable_name_kana());
  Assign(row[kAddress], details->mutable_address());
  Assign(row[kPostalCode], details->mutable_postal_code());
  Assign(row[kMunicipalityCode], details->mutable_municipality_code());
  return std::nullopt;
}

std::optional<RowRefusal> WriteRequest(const ResidentRow& row, const RowDefaults& defaults, RequestIds& ids,
                                       v1::RegisterResidentRequest* request) {
  if (auto refusal = WriteDetails(row, request->mutable_details())) return refusal;
  request->set_confirmed_distinct(false);
  Assign(row[kRecordCode], request->mutable_resident_record_code());
  if (row[kRequestId].empty()) {
    ids.Derive(row, request->mutable_request_id());
  } else {
    Assign(row[kRequestId], request->mutable_request_id());
  }
  if (!defaults.authority.empty()) {
    request->clear_actor();
    return std::nullopt;
  }
  std::string* authority = request->mutable_actor()->mutable_authority();
  authority->assign("municipality/");
  authority->append(row[kMunicipalityCode].data(), row[kMunicipalityCode].size());
  Assign(defaults.clerk_id, request->mutable_actor()->mutable_clerk_id());
  return std::nullopt;
}

}  // namespace mynumber::mynumberctl
