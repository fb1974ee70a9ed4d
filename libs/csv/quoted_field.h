#ifndef MYNUMBER_LIBS_CSV_QUOTED_FIELD_H_
#define MYNUMBER_LIBS_CSV_QUOTED_FIELD_H_

#include <initializer_list>
#include <string>
#include <string_view>

namespace mynumber::csv {

// Appends `text` as one field: in quotes if it has a comma, a quote or a line break.
void AppendField(std::string_view text, std::string* line);

// Appends all of them with commas between, and CR LF.
void AppendLine(std::initializer_list<std::string_view> fields, std::string* line);

}  // namespace mynumber::csv

#endif  // MYNUMBER_LIBS_CSV_QUOTED_FIELD_H_
