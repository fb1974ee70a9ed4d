#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_RESIDENT_ROW_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_RESIDENT_ROW_H_

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "mynumber/issuance/v1/issuance_service.pb.h"
#include "services/mynumberctl/request_ids.h"

namespace mynumber::mynumberctl {

namespace v1 = mynumber::issuance::v1;

// The columns of a file of residents, and the names of a JSON object's members.
enum Column {
  kRequestId,
  kRecordCode,
  kFullName,
  kAlias,
  kNameKana,
  kBirthDate,
  kAddress,
  kPostalCode,
  kMunicipalityCode,
  kResidenceStatus,
  kPeriodOfStayEnd,
  kColumnCount,
};
inline constexpr std::array<const char*, kColumnCount> kColumnNames = {
    "request_id", "resident_record_code", "full_name",         "alias",            "name_kana",         "birth_date",
    "address",    "postal_code",          "municipality_code", "residence_status", "period_of_stay_end"};

// The column of that name; nothing if there is none.
std::optional<Column> FindColumn(std::string_view name);

// One resident's fields as text; views into somebody else's memory.
using ResidentRow = std::array<std::string_view, kColumnCount>;

// Bytes in the longest row that is sent: a few such rows must not fill a message.
inline constexpr size_t kRowBytesMax = 64 << 10;

// Why a row cannot even be sent, with names like those of the server's ErrorReason. Shows nothing of the row.
struct RowRefusal {
  std::string reason;
  std::string field;
  std::string sentence;
};

// "YYYY-MM-DD", four, two and two digits; whether the calendar has that day is for the server to say.
bool ReadDate(std::string_view text, mynumber::type::Date* date);

// The field's message from its name without prefix, as "PERMANENT_RESIDENT"; "" is a Japanese national.
bool ReadResidenceStatus(std::string_view text, mynumber::issuance::events::v1::ResidenceStatus* status);

// Writes the row over all of `details`. Only what a message cannot carry is refused here: the rest is judged by the
// server.
std::optional<RowRefusal> WriteDetails(const ResidentRow& row,
                                       mynumber::issuance::events::v1::ResidentDetails* details);

// What rows of a file do not say themselves.
struct RowDefaults {
  // Empty: the row's own municipality asks.
  std::string authority;
  std::string clerk_id;
};

// Writes the row over all of `request`, without allocating once its strings have grown. A row without a request id gets
// the one that `ids` derives from it. The row has an actor of its own if the authority is its municipality.
std::optional<RowRefusal> WriteRequest(const ResidentRow& row, const RowDefaults& defaults, RequestIds& ids,
                                       v1::RegisterResidentRequest* request);

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_RESIDENT_ROW_H_
