#include "services/hotline/domain/validate.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "libs/calendar/date.h"
#include "libs/identifiers/individual_number.h"
#include "libs/identifiers/person_name.h"
#include "libs/identifiers/resource_name.h"
#include "libs/serving/text.h"
#include "services/hotline/domain/refusals.h"
#include "services/hotline/domain/state_open_lines.h"

namespace mynumber::hotline {
namespace {

using identifiers::IndividualNumber;
using identifiers::NumberVerdict;

constexpr char kCases[] = "cases";
constexpr std::string_view kCards = "/cards/";
constexpr size_t kDigitsOfNumber = 12;
constexpr int kFieldCharactersMax = 200;

// As typed with full-width digits, spaces or hyphens of several kinds; long marks are what kana keyboards give.
std::string Folded(std::string_view text) {
  std::string folded = identifiers::MatchingForm(text);
  for (const std::string_view hyphen : {"-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212", "\u30FC"}) {
    for (size_t at = folded.find(hyphen); at != folded.npos; at = folded.find(hyphen, at)) {
      folded.erase(at, hyphen.size());
    }
  }
  return folded;
}

absl::Status ValidateDate(const type::Date& date, std::string_view field) {
  if (date.year() == 0 && date.month() == 0 && date.day() == 0) return refusals::BirthDateMissing(field);
  return calendar::ToDay(date) ? absl::OkStatus() : refusals::BirthDateImpossible(field);
}

absl::Status ValidateWord(std::string_view text, std::string_view field) {
  if (LooksLikeIndividualNumber(text)) return refusals::LooksLikeIndividualNumber(field);
  return ValidateText(text, field, kFieldCharactersMax);
}

}  // namespace

bool LooksLikeIndividualNumber(std::string_view text) {
  const std::string folded = Folded(text);
  return folded.size() == kDigitsOfNumber && folded.find_first_not_of("0123456789") == folded.npos;
}

bool HoldsIndividualNumber(std::string_view text) {
  const std::string folded = Folded(text);
  for (size_t from = 0; from < folded.size();) {
    size_t to = from;
    while (to < folded.size() && absl::ascii_isdigit(static_cast<unsigned char>(folded[to]))) ++to;
    const std::string digits = folded.substr(from, to - from);
    const NumberVerdict verdict = IndividualNumber::Judge(digits);
    if (verdict == NumberVerdict::kValid || verdict == NumberVerdict::kReserved) return true;
    from = to + 1;
  }
  return false;
}

std::string FormatCaseName(const eventsourcing::SubjectId& id) {
  return identifiers::FormatResourceName(kCases, id.bytes);
}

absl::StatusOr<eventsourcing::SubjectId> ValidateCaseName(std::string_view name) {
  const auto id = identifiers::ParseResourceName(kCases, name);
  if (!id) return refusals::CaseNameMalformed();
  return eventsourcing::SubjectId{*id};
}

absl::Status ValidateCardName(std::string_view name) {
  const size_t at = name.find(kCards);
  if (at == name.npos || !identifiers::ParseResourceName("residents", name.substr(0, at))) {
    return refusals::CardNameMalformed();
  }
  const std::string number(name.substr(at + kCards.size()));
  uint32_t card = 0;
  const bool is_number = absl::SimpleAtoi(number, &card) && card > 0 && std::to_string(card) == number;
  return is_number ? absl::OkStatus() : refusals::CardNameMalformed();
}

absl::Status ValidateResidentName(std::string_view name, std::string_view field) {
  return identifiers::ParseResourceName("residents", name) ? absl::OkStatus() : refusals::ResidentNameMalformed(field);
}

absl::StatusOr<std::string_view> ValidateLanguage(std::string_view tag) {
  const auto language = FindLanguage(tag);
  if (!language) return refusals::LanguageUnknown();
  return *language;
}

absl::Status ValidateText(std::string_view text, std::string_view field, int characters_max) {
  absl::Status status = serving::ValidateText(kRefusals, text, field, characters_max);
  if (!status.ok()) return status;
  return HoldsIndividualNumber(text) ? refusals::LooksLikeIndividualNumber(field) : absl::OkStatus();
}

absl::Status ValidateCallerKind(events::v1::CallerKind kind) {
  const bool is_known = events::v1::CallerKind_IsValid(kind) && kind != events::v1::CALLER_KIND_UNSPECIFIED;
  return is_known ? absl::OkStatus() : refusals::CallerKindMissing();
}

absl::StatusOr<events::v1::SearchKind> ValidateSearch(const v1::Search& search) {
  const std::pair<const std::string&, events::v1::SearchKind> ways[] = {
      {search.card_serial(), events::v1::SEARCH_KIND_CARD_SERIAL},
      {search.application_id(), events::v1::SEARCH_KIND_APPLICATION_ID},
      {search.name(), events::v1::SEARCH_KIND_NAME_AND_BIRTH_DATE}};
  events::v1::SearchKind kind = events::v1::SEARCH_KIND_UNSPECIFIED;
  for (const auto& [text, way] : ways) {
    if (text.empty()) continue;
    if (kind != events::v1::SEARCH_KIND_UNSPECIFIED) return refusals::SearchAmbiguous();
    kind = way;
  }
  if (kind == events::v1::SEARCH_KIND_UNSPECIFIED) return refusals::SearchMissing();
  absl::Status status = ValidateWord(search.card_serial(), "search.card_serial");
  if (status.ok()) status = ValidateWord(search.application_id(), "search.application_id");
  if (status.ok()) status = ValidateWord(search.name(), "search.name");
  if (status.ok() && kind == events::v1::SEARCH_KIND_NAME_AND_BIRTH_DATE) {
    status = ValidateDate(search.birth_date(), "search.birth_date");
  }
  if (!status.ok()) return status;
  return kind;
}

absl::Status ValidateClaim(const v1::Claim& claim) {
  absl::Status status = ValidateResidentName(claim.resident(), "claim.resident");
  if (status.ok()) status = ValidateDate(claim.birth_date(), "claim.birth_date");
  if (status.ok() && claim.address().empty()) status = refusals::AddressMissing();
  if (status.ok()) status = ValidateWord(claim.address(), "claim.address");
  if (status.ok()) status = ValidateWord(claim.code_word(), "claim.code_word");
  return status;
}

absl::Status ValidateReason(card::events::v1::SuspensionReason reason) {
  const bool is_known = card::events::v1::SuspensionReason_IsValid(reason) &&
                        reason != card::events::v1::SUSPENSION_REASON_UNSPECIFIED &&
                        reason != card::events::v1::SUSPENSION_REASON_HELD_EX_OFFICIO;
  return is_known ? absl::OkStatus() : refusals::SuspensionReasonMissing();
}

}  // namespace mynumber::hotline
