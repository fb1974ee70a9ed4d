// Texts that claim to be identifiers: each kind, whatever the text.

#include <string>

#include "absl/strings/ascii.h"
#include "libs/identifiers/application_id.h"
#include "libs/identifiers/card_serial.h"
#include "libs/identifiers/individual_number.h"
#include "libs/identifiers/municipality_code.h"
#include "libs/identifiers/person_name.h"
#include "libs/identifiers/request_id.h"
#include "libs/identifiers/resident_record_code.h"
#include "libs/identifiers/resource_name.h"
#include "libs/identifiers/tracking_number.h"
#include "tests/fuzz/law.h"

namespace mynumber::fuzz {
namespace {

using namespace identifiers;  // NOLINT: all of one room

// A refusal is made of its verdict alone, so it shows nothing of the text.
template <class Verdict>
void HoldsOfRefusal(const absl::Status& status, Verdict verdict) {
  Holds(status == ToStatus(verdict), "what is no identifier is refused in the words of its verdict");
  Holds(absl::IsInvalidArgument(status) && !status.message().empty(), "and by a sentence");
}

// Digits that are printed in groups, and masked.
template <class Id, class Verdict>
void TryDigits(std::string_view text, Verdict valid) {
  const auto id = Id::Parse(text);
  const auto verdict = Id::Judge(text);
  Holds(id.ok() == (verdict == valid), "two ways to ask give one answer");
  if (!id.ok()) return HoldsOfRefusal(id.status(), verdict);
  const auto printed = Id::Parse(id->Format());
  const auto plain = Id::Parse(id->digits());
  Holds(printed.ok() && *printed == *id && plain.ok() && *plain == *id, "printed and read, it is the same");
  const std::string masked = id->Masked();
  Holds(masked.size() == id->digits().size(), "masked, it is as long");
  Holds(masked.find_first_not_of('*') >= masked.size() - 4, "and shows no more than its end");
}

void TryNumber(std::string_view text) {
  const auto number = IndividualNumber::Parse(text);
  const NumberVerdict verdict = IndividualNumber::Judge(text);
  Holds(number.ok() == (verdict == NumberVerdict::kValid), "two ways to ask give one answer");
  if (!number.ok()) return HoldsOfRefusal(number.status(), verdict);
  Holds(number->digits() == text && IndividualNumber::FromBody(number->Body()) == *number && !IsReserved(*number),
        "a number is its body and its check digit");
  Holds(number->Masked().substr(0, 8) == "********" && number->Masked().size() == 12, "masked, it shows four digits");
}

void TryRecordCode(std::string_view text) {
  const auto strict = ResidentRecordCode::Parse(text, CheckDigitRule::kRefuse);
  const auto lax = ResidentRecordCode::Parse(text, CheckDigitRule::kIgnore);
  Holds(lax.ok() || !strict.ok(), "what the strict rule takes the other takes");
  if (!lax.ok()) return HoldsOfRefusal(lax.status(), ResidentRecordCode::Judge(text, CheckDigitRule::kIgnore));
  Holds(lax->digits() == text, "a code is its digits");
  const bool is_right = ResidentRecordCode::CheckDigit(lax->FreeDigits()) == text.back() - '0';
  Holds(strict.ok() == is_right, "the strict rule is that of the check digit");
}

void TryNames(std::string_view text) {
  const auto request = ParseRequestId(text);
  if (request) Holds(ParseRequestId(FormatRequestId(*request)) == request, "a request id is read back");
  const auto resident = ParseResourceName("residents", text);
  if (resident) Holds(FormatResourceName("residents", *resident) == text, "one id has one name");
  const Municipality* const known = FindMunicipality(text);
  Holds((known != nullptr) == (JudgeMunicipalityCode(text) == MunicipalityCodeVerdict::kKnown) &&
            (known == nullptr || known->code == text),
        "a municipality has one code");
}

void TryPersonName(const std::string& text) {
  const NameCheck check = CheckName(text);
  const std::string matching = MatchingForm(text);
  Holds(matching == internal::MatchingFormByTables(text), "the fast way is the way of the tables");
  if (check.verdict == NameVerdict::kNotUtf8) {
    return Holds(matching == text, "what is no text is left alone");
  }
  // Said before anything is known of what stands behind it.
  if (check.verdict == NameVerdict::kControlCharacter) return;
  Holds(MatchingForm("\u3000" + absl::AsciiStrToUpper(text) + " ") == matching, "case and spaces do not matter");
  if (check.verdict != NameVerdict::kValid) return;
  Holds(check.characters >= 1 && check.characters <= kNameCharactersMax, "a name has its characters");
  Holds(CheckName(text, check.characters).verdict == NameVerdict::kValid &&
            CheckName(text, check.characters - 1).verdict == NameVerdict::kTooLong,
        "its limit is that of its characters");
}

}  // namespace
}  // namespace mynumber::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace mynumber::identifiers;  // NOLINT: all of one room
  const std::string text(mynumber::fuzz::InputOf(data, size));
  mynumber::fuzz::TryNumber(text);
  mynumber::fuzz::TryRecordCode(text);
  mynumber::fuzz::TryDigits<ApplicationId>(text, ApplicationIdVerdict::kValid);
  mynumber::fuzz::TryDigits<CardSerial>(text, CardSerialVerdict::kValid);
  mynumber::fuzz::TryDigits<TrackingNumber>(text, TrackingNumberVerdict::kValid);
  mynumber::fuzz::TryNames(text);
  mynumber::fuzz::TryPersonName(text);
  return 0;
}
