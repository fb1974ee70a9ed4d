#include "tests/soak/changes.h"

#include <cstring>

#include "absl/strings/str_cat.h"
#include "libs/identifiers/request_id.h"

namespace mynumber::soak {
namespace {

constexpr char kAuthority[] = "municipality/131016";
constexpr char kMunicipality[] = "131016";

// A bijection of 64 bits (splitmix64): neighbours look unlike each other.
uint64_t Mix(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

uint64_t Draw(const Plan& plan, uint64_t row) { return Mix(Mix(plan.seed + 0x9e3779b97f4a7c15u) + row); }

std::string AddressOf(const Change& change) {
  return absl::StrCat("東京都千代田区架空町", change.step + 1, "丁目", change.row, "番");
}

template <class Request>
Request Begin(const Plan& plan, const Change& change) {
  Request request;
  request.set_request_id(RequestIdOf(plan, change));
  request.mutable_actor()->set_authority(kAuthority);
  request.mutable_actor()->set_clerk_id("soak");
  return request;
}

}  // namespace

std::vector<Change> ChangesOf(const Plan& plan, uint64_t row) {
  using Kind = Change::Kind;
  const uint64_t draw = Draw(plan, row);
  std::vector<Kind> kinds;
  switch (draw % 20) {
    case 0:
    case 1:
      kinds = {Kind::kMove};
      break;
    case 2:
      kinds = {Kind::kCorrection};
      break;
    case 3:
      kinds = {Kind::kMove, Kind::kCorrection, Kind::kMove};
      break;
    default:
      break;
  }
  if (plan.replace_one_in != 0 && Mix(draw) % plan.replace_one_in == 0) kinds.push_back(Kind::kReplacement);
  std::vector<Change> changes;
  for (Kind kind : kinds) changes.push_back({kind, row, static_cast<uint32_t>(changes.size())});
  return changes;
}

std::string RequestIdOf(const Plan& plan, const Change& change) {
  const uint64_t halves[2] = {Mix(Draw(plan, change.row) + change.step), change.row << 8 | change.step};
  identifiers::RequestId id;
  std::memcpy(id.data(), halves, id.size());
  return identifiers::FormatRequestId(id);
}

v1::RecordMoveRequest MakeMove(const Plan& plan, const Change& change, const std::string& name) {
  auto request = Begin<v1::RecordMoveRequest>(plan, change);
  request.add_names(name);
  *request.mutable_move_date() = plan.move_date;
  request.set_address(AddressOf(change));
  request.set_postal_code("1009901");
  request.set_municipality_code(kMunicipality);
  return request;
}

v1::CorrectResidentRequest MakeCorrection(const Plan& plan, const Change& change, const std::string& name) {
  auto request = Begin<v1::CorrectResidentRequest>(plan, change);
  request.set_name(name);
  request.set_reason("the certificate was misread");
  auto* details = request.mutable_details();
  details->set_full_name(absl::StrCat("訂正見本 ", change.row));
  details->set_name_kana("テイセイミホン");
  details->mutable_birth_date()->set_year(1990);
  details->mutable_birth_date()->set_month(1);
  details->mutable_birth_date()->set_day(1);
  details->set_address(AddressOf(change));
  details->set_postal_code("1009901");
  details->set_municipality_code(kMunicipality);
  return request;
}

v1::ReplaceNumberRequest MakeReplacement(const Plan& plan, const Change& change, const std::string& name) {
  auto request = Begin<v1::ReplaceNumberRequest>(plan, change);
  request.set_name(name);
  request.set_ground(v1::REPLACEMENT_GROUND_LEAK_WITH_RISK_OF_MISUSE);
  request.set_evidence("police report 1");
  request.set_decision(mynumber::issuance::events::v1::REPLACEMENT_DECISION_MAYOR_ON_REQUEST);
  return request;
}

}  // namespace mynumber::soak
