#include "tests/stories/people.h"

#include <atomic>
#include <cstdio>

#include "libs/calendar/date.h"
#include "libs/identifiers/resident_record_code.h"
#include "libs/runtime/process.h"
#include "services/issuance/domain/resident.h"

namespace mynumber::stories {
namespace {

std::string Padded(int64_t number, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%0*lld", digits, static_cast<long long>(number));
  return text;
}

// A request with what every writing call has.
template <class Request>
Request Written(const City& city, const std::string& name) {
  Request request;
  request.set_request_id(NewRequestId());
  *request.mutable_actor() = city.Clerk();
  request.set_name(name);
  return request;
}

}  // namespace

std::string RecordCode(std::string_view ten_free_digits) {
  return std::string(ten_free_digits) +
         static_cast<char>('0' + identifiers::ResidentRecordCode::CheckDigit(ten_free_digits));
}

std::string OtherLastDigit(std::string_view record_code) {
  std::string other(record_code);
  other.back() = static_cast<char>('0' + (other.back() - '0' + 1) % 10);
  return other;
}

type::Date Day(int year, int month, int day) {
  type::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

type::Date Today(int days) {
  return calendar::DateInTokyo(runtime::WallMicros() + int64_t{86400} * 1'000'000 * days);
}

Person Hanako() {
  Person person{RecordCode("5100000001"), {}};
  person.details.set_full_name("見本 花子");
  person.details.set_name_kana("ミホン ハナコ");
  *person.details.mutable_birth_date() = Day(1987, 5, 25);
  person.details.set_address("見本町一丁目2番3号");
  person.details.set_postal_code("9990001");
  person.details.set_municipality_code(kChiyoda);
  return person;
}

Person Taro() {
  Person person{RecordCode("5200000002"), {}};
  person.details.set_full_name("𠮷野架空 太郎");
  person.details.set_name_kana("ヨシノカクウ タロウ");
  *person.details.mutable_birth_date() = Day(2001, 12, 31);
  person.details.set_address("架空台9番地 例示荘405号室");
  person.details.set_postal_code("9990002");
  person.details.set_municipality_code(kChiyoda);
  return person;
}

Person Alex() {
  Person person{RecordCode("5300000003"), {}};
  person.details.set_full_name("MIHON ALEXANDER");
  person.details.set_alias("見本 有礼");
  *person.details.mutable_birth_date() = Day(1995, 2, 28);
  person.details.set_address("想定通り77番 仮住館12号");
  person.details.set_postal_code("9990003");
  person.details.set_municipality_code(kChiyoda);
  person.details.set_residence_status(events::RESIDENCE_STATUS_MID_TO_LONG_TERM);
  *person.details.mutable_period_of_stay_end() = Day(2099, 3, 31);
  return person;
}

Person MadeUp(int64_t number, std::string_view municipality_code) {
  Person person{RecordCode("6" + Padded(number, 9)), {}};
  person.details.set_full_name("例示 第" + Padded(number, 9) + "号");
  person.details.set_name_kana("レイジ ダイ" + Padded(number, 9));
  *person.details.mutable_birth_date() =
      Day(static_cast<int>(1930 + number % 90), static_cast<int>(1 + number % 12), static_cast<int>(1 + number % 28));
  person.details.set_address("例示町" + Padded(number, 9) + "番地");
  person.details.set_postal_code(Padded(number % 10'000'000, 7));
  person.details.set_municipality_code(std::string(municipality_code));
  return person;
}

std::string NewRequestId() {
  static std::atomic<int64_t> last{0};
  return "5a5a5a5a-0000-4000-8000-" + Padded(++last, 12);
}

type::Actor City::Clerk() const {
  type::Actor actor;
  actor.set_authority(authority());
  actor.set_clerk_id(clerk_id_);
  return actor;
}

v1::RegisterResidentRequest City::Registration(const Person& person) const {
  v1::RegisterResidentRequest request;
  request.set_request_id(NewRequestId());
  *request.mutable_actor() = Clerk();
  request.set_resident_record_code(person.record_code);
  *request.mutable_details() = person.details;
  return request;
}

v1::RegisterResidentsRequest City::Batch(uint64_t batch_id, const std::vector<Person>& people) const {
  v1::RegisterResidentsRequest batch;
  batch.set_batch_id(batch_id);
  *batch.mutable_actor() = Clerk();
  for (const Person& person : people) {
    *batch.add_residents() = Registration(person);
    batch.mutable_residents(batch.residents_size() - 1)->clear_actor();
  }
  return batch;
}

v1::GetResidentRequest City::Look(const std::string& name) const {
  v1::GetResidentRequest request;
  *request.mutable_actor() = Clerk();
  request.set_name(name);
  return request;
}

v1::RecordMoveRequest City::Move(const std::vector<std::string>& names) const {
  v1::RecordMoveRequest request;
  request.set_request_id(NewRequestId());
  *request.mutable_actor() = Clerk();
  for (const std::string& name : names) request.add_names(name);
  *request.mutable_move_date() = Today();
  request.set_address("移転先町4番5号");
  request.set_postal_code("9990009");
  request.set_municipality_code(kSapporo);
  return request;
}

v1::RecordDepartureRequest City::Departure(const std::string& name, const type::Date& day) const {
  auto request = Written<v1::RecordDepartureRequest>(*this, name);
  *request.mutable_departure_date() = day;
  return request;
}

v1::RecordReturnRequest City::Return(const std::string& name, const events::ResidentDetails& details) const {
  auto request = Written<v1::RecordReturnRequest>(*this, name);
  *request.mutable_return_date() = Today();
  *request.mutable_details() = details;
  return request;
}

v1::RecordDeathRequest City::Death(const std::string& name) const {
  auto request = Written<v1::RecordDeathRequest>(*this, name);
  *request.mutable_death_date() = Today();
  return request;
}

v1::CorrectResidentRequest City::Correction(const std::string& name, const events::ResidentDetails& details) const {
  auto request = Written<v1::CorrectResidentRequest>(*this, name);
  *request.mutable_details() = details;
  request.set_reason("typed wrongly");
  return request;
}

v1::ChangeResidentRecordCodeRequest City::CodeChange(const std::string& name, const std::string& new_code) const {
  auto request = Written<v1::ChangeResidentRecordCodeRequest>(*this, name);
  request.set_new_resident_record_code(new_code);
  request.set_evidence("application 12");
  return request;
}

v1::VoidRegistrationRequest City::Voiding(const std::string& name) const {
  auto request = Written<v1::VoidRegistrationRequest>(*this, name);
  request.set_evidence("report 3");
  request.set_reason("registered twice");
  return request;
}

v1::DiscloseNumberRequest City::Disclosure(const std::string& name) const {
  auto request = Written<v1::DiscloseNumberRequest>(*this, name);
  request.set_purpose(events::PURPOSE_TAX);
  request.set_reference("tax file 41");
  return request;
}

v1::FindResidentByNumberRequest City::Search(const std::string& number) const {
  v1::FindResidentByNumberRequest request;
  request.set_request_id(NewRequestId());
  *request.mutable_actor() = Clerk();
  request.set_individual_number(number);
  request.set_purpose(events::PURPOSE_SOCIAL_SECURITY);
  request.set_reference("pension file 9");
  return request;
}

v1::ReplaceNumberRequest City::Replacement(const std::string& name) const {
  auto request = Written<v1::ReplaceNumberRequest>(*this, name);
  request.set_ground(v1::REPLACEMENT_GROUND_LEAK_WITH_RISK_OF_MISUSE);
  request.set_evidence("police receipt 1");
  request.set_decision(events::REPLACEMENT_DECISION_MAYOR_ON_REQUEST);
  return request;
}

v1::ValidateNumbersRequest City::Validation(const std::vector<std::string>& numbers) const {
  v1::ValidateNumbersRequest request;
  *request.mutable_actor() = Clerk();
  for (const std::string& number : numbers) request.add_individual_numbers(number);
  return request;
}

v1::ListDisclosuresRequest City::Disclosures(const std::string& name, int page_size) const {
  v1::ListDisclosuresRequest request;
  *request.mutable_actor() = Clerk();
  request.set_parent(name);
  request.set_page_size(page_size);
  return request;
}

v1::ExportAccessHistoryRequest City::History(const std::string& name) const {
  auto request = Written<v1::ExportAccessHistoryRequest>(*this, name);
  request.set_reference("application 12");
  request.set_identity_confirmed(true);
  return request;
}

v1::RequestErasureRequest City::Erasure(const std::string& name) const {
  auto request = Written<v1::RequestErasureRequest>(*this, name);
  request.set_ground(events::ERASURE_GROUND_ORDERED);
  request.set_reference("order 7");
  return request;
}

v1::ApproveErasureRequest City::Approval(const std::string& name) const {
  auto request = Written<v1::ApproveErasureRequest>(*this, name);
  request.mutable_actor()->set_clerk_id("chief-1");
  return request;
}

v1::WithdrawErasureRequest City::Withdrawal(const std::string& name) const {
  auto request = Written<v1::WithdrawErasureRequest>(*this, name);
  request.mutable_actor()->set_clerk_id("chief-1");
  request.set_reason("the order was lifted");
  return request;
}

v1::GetOutcomeRequest City::Outcome(const std::string& request_id, const std::string& method) const {
  v1::GetOutcomeRequest request;
  *request.mutable_actor() = Clerk();
  request.set_request_id(request_id);
  request.set_method(method);
  return request;
}

v1::ListResidentsRequest City::List(int page_size) const {
  v1::ListResidentsRequest request;
  *request.mutable_actor() = Clerk();
  request.set_municipality_code(code_);
  request.set_page_size(page_size);
  return request;
}

v1::FindResidentsRequest City::Find(const std::string& full_name, const type::Date& birth_date) const {
  v1::FindResidentsRequest request;
  *request.mutable_actor() = Clerk();
  request.set_full_name(full_name);
  *request.mutable_birth_date() = birth_date;
  return request;
}

v1::GetDigestRequest City::Digest() const {
  v1::GetDigestRequest request;
  *request.mutable_actor() = Clerk();
  request.set_municipality_code(code_);
  return request;
}

v1::StreamResidentsRequest City::Stream() const {
  v1::StreamResidentsRequest request;
  *request.mutable_actor() = Clerk();
  request.set_municipality_code(code_);
  return request;
}

rpc::Problem ProblemOf(const absl::Status& status) { return rpc::ProblemOf(status).value_or(rpc::Problem{}); }

std::string ReasonOf(const absl::Status& status) { return ProblemOf(status).reason; }

std::string MetadataOf(const absl::Status& status, std::string_view key) {
  for (const auto& [name, value] : ProblemOf(status).metadata) {
    if (name == key) return value;
  }
  return "";
}

}  // namespace mynumber::stories
