#ifndef MYNUMBER_LIBS_LOG_JSON_H_
#define MYNUMBER_LIBS_LOG_JSON_H_

#include <string>
#include <string_view>

namespace mynumber::log {

// Appends `text` as a JSON string with its quotes (RFC 8259). Control characters are escaped, U+2028 and U+2029 too,
// since some readers end a line there; bytes that are not UTF-8 become U+FFFD each.
void AppendJsonString(std::string_view text, std::string& json);

}  // namespace mynumber::log

#endif  // MYNUMBER_LIBS_LOG_JSON_H_
