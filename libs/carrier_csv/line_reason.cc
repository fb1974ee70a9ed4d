#include <cassert>

#include "libs/carrier_csv/tracking_row_reader.h"
#include "libs/csv/table_reader.h"

namespace mynumber::carrier_csv {

std::string_view NameOf(LineReason reason) {
  switch (reason) {
    case LineReason::kTooFewFields:
      return csv::NameOf(csv::LineProblem::kTooFewFields);
    case LineReason::kTooManyFields:
      return csv::NameOf(csv::LineProblem::kTooManyFields);
    case LineReason::kQuoteNotClosed:
      return csv::NameOf(csv::LineProblem::kQuoteNotClosed);
    case LineReason::kLineTooLong:
      return csv::NameOf(csv::LineProblem::kLineTooLong);
    case LineReason::kNotInEncoding:
      return "TEXT_NOT_IN_ENCODING";
    case LineReason::kControlCharacter:
      return "TEXT_HAS_CONTROL_CHARACTERS";
    case LineReason::kTrackingNumberMissing:
      return "TRACKING_NUMBER_MISSING";
    case LineReason::kOccurredMissing:
      return "DATE_MISSING";
    case LineReason::kStatusMissing:
      return "STATUS_MISSING";
    case LineReason::kOccurredNotUnderstood:
      return "DATE_NOT_UNDERSTOOD";
    case LineReason::kOccurredImpossible:
      return "DATE_IMPOSSIBLE";
  }
  assert(false && "a reason outside the enum");
  return "";
}

std::string_view SentenceOf(LineReason reason) {
  switch (reason) {
    case LineReason::kTooFewFields:
      return csv::SentenceOf(csv::LineProblem::kTooFewFields);
    case LineReason::kTooManyFields:
      return csv::SentenceOf(csv::LineProblem::kTooManyFields);
    case LineReason::kQuoteNotClosed:
      return csv::SentenceOf(csv::LineProblem::kQuoteNotClosed);
    case LineReason::kLineTooLong:
      return csv::SentenceOf(csv::LineProblem::kLineTooLong);
    case LineReason::kNotInEncoding:
      return "the line has bytes that are no character of the encoding in which the first line is written: write the "
             "whole file in one encoding";
    case LineReason::kControlCharacter:
      return "the line has a control character: remove it";
    case LineReason::kTrackingNumberMissing:
      return "お問い合わせ番号 is empty: write the number of the piece";
    case LineReason::kOccurredMissing:
      return "状態発生日 is empty: write when it happened";
    case LineReason::kStatusMissing:
      return "配送履歴 is empty: write what happened";
    case LineReason::kOccurredNotUnderstood:
      return "状態発生日 is not written as 2026/11/27 14:05 or 11/27 14:05";
    case LineReason::kOccurredImpossible:
      return "状態発生日 is a day or an hour that does not exist: correct it";
  }
  assert(false && "a reason outside the enum");
  return "";
}

}  // namespace mynumber::carrier_csv
