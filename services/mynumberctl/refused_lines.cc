#include "services/mynumberctl/refused_lines.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/mynumberctl/display_text.h"
#include "services/mynumberctl/table.h"

namespace mynumber::mynumberctl {
namespace {

constexpr size_t kShown = 20;

}  // namespace

void RefusedLines::Add(uint64_t line, std::string reason, std::string sentence) {
  ++count_;
  ++by_reason_[reason];
  if (first_.size() < kShown) first_.push_back({line, std::move(reason), std::move(sentence)});
}

void RefusedLines::Print(std::ostream& out, int terminal_columns, std::string_view elsewhere) const {
  if (count_ == 0) return;
  auto lines = first_;
  std::sort(lines.begin(), lines.end(), [](const Refused& a, const Refused& b) { return a.line < b.line; });
  Table table({{"LINE", Align::kRight}, {"REASON"}, {"WHAT TO DO", Align::kLeft, Fit::kWrap}});
  for (const Refused& refused : lines) table.Add({absl::StrCat(refused.line), refused.reason, refused.sentence});
  table.Print(out, terminal_columns);
  if (count_ <= lines.size()) return;
  out << "and " << Grouped(count_ - lines.size()) << " more; all of them by reason (" << elsewhere << " tells each):\n";
  Table reasons({{"ROWS", Align::kRight}, {"REASON"}});
  for (const auto& [reason, count] : by_reason_) reasons.Add({Grouped(count), reason});
  reasons.Print(out, terminal_columns);
}

}  // namespace mynumber::mynumberctl
