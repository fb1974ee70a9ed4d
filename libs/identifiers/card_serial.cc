#include "libs/identifiers/card_serial.h"

#include <cassert>

#include "libs/identifiers/damm_digit.h"
#include "libs/identifiers/decimal_digits.h"
#include "libs/identifiers/printed_groups.h"

namespace mynumber::identifiers {
namespace {

constexpr PrintedGroups<5> kGroups = {{4, 4, 4, 4, 4}, ' '};

}  // namespace

CardSerialVerdict CardSerial::Judge(std::string_view text) {
  std::array<char, 20> digits;
  return ReadDammDigits<CardSerialVerdict>(kGroups, text, &digits);
}

absl::StatusOr<CardSerial> CardSerial::Parse(std::string_view text) {
  CardSerial serial;
  const auto verdict = ReadDammDigits<CardSerialVerdict>(kGroups, text, &serial.digits_);
  if (verdict != CardSerialVerdict::kValid) return ToStatus(verdict);
  return serial;
}

CardSerial CardSerial::FromBody(std::string_view body) {
  assert(body.size() == 19 && IsDecimal(body) && "the body of a card serial has 19 digits");
  CardSerial serial;
  WriteDammDigits(body, &serial.digits_);
  return serial;
}

std::string CardSerial::Masked() const { return std::string(16, '*').append(digits().substr(16)); }

std::string CardSerial::Format() const { return kGroups.Write(digits_); }

absl::Status ToStatus(CardSerialVerdict verdict) {
  switch (verdict) {
    case CardSerialVerdict::kValid:
      return absl::OkStatus();
    case CardSerialVerdict::kWrongLength:
      return absl::InvalidArgumentError(
          "A card's serial has 20 digits: write all of them, without spaces or in groups of four.");
    case CardSerialVerdict::kNotDigits:
      return absl::InvalidArgumentError(
          "A card's serial consists of the digits 0 to 9 only (half-width), in groups of four or without spaces.");
    case CardSerialVerdict::kWrongCheckDigit:
      return absl::InvalidArgumentError(
          "One of the digits of the card's serial is wrong, or two are swapped: compare it with the card.");
  }
  assert(false && "a verdict outside the enum");
  return absl::InternalError("unknown verdict");
}

}  // namespace mynumber::identifiers
