#include "libs/csv/quoted_field.h"

namespace mynumber::csv {

void AppendField(std::string_view text, std::string* line) {
  if (text.find_first_of(",\"\r\n") == text.npos) {
    line->append(text);
    return;
  }
  line->push_back('"');
  for (char c : text) {
    if (c == '"') line->push_back('"');
    line->push_back(c);
  }
  line->push_back('"');
}

void AppendLine(std::initializer_list<std::string_view> fields, std::string* line) {
  bool first = true;
  for (std::string_view field : fields) {
    if (!first) line->push_back(',');
    first = false;
    AppendField(field, line);
  }
  line->append("\r\n");
}

}  // namespace mynumber::csv
