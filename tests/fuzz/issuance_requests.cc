// Everything that number issuance may be asked.

#include <string>

#include "libs/calendar/date.h"
#include "libs/identifiers/individual_number.h"
#include "libs/identifiers/person_name.h"
#include "mynumber/issuance/v1/error_reason.pb.h"
#include "mynumber/issuance/v1/issuance_service.pb.h"
#include "services/issuance/domain/explain_erasure.h"
#include "services/issuance/domain/refusals.h"
#include "services/issuance/domain/validate.h"
#include "tests/fuzz/requests.h"

namespace mynumber::issuance {
namespace {

using fuzz::FirstOf;
using fuzz::Holds;
using fuzz::Kind;
using fuzz::KindOf;

const type::Date& Today() {
  static const type::Date today = calendar::ToDate(calendar::Day(2026, 11, 27));
  return today;
}

absl::Status Name(const std::string& name, const char* field = "name") {
  const auto id = ValidateResidentName(name, field);
  if (id.ok()) Holds(identifiers::FormatResourceName("residents", *id) == name, "one resident has one name");
  return id.status();
}

absl::Status Details(const events::v1::ResidentDetails& details) {
  absl::Status status = ValidateDetails(details, Today());
  if (!status.ok()) return status;
  Holds(!identifiers::MatchingForm(details.full_name()).empty(), "whoever is registered can be found by name");
  Holds(calendar::DayNumber(details.birth_date()) <= calendar::DayNumber(Today()), "and was born");
  return status;
}

template <class Message>
absl::Status Asked(const Message& message) {
  return FirstOf({fuzz::ValidateAsked(kRefusals, message, true), Name(message.name())});
}

absl::Status Actor(const type::Actor& actor) { return serving::ValidateActor(kRefusals, actor, false); }

absl::Status Registration(const v1::RegisterResidentRequest& request) {
  return FirstOf({serving::ValidateRequestId(kRefusals, request.request_id()).status(),
                  ValidateRecordCode(request.resident_record_code(), identifiers::CheckDigitRule::kIgnore,
                                     "resident_record_code"),
                  Details(request.details())});
}

absl::Status Evidence(const std::string& text, const char* field = "evidence") {
  return ValidateText(text, field, refusals::EvidenceMissing(field));
}

std::vector<Kind> Registers() {
  return {
      KindOf<v1::RegisterResidentRequest>([](const v1::RegisterResidentRequest& r) {
        return FirstOf({serving::ValidateActor(kRefusals, r.actor(), true), Registration(r)});
      }),
      // Rows are judged one by one.
      KindOf<v1::RegisterResidentsRequest>([](const v1::RegisterResidentsRequest& r) {
        absl::Status status = serving::ValidateActor(kRefusals, r.actor(), true);
        for (const auto& row : r.residents()) status.Update(Registration(row));
        return status;
      }),
      KindOf<v1::RecordMoveRequest>([](const v1::RecordMoveRequest& r) {
        constexpr int kHouseholdMax = 50;
        absl::Status status = fuzz::ValidateAsked(kRefusals, r, true);
        if (r.names_size() < 1 || r.names_size() > kHouseholdMax) {
          status.Update(kRefusals.TooManyItems("names", kHouseholdMax));
        }
        for (const std::string& name : r.names()) status.Update(Name(name, "names"));
        return FirstOf({status, ValidatePastDay(r.move_date(), Today(), "move_date"),
                        ValidateAddress(r.address(), r.postal_code(), ""),
                        ValidateMunicipality(r.municipality_code(), "municipality_code")});
      }),
      KindOf<v1::RecordDepartureRequest>([](const v1::RecordDepartureRequest& r) {
        return FirstOf({Asked(r), ValidatePastDay(r.departure_date(), Today(), "departure_date")});
      }),
      KindOf<v1::RecordReturnRequest>([](const v1::RecordReturnRequest& r) {
        return FirstOf({Asked(r), ValidatePastDay(r.return_date(), Today(), "return_date"), Details(r.details())});
      }),
      KindOf<v1::RecordDeathRequest>([](const v1::RecordDeathRequest& r) {
        return FirstOf({Asked(r), ValidatePastDay(r.death_date(), Today(), "death_date")});
      }),
      KindOf<v1::CorrectResidentRequest>([](const v1::CorrectResidentRequest& r) {
        return FirstOf({Asked(r), Details(r.details()), Evidence(r.reason(), "reason")});
      }),
      KindOf<v1::VoidRegistrationRequest>([](const v1::VoidRegistrationRequest& r) {
        return FirstOf({Asked(r), Evidence(r.evidence()), Evidence(r.reason(), "reason")});
      }),
      KindOf<v1::ChangeResidentRecordCodeRequest>([](const v1::ChangeResidentRecordCodeRequest& r) {
        return FirstOf({Asked(r),
                        ValidateRecordCode(r.new_resident_record_code(), identifiers::CheckDigitRule::kRefuse,
                                           "new_resident_record_code"),
                        Evidence(r.evidence())});
      }),
  };
}

std::vector<Kind> Numbers() {
  return {
      KindOf<v1::DiscloseNumberRequest>([](const v1::DiscloseNumberRequest& r) {
        return FirstOf({Asked(r), ValidatePurpose(r.purpose(), r.reference(), r.identity_confirmed())});
      }),
      KindOf<v1::ExportAccessHistoryRequest>([](const v1::ExportAccessHistoryRequest& r) {
        return FirstOf({Asked(r), ValidatePurpose(events::v1::PURPOSE_RESIDENT_REQUEST, r.reference(),
                                                  r.identity_confirmed())});
      }),
      KindOf<v1::RequestErasureRequest>([](const v1::RequestErasureRequest& r) {
        return FirstOf({Asked(r), ValidateErasure(r.ground(), r.reference())});
      }),
      KindOf<v1::ApproveErasureRequest>([](const v1::ApproveErasureRequest& r) { return Asked(r); }),
      KindOf<v1::WithdrawErasureRequest>([](const v1::WithdrawErasureRequest& r) {
        return FirstOf({Asked(r), ValidateText(r.reason(), "reason", refusals::EvidenceMissing("reason"))});
      }),
      KindOf<v1::FindResidentByNumberRequest>([](const v1::FindResidentByNumberRequest& r) {
        return FirstOf({fuzz::ValidateAsked(kRefusals, r, true),
                        ValidateNumber(r.individual_number(), "individual_number"),
                        ValidatePurpose(r.purpose(), r.reference(), r.identity_confirmed())});
      }),
      KindOf<v1::ReplaceNumberRequest>([](const v1::ReplaceNumberRequest& r) {
        return FirstOf({Asked(r), Evidence(r.evidence())});
      }),
      KindOf<v1::ValidateNumbersRequest>([](const v1::ValidateNumbersRequest& r) {
        for (const std::string& number : r.individual_numbers()) (void)identifiers::IndividualNumber::Judge(number);
        return Actor(r.actor());
      }),
  };
}

std::vector<Kind> Reads() {
  return {
      KindOf<v1::ListDisclosuresRequest>([](const v1::ListDisclosuresRequest& r) {
        return FirstOf({Name(r.parent(), "parent"), serving::ValidateActor(kRefusals, r.actor(), true),
                        fuzz::ValidatePage(kRefusals, r, 8)});
      }),
      KindOf<v1::GetResidentRequest>([](const v1::GetResidentRequest& r) {
        return FirstOf({Name(r.name()), Actor(r.actor())});
      }),
      KindOf<v1::ListResidentsRequest>([](const v1::ListResidentsRequest& r) {
        return FirstOf({ValidateMunicipality(r.municipality_code(), "municipality_code"), Actor(r.actor()),
                        fuzz::ValidatePage(kRefusals, r, 16)});
      }),
      KindOf<v1::FindResidentsRequest>([](const v1::FindResidentsRequest& r) {
        return FirstOf({Actor(r.actor()), ValidateText(r.full_name(), "full_name", refusals::NameEmpty("full_name")),
                        ValidatePastDay(r.birth_date(), Today(), "birth_date")});
      }),
      KindOf<v1::GetDigestRequest>([](const v1::GetDigestRequest& r) {
        return FirstOf({ValidateMunicipality(r.municipality_code(), "municipality_code"), Actor(r.actor())});
      }),
      KindOf<v1::StreamResidentsRequest>([](const v1::StreamResidentsRequest& r) {
        return FirstOf({Actor(r.actor()), ValidateMunicipality(r.municipality_code(), "municipality_code")});
      }),
      KindOf<v1::GetOutcomeRequest>([](const v1::GetOutcomeRequest& r) {
        return FirstOf({Actor(r.actor()), serving::ValidateRequestId(kRefusals, r.request_id()).status(),
                        r.name().empty() ? absl::OkStatus() : Name(r.name())});
      }),
      KindOf<v1::ListErasuresRequest>([](const v1::ListErasuresRequest& r) {
        return FirstOf({serving::ValidateActor(kRefusals, r.actor(), true), fuzz::ValidatePage(kRefusals, r, 16)});
      }),
      KindOf<v1::EraseAgainRequest>([](const v1::EraseAgainRequest& r) {
        v1::ErasureRecord other = r.record();
        other.set_name(other.name() + "0");
        Holds(StatementOf(other) != StatementOf(r.record()), "a record names one resident");
        return FirstOf({fuzz::ValidateAsked(kRefusals, r, true), Name(r.record().name(), "record.name")});
      }),
      KindOf<v1::ListAccessRecordsRequest>([](const v1::ListAccessRecordsRequest& r) {
        type::Actor whose;
        whose.set_authority(r.authority());
        return FirstOf({serving::ValidateActor(kRefusals, r.actor(), true), Actor(whose),
                        ValidatePastDay(r.month(), Today(), "month"), fuzz::ValidatePage(kRefusals, r, 12)});
      }),
  };
}

}  // namespace
}  // namespace mynumber::issuance

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace mynumber;  // NOLINT: two rooms
  static const fuzz::Asked asked = {
      &issuance::kRefusals, issuance::v1::ErrorReason_descriptor(),
      fuzz::Joined({issuance::Registers(), issuance::Numbers(), issuance::Reads()})};
  fuzz::TryRequest(asked, fuzz::InputOf(data, size));
  return 0;
}
