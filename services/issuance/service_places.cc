#include "services/issuance/service_places.h"

#include <utility>

#include "libs/eventsourcing/sealed_rows.h"
#include "libs/serving/pages.h"
#include "services/issuance/projections/tables.h"

namespace mynumber::issuance {
namespace {

struct SealedRow {
  std::string key;
  std::string value;
};

absl::Status ReadSealed(const ServiceContext& context, const std::string& prefix, const SubjectId& id,
                        const PlacesAsked& asked, size_t count, std::vector<SealedRow>* rows) {
  return context.rows[context.PartitionOf(id)]->Scan(
      prefix, prefix + asked.last, [&](std::string_view key, std::string_view value) {
        if (rows->size() == count) return false;
        if (!asked.until.empty() && key.substr(prefix.size()) > asked.until) return false;
        rows->push_back({std::string(key), std::string(value)});
        return true;
      });
}

absl::Status Open(const ServiceContext& context, const std::vector<SealedRow>& sealed, size_t prefix_size,
                  const eventsourcing::SubjectKey& key, std::vector<PlacedRow>* rows) {
  for (const SealedRow& row : sealed) {
    std::string plain;
    absl::Status status = eventsourcing::OpenSealedRow(row.key, row.value, key, context.vault(), &plain);
    if (!status.ok()) return status;
    rows->push_back({row.key.substr(prefix_size), std::move(plain)});
  }
  return absl::OkStatus();
}

}  // namespace

bool ParsePlace(const std::string& page_token, std::string* place) {
  if (page_token.empty()) return true;
  const auto parsed = serving::ParsePageToken(page_token);
  if (!parsed || parsed->size() != place->size()) return false;
  *place = *parsed;
  return true;
}

absl::Status ReadOwn(const ServiceContext& context, char table, const SubjectId& id,
                     const eventsourcing::SubjectKey& key, const PlacesAsked& asked, std::vector<PlacedRow>* rows) {
  const std::string prefix = IndexKey(table, id.view());
  std::vector<SealedRow> sealed;
  absl::Status status = ReadSealed(context, prefix, id, asked, asked.count, &sealed);
  return status.ok() ? Open(context, sealed, prefix.size(), key, rows) : status;
}

absl::Status ReadRecord(const ServiceContext& context, char table, const SubjectId& id, absl::CivilMonth month,
                        const PlacesAsked& asked, std::vector<PlacedRow>* rows) {
  if (rows->size() >= asked.count) return absl::OkStatus();
  const SubjectId record = context.own.keys->AccessRecord(id, month, context.host->partition_count());
  const std::string prefix = IndexKey(table, record.view(), id.view());
  std::vector<SealedRow> sealed;
  absl::Status status = ReadSealed(context, prefix, id, asked, asked.count - rows->size(), &sealed);
  if (!status.ok() || sealed.empty()) return status;
  rows::v1::ResidentState state;
  eventsourcing::SubjectKey key;
  const auto found = context.Read(record, &state, &key);
  if (!found.ok()) return found.status();
  // Erased since the rows were read.
  if (!*found || state.access_record().erase_micros() == 0) return absl::OkStatus();
  return Open(context, sealed, prefix.size(), key, rows);
}

}  // namespace mynumber::issuance
