#include "libs/eventsourcing/position.h"

#include <charconv>

namespace mynumber::eventsourcing {

std::string FormatPosition(const Position& position) {
  char text[48];
  char* end = std::to_chars(text, text + 12, position.partition).ptr;
  *end++ = '@';
  end = std::to_chars(end, end + 20, position.sequence).ptr;
  *end++ = '.';
  end = std::to_chars(end, end + 12, position.index).ptr;
  return {text, end};
}

std::optional<Position> ParsePosition(std::string_view text) {
  Position position;
  const char* end = text.data() + text.size();
  auto at = std::from_chars(text.data(), end, position.partition);
  if (at.ec != std::errc() || at.ptr == end || *at.ptr != '@') return std::nullopt;
  auto dot = std::from_chars(at.ptr + 1, end, position.sequence);
  if (dot.ec != std::errc() || dot.ptr == end || *dot.ptr != '.') return std::nullopt;
  auto last = std::from_chars(dot.ptr + 1, end, position.index);
  if (last.ec != std::errc() || last.ptr != end) return std::nullopt;
  // One position has one writing: no zeros in front.
  if (FormatPosition(position) != text) return std::nullopt;
  return position;
}

}  // namespace mynumber::eventsourcing
