#include "services/card/domain/refusals.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "libs/rpc/problem.h"
#include "services/card/domain/refusals_sentences.h"

namespace mynumber::card::refusals {
namespace {

using absl::StatusCode;
using v1::ErrorReason;

absl::Status Invalid(ErrorReason reason, std::string_view field, std::string sentence) {
  return kRefusals.Invalid(v1::ErrorReason_Name(reason), field, std::move(sentence));
}

}  // namespace

absl::Status BecauseOf(ErrorReason reason, std::string_view field) {
  for (const Sentence& one : Sentences()) {
    if (one.reason != reason) continue;
    std::string sentence(one.sentence);
    if (one.code == StatusCode::kInvalidArgument) {
      return Invalid(reason, field.empty() ? one.field : field, std::move(sentence));
    }
    if (one.code == StatusCode::kFailedPrecondition) {
      return kRefusals.Unmet(v1::ErrorReason_Name(reason), "card", std::move(sentence));
    }
    return rpc::ToStatus(kRefusals.Make(one.code, v1::ErrorReason_Name(reason), std::move(sentence)));
  }
  return absl::InternalError("a refusal has no sentence");
}

absl::Status ApplicationIdWrong(identifiers::ApplicationIdVerdict verdict, std::string_view field) {
  const auto reason = [&] {
    switch (verdict) {
      case identifiers::ApplicationIdVerdict::kValid:
      case identifiers::ApplicationIdVerdict::kWrongLength:
        return v1::APPLICATION_ID_WRONG_LENGTH;
      case identifiers::ApplicationIdVerdict::kNotDigits:
        return v1::APPLICATION_ID_NOT_DIGITS;
      case identifiers::ApplicationIdVerdict::kWrongCheckDigit:
        return v1::APPLICATION_ID_WRONG_CHECK_DIGIT;
    }
    return v1::APPLICATION_ID_WRONG_LENGTH;
  }();
  return Invalid(reason, field, std::string(identifiers::ToStatus(verdict).message()));
}

absl::Status CardSerialWrong(identifiers::CardSerialVerdict verdict, std::string_view field) {
  const auto reason = [&] {
    switch (verdict) {
      case identifiers::CardSerialVerdict::kValid:
      case identifiers::CardSerialVerdict::kWrongLength:
        return v1::CARD_SERIAL_WRONG_LENGTH;
      case identifiers::CardSerialVerdict::kNotDigits:
        return v1::CARD_SERIAL_NOT_DIGITS;
      case identifiers::CardSerialVerdict::kWrongCheckDigit:
        return v1::CARD_SERIAL_WRONG_CHECK_DIGIT;
    }
    return v1::CARD_SERIAL_WRONG_LENGTH;
  }();
  return Invalid(reason, field, std::string(identifiers::ToStatus(verdict).message()));
}

absl::Status SettingOutOfRange(std::string_view field, int max) {
  return Invalid(v1::SETTING_OUT_OF_RANGE, field,
                 absl::StrCat("Set 1 to ", max, " months, or 0 for the default."));
}
absl::Status BatchDateNotKept() {
  return Invalid(v1::BATCH_DATE_NOT_KEPT, "batch_date",
                 "Ask for today's batch, or for one of the last 100 days.");
}
absl::Status CursorMalformed(size_t partition_count) {
  return Invalid(v1::CURSOR_MALFORMED, "cursor",
                 absl::StrCat("A cursor has ", partition_count,
                              " numbers, one for each partition; none at all begins with a snapshot."));
}

absl::Status HandOverPeriodOpen(calendar::Day from) {
  const std::string day = absl::FormatCivilTime(from);
  rpc::Problem problem = kRefusals.Make(
      StatusCode::kFailedPrecondition, v1::ErrorReason_Name(v1::HAND_OVER_PERIOD_OPEN),
      absl::StrCat("The resident still has time to come for it. This can be done from ", day, " on."));
  problem.metadata.emplace_back("from", day);
  problem.unmet_conditions.push_back({"STATE", "card", problem.sentence});
  return rpc::ToStatus(problem);
}

}  // namespace mynumber::card::refusals
