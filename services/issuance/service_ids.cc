#include "services/issuance/service_ids.h"

#include "services/issuance/projections/tables.h"

namespace mynumber::issuance {

absl::StatusOr<bool> NextIds(const ServiceContext& context, const std::string& prefix, size_t count,
                             serving::PartitionCursor* cursor, std::vector<SubjectId>* ids) {
  bool more = false;
  absl::Status status = context.rows[cursor->partition]->Scan(
      prefix, cursor->last.empty() ? std::string() : prefix + cursor->last,
      [&](std::string_view key, std::string_view) {
        if (ids->size() == count) {
          more = true;
          return false;
        }
        ids->push_back(IdOfKey(key));
        cursor->last = std::string(IdOfKey(key).view());
        return true;
      });
  if (!status.ok()) return status;
  return more;
}

absl::Status ReadIds(const ServiceContext& context, const std::string& prefix, const std::string& page_token,
                     int32_t page_size, std::vector<SubjectId>* ids, std::string* next_page_token) {
  const uint32_t partitions = static_cast<uint32_t>(context.rows.size());
  auto cursor = serving::ParseCursor(page_token, partitions, /*last_bytes=*/16);
  if (!cursor) return kRefusals.PageTokenMalformed();
  const size_t count = serving::PageSize(page_size);
  while (ids->size() < count && cursor->partition < partitions) {
    auto more = NextIds(context, prefix, count, &*cursor, ids);
    if (!more.ok()) return more.status();
    if (!*more) *cursor = {cursor->partition + 1, ""};
  }
  if (cursor->partition < partitions) *next_page_token = serving::FormatCursor(*cursor);
  return absl::OkStatus();
}

}  // namespace mynumber::issuance
