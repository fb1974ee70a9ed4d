#include "libs/access/matrix.h"

#include <algorithm>
#include <string_view>

namespace mynumber::access {
namespace {

constexpr size_t kMethodWidth = 30;
constexpr std::string_view kLegend =
    "# Who may call what: the access policy as a table. Written by libs/access:print_matrix, held by its matrix_test.\n"
    "# A all, O own municipality's, S what the caller did itself, - refused\n"
    "# p a purpose is required and the look is counted, l counted as a look-up, x exempt from limits\n";

// "post-office" stands as "post" above "office".
std::string_view Half(Role role, bool upper) {
  const std::string_view name = NameOf(role);
  const size_t cut = name.find_first_of("-/");
  if (cut == std::string_view::npos) return upper ? std::string_view() : name;
  return upper ? name.substr(0, cut) : name.substr(cut + 1);
}

std::string Padded(std::string_view text, size_t width) {
  return std::string(text).append(width > text.size() ? width - text.size() : 0, ' ');
}

void EndLine(std::string line, std::string* table) {
  line.erase(line.find_last_not_of(' ') + 1);
  table->append(line).push_back('\n');
}

template <class Text>
std::string Row(std::string_view first, const Text& text) {
  std::string line = Padded(first, kMethodWidth);
  for (size_t i = 0; i < kRoles; ++i) {
    const Role role = static_cast<Role>(i);
    const size_t width = std::max(Half(role, true).size(), Half(role, false).size()) + 2;
    line.append(Padded(text(role), width));
  }
  return line;
}

std::string Cell(const Decision& decision) {
  if (!decision.allowed) return "-";
  std::string cell(1, decision.scope == Scope::kAll ? 'A' : decision.scope == Scope::kOwn ? 'O' : 'S');
  if (decision.purposes_required) cell.push_back('p');
  if (decision.is_look_up) cell.push_back('l');
  if (decision.exempt_from_limits) cell.push_back('x');
  return cell;
}

}  // namespace

std::string MatrixOf(const Policy& policy, absl::Span<const std::string> methods) {
  std::string table(kLegend);
  std::string_view service;
  for (const std::string& method : methods) {
    const std::string_view full = method;
    const size_t slash = full.find('/');
    if (full.substr(0, slash) != service) {
      service = full.substr(0, slash);
      table.push_back('\n');
      EndLine(std::string(service), &table);
      EndLine(Row("", [](Role role) { return Half(role, true); }), &table);
      EndLine(Row("", [](Role role) { return Half(role, false); }), &table);
    }
    EndLine(Row(full.substr(slash + 1), [&](Role role) { return Cell(policy.DecideRole(role, full)); }), &table);
  }
  return table;
}

}  // namespace mynumber::access
