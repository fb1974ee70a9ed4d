#ifndef MYNUMBER_LIBS_SERVING_PAGES_H_
#define MYNUMBER_LIBS_SERVING_PAGES_H_

// Where a list goes on.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"

namespace mynumber::serving {

// 0: as many as is usual; no more than 1,000.
inline size_t PageSize(int32_t asked) { return asked == 0 ? 50 : static_cast<size_t>(std::min(asked, 1000)); }

// Bytes of the last row's key, in lower-case hexadecimal.
inline std::string FormatPageToken(const std::string& bytes) { return absl::BytesToHexString(bytes); }

// Nothing for a text that FormatPageToken does not give.
inline std::optional<std::string> ParsePageToken(const std::string& token) {
  std::string bytes = absl::HexStringToBytes(token);
  if (absl::BytesToHexString(bytes) != token) return std::nullopt;
  return bytes;
}

// Of a list that goes through one partition after the other: the partition, and the last row's part of the key there;
// empty at its beginning.
struct PartitionCursor {
  uint32_t partition = 0;
  std::string last;
};

inline std::string FormatCursor(const PartitionCursor& cursor) {
  std::string bytes;
  bytes.push_back(static_cast<char>(cursor.partition >> 8));
  bytes.push_back(static_cast<char>(cursor.partition));
  return FormatPageToken(bytes + cursor.last);
}

// The beginning for an empty token. Nothing for a text that FormatCursor does not give for a `last` of `last_bytes`, or
// of none.
inline std::optional<PartitionCursor> ParseCursor(const std::string& token, uint32_t partition_count,
                                                  size_t last_bytes) {
  PartitionCursor cursor;
  if (token.empty()) return cursor;
  const auto bytes = ParsePageToken(token);
  if (!bytes || (bytes->size() != 2 && bytes->size() != 2 + last_bytes)) return std::nullopt;
  cursor.partition =
      static_cast<uint32_t>(static_cast<uint8_t>(bytes->at(0)) << 8 | static_cast<uint8_t>(bytes->at(1)));
  if (cursor.partition >= partition_count) return std::nullopt;
  cursor.last = bytes->substr(2);
  return cursor;
}

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_PAGES_H_
