#ifndef MYNUMBER_LIBS_IDENTIFIERS_PRINTED_GROUPS_H_
#define MYNUMBER_LIBS_IDENTIFIERS_PRINTED_GROUPS_H_

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "libs/identifiers/decimal_digits.h"

namespace mynumber::identifiers {

// Digits as they are printed: in groups with one character between them.
template <size_t kGroups>
struct PrintedGroups {
  std::array<size_t, kGroups> lengths;
  char separator;

  // Takes the digits with all of their separators or with none; false for anything else.
  template <size_t kDigits>
  bool Read(std::string_view text, std::array<char, kDigits>* digits) const {
    const bool printed = text.size() == kDigits + kGroups - 1;
    if (!printed && text.size() != kDigits) return false;
    size_t from = 0, to = 0;
    for (size_t group = 0; group < kGroups; ++group) {
      if (printed && group > 0 && text[from++] != separator) return false;
      for (size_t i = 0; i < lengths[group]; ++i) (*digits)[to++] = text[from++];
    }
    return IsDecimal({digits->data(), kDigits});
  }

  template <size_t kDigits>
  std::string Write(const std::array<char, kDigits>& digits) const {
    std::string text;
    size_t from = 0;
    for (size_t group = 0; group < kGroups; ++group) {
      if (group > 0) text.push_back(separator);
      text.append(digits.data() + from, lengths[group]);
      from += lengths[group];
    }
    return text;
  }
};

}  // namespace mynumber::identifiers

#endif  // MYNUMBER_LIBS_IDENTIFIERS_PRINTED_GROUPS_H_
