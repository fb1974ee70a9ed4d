#ifndef MYNUMBER_TESTS_STORIES_PEOPLE_H_
#define MYNUMBER_TESTS_STORIES_PEOPLE_H_

// People who do not exist, what their city asks for them, and what a refusal says.

#include <gmock/gmock.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/rpc/problem.h"
#include "mynumber/issuance/v1/issuance_service.pb.h"

namespace mynumber::stories {

namespace v1 = issuance::v1;
namespace events = issuance::events::v1;

struct Person {
  // Eleven digits.
  std::string record_code;
  events::ResidentDetails details;
};

inline constexpr char kChiyoda[] = "131016";
inline constexpr char kSapporo[] = "011002";
inline constexpr char kOsaka[] = "271004";

// Of different names, birth dates and addresses; all live in Chiyoda.
Person Hanako();
// With a character beyond the basic plane.
Person Taro();
// A mid-to-long-term resident with a Latin name and an alias.
Person Alex();
// Somebody for each number below 10^9, with the number in name, address and record code.
Person MadeUp(int64_t number, std::string_view municipality_code = kChiyoda);

std::string RecordCode(std::string_view ten_free_digits);
// The same code with another last digit.
std::string OtherLastDigit(std::string_view record_code);

type::Date Day(int year, int month, int day);
// Today in Tokyo, or so many days later.
type::Date Today(int days = 0);

// A UUID that was not used before in this process.
std::string NewRequestId();

// A municipality at its counter: requests with its clerk and a request id of their own.
class City {
 public:
  explicit City(std::string code = kChiyoda, std::string clerk_id = "clerk-7")
      : code_(std::move(code)), clerk_id_(std::move(clerk_id)) {}

  const std::string& code() const { return code_; }
  std::string authority() const { return "municipality/" + code_; }
  type::Actor Clerk() const;

  v1::RegisterResidentRequest Registration(const Person& person) const;
  // Rows without an actor of their own.
  v1::RegisterResidentsRequest Batch(uint64_t batch_id, const std::vector<Person>& people) const;
  v1::GetResidentRequest Look(const std::string& name) const;
  // To a new address in Sapporo, today.
  v1::RecordMoveRequest Move(const std::vector<std::string>& names) const;
  v1::RecordDepartureRequest Departure(const std::string& name, const type::Date& day = Today()) const;
  v1::RecordReturnRequest Return(const std::string& name, const events::ResidentDetails& details) const;
  v1::RecordDeathRequest Death(const std::string& name) const;
  v1::CorrectResidentRequest Correction(const std::string& name, const events::ResidentDetails& details) const;
  v1::ChangeResidentRecordCodeRequest CodeChange(const std::string& name, const std::string& new_code) const;
  v1::VoidRegistrationRequest Voiding(const std::string& name) const;
  v1::DiscloseNumberRequest Disclosure(const std::string& name) const;
  v1::FindResidentByNumberRequest Search(const std::string& number) const;
  v1::ReplaceNumberRequest Replacement(const std::string& name) const;
  v1::ValidateNumbersRequest Validation(const std::vector<std::string>& numbers) const;
  v1::ListDisclosuresRequest Disclosures(const std::string& name, int page_size = 0) const;
  // At the resident's own request.
  v1::ExportAccessHistoryRequest History(const std::string& name) const;
  // On an order; approved and withdrawn by the clerk "chief-1".
  v1::RequestErasureRequest Erasure(const std::string& name) const;
  v1::ApproveErasureRequest Approval(const std::string& name) const;
  v1::WithdrawErasureRequest Withdrawal(const std::string& name) const;
  v1::GetOutcomeRequest Outcome(const std::string& request_id, const std::string& method) const;
  v1::ListResidentsRequest List(int page_size = 0) const;
  v1::FindResidentsRequest Find(const std::string& full_name, const type::Date& birth_date) const;
  v1::GetDigestRequest Digest() const;
  v1::StreamResidentsRequest Stream() const;

 private:
  std::string code_;
  std::string clerk_id_;
};

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <class T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

// What a refusal says; "" where it does not.
std::string ReasonOf(const absl::Status& status);
std::string MetadataOf(const absl::Status& status, std::string_view key);
rpc::Problem ProblemOf(const absl::Status& status);
// What one row or member of a household was refused with; OK if it has no error.
template <class Row>
absl::Status ErrorOf(const Row& row) {
  return row.has_error() ? rpc::FromRpc(row.error()) : absl::OkStatus();
}

// For a status or the answer to a call.
MATCHER(IsOk, "") {
  *result_listener << StatusOf(arg).ToString(absl::StatusToStringMode::kWithNoExtraData);
  return StatusOf(arg).ok();
}
MATCHER_P2(IsRefused, code, reason, std::string("is refused as ") + reason) {
  const absl::Status& status = StatusOf(arg);
  *result_listener << status.ToString(absl::StatusToStringMode::kWithNoExtraData) << " " << ReasonOf(status);
  return status.code() == code && ReasonOf(status) == reason;
}

}  // namespace mynumber::stories

#endif  // MYNUMBER_TESTS_STORIES_PEOPLE_H_
