#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_DISPLAY_TEXT_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_DISPLAY_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mynumber::mynumberctl {

// Columns that a terminal takes for `text`: kanji and kana two each, combining marks and variation selectors none.
int DisplayWidth(std::string_view text);

// `text` with U+FFFD for what would steer a terminal or turn the direction of writing, and for bytes that are not
// UTF-8.
std::string Printable(std::string_view text);

// `text` in at most `width` columns (1 or more); an ellipsis stands for what was cut off.
std::string Cut(std::string_view text, int width);

// `text` in lines of at most `width` columns (2 or more), broken at spaces where there are some; at least one line.
std::vector<std::string> Wrap(std::string_view text, int width);

// A help text of lines in at most `columns` columns: what does not fit goes on under where its description began.
std::string WrapHelp(std::string_view help, int columns);

// 1234567 as "1,234,567".
std::string Grouped(uint64_t value);

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_DISPLAY_TEXT_H_
