#include "services/mynumberctl/fields.h"

#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"

namespace mynumber::mynumberctl {
namespace {

absl::Status InputEnded() { return absl::InvalidArgumentError("the input ended before everything was answered"); }

absl::StatusOr<Fields> AskForFields(const Console& console, const std::vector<Field>& fields) {
  Fields answers;
  for (const Field& field : fields) {
    std::string answer;
    do {
      console.err << field.prompt << ": " << std::flush;
      if (!std::getline(console.in, answer)) return InputEnded();
    } while (field.required && answer.empty());
    if (!answer.empty()) answers[field.name] = answer;
  }
  return answers;
}

std::string Names(const std::vector<Field>& fields) {
  std::string names;
  for (const Field& field : fields) absl::StrAppend(&names, names.empty() ? "" : ", ", field.name);
  return names;
}

absl::StatusOr<Fields> ReadObject(const Console& console, const std::vector<Field>& fields) {
  const std::string text(std::istreambuf_iterator<char>(console.in), {});
  const auto object = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) {
    return absl::InvalidArgumentError(
        absl::StrCat("standard input must hold one JSON object, in UTF-8, with the members ", Names(fields)));
  }
  Fields answers;
  for (const auto& [name, value] : object.items()) {
    const auto known = std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == name; });
    if (known == fields.end()) {
      return absl::InvalidArgumentError(absl::StrCat("the JSON object has a member that is none of ", Names(fields)));
    }
    if (value.is_null()) continue;
    if (!value.is_string()) return absl::InvalidArgumentError(absl::StrCat(name, " must be a text: put it in quotes"));
    answers[name] = value.get<std::string>();
  }
  return answers;
}

}  // namespace

absl::StatusOr<Fields> ReadFields(const Console& console, const std::vector<Field>& fields) {
  return console.in_is_terminal ? AskForFields(console, fields) : ReadObject(console, fields);
}

std::vector<Field> DetailsFields(bool all_required) {
  return {
      {"full_name", "Full name", all_required},
      {"alias", "Registered alias (empty if none)", false},
      {"name_kana", "Name in kana", false},
      {"birth_date", "Birth date (YYYY-MM-DD)", all_required},
      {"address", "Address", all_required},
      {"postal_code", "Postal code (seven digits)", all_required},
      {"municipality_code", "Municipality code (six digits)", all_required},
      {"residence_status", "Residence status, as PERMANENT_RESIDENT (empty for a Japanese national)", false},
      {"period_of_stay_end", "Last day of the period of stay (YYYY-MM-DD, empty if none)", false},
  };
}

ResidentRow AsRow(const Fields& fields) {
  ResidentRow row;
  for (const auto& [name, value] : fields) {
    if (const auto column = FindColumn(name)) row[*column] = value;
  }
  return row;
}

absl::StatusOr<std::string> ReadSecret(const Console& console, const std::string& prompt) {
  termios shown{};
  const bool hide = console.in_is_terminal && tcgetattr(STDIN_FILENO, &shown) == 0;
  if (console.in_is_terminal) console.err << prompt << ": " << std::flush;
  if (hide) {
    termios hidden = shown;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSANOW, &hidden);
  }
  std::string secret;
  const bool read = static_cast<bool>(std::getline(console.in, secret));
  if (hide) {
    tcsetattr(STDIN_FILENO, TCSANOW, &shown);
    console.err << '\n';
  }
  if (!read) return InputEnded();
  if (!secret.empty() && secret.back() == '\r') secret.pop_back();
  return secret;
}

}  // namespace mynumber::mynumberctl
