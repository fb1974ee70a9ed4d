#include "tests/soak/registered_rows.h"

#include <nlohmann/json.hpp>

namespace mynumber::soak {

bool RegisteredRows::Next(Row* row) {
  while (NextLine()) {
    const auto json = nlohmann::json::parse(line_);
    if (!json.contains("name")) continue;
    row->line = json["line"];
    row->name = json["name"];
    return true;
  }
  return false;
}

bool RegisteredRows::NextLine() {
  if (!file_.is_open()) file_.open(path_, std::ios::binary);
  file_.clear();
  const bool any = static_cast<bool>(std::getline(file_, line_));
  part_ += any ? line_ : "";
  if (!any || file_.eof()) return false;
  line_.swap(part_);
  part_.clear();
  return true;
}

}  // namespace mynumber::soak
