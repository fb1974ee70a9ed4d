#include "libs/projection/snapshots.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "libs/log/log.h"
#include "libs/projection/rocks_status.h"
#include "mynumber/eventlog/v1/head.pb.h"
#include "rocksdb/db.h"
#include "rocksdb/utilities/backup_engine.h"

namespace mynumber::projection {
namespace {

// A copy must not take the disk from the loops.
constexpr uint64_t kBytesPerSecond = uint64_t{64} << 20;

rocksdb::BackupEngineOptions OptionsOf(const std::string& folder) {
  rocksdb::BackupEngineOptions options(folder);
  options.backup_rate_limit = kBytesPerSecond;
  return options;
}

absl::StatusOr<eventlog::v1::PartitionHead> HeadOf(const RocksRows& rows) {
  std::string value;
  eventlog::v1::PartitionHead head;
  const auto found = rows.Get(eventsourcing::kHeadKey, &value);
  if (!found.ok()) return found.status();
  if (!*found || !head.ParseFromString(value)) return absl::UnavailableError("the rows are still empty");
  return head;
}

std::string Told(const eventlog::v1::PartitionHead& head) {
  return absl::StrCat(head.sequence(), " ", head.projection_version());
}

// False: another program wrote this.
bool Understand(const rocksdb::BackupInfo& backup, SnapshotInfo* info) {
  const std::vector<std::string> words = absl::StrSplit(backup.app_metadata, ' ');
  info->id = backup.backup_id;
  info->time_seconds = backup.timestamp;
  info->bytes = backup.size;
  return words.size() == 2 && absl::SimpleAtoi(words[0], &info->sequence) &&
         absl::SimpleAtoi(words[1], &info->projection_version);
}

// Of an instance's folder; RocksDB has a file there for each snapshot.
std::set<std::string> Ids(const std::string& folder) {
  std::set<std::string> ids;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder + "/meta", none)) {
    ids.insert(entry.path().filename().string());
  }
  return ids;
}

absl::StatusOr<std::unique_ptr<rocksdb::BackupEngineReadOnly>> OpenToRead(const std::string& folder) {
  while (true) {
    const std::set<std::string> ids = Ids(folder);
    rocksdb::BackupEngineReadOnly* engine = nullptr;
    const rocksdb::IOStatus status =
        rocksdb::BackupEngineReadOnly::Open(rocksdb::Env::Default(), OptionsOf(folder), &engine);
    if (status.ok()) return std::unique_ptr<rocksdb::BackupEngineReadOnly>(engine);
    // RocksDB opens none if one of them is taken away meanwhile.
    if (Ids(folder) == ids) return FromRocks(status, absl::StrCat("reading snapshots in ", folder));
  }
}

// All whole ones of a partition by that code, the furthest first. Of an instance whose folder cannot be read: none.
std::vector<SnapshotInfo> Whole(const std::string& folder, uint32_t projection_version) {
  std::vector<SnapshotInfo> whole;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    const auto engine = OpenToRead(entry.path().string());
    if (!engine.ok()) continue;
    std::vector<rocksdb::BackupInfo> backups;
    (*engine)->GetBackupInfo(&backups);
    for (const rocksdb::BackupInfo& backup : backups) {
      SnapshotInfo info;
      info.instance = entry.path().filename().string();
      if (Understand(backup, &info) && info.projection_version == projection_version) whole.push_back(info);
    }
  }
  // Of an idle partition's the one that was made last.
  const auto rank = [](const SnapshotInfo& one) { return std::make_tuple(one.sequence, one.time_seconds, one.id); };
  std::sort(whole.begin(), whole.end(), [&](const auto& a, const auto& b) { return rank(a) > rank(b); });
  return whole;
}

std::optional<SnapshotInfo> FirstBut(const std::set<std::pair<std::string, uint32_t>>& tried,
                                     const std::vector<SnapshotInfo>& whole) {
  for (const SnapshotInfo& info : whole) {
    if (tried.count({info.instance, info.id}) == 0) return info;
  }
  return std::nullopt;
}

// The engine's threads have ended when this returns.
absl::Status CopyOne(const std::string& from, uint32_t id, const std::string& to) {
  const auto engine = OpenToRead(from);
  if (!engine.ok()) return engine.status();
  return FromRocks((*engine)->RestoreDBFromBackup(id, to, to), absl::StrCat("copying a snapshot from ", from));
}

absl::Status RestoreOne(const std::string& from, uint32_t id, const std::string& rows_folder) {
  // What is half copied never stands where rows are looked for.
  const std::string begun = rows_folder + ".begun";
  std::error_code error;
  std::filesystem::remove_all(begun, error);
  std::filesystem::create_directories(begun, error);
  absl::Status status = CopyOne(from, id, begun);
  if (status.ok()) std::filesystem::rename(begun, rows_folder, error);
  if (status.ok() && error) status = absl::UnavailableError(error.message());
  if (!status.ok()) std::filesystem::remove_all(begun, error);
  return status;
}

}  // namespace

std::string Snapshots::Folder(const std::string& service, uint32_t partition) const {
  return absl::StrCat(folder_, "/", service, "/", partition);
}

absl::StatusOr<SnapshotInfo> Snapshots::Make(const std::string& service, uint32_t partition,
                                             const std::string& instance, const RocksRows& rows) const {
  const std::shared_ptr<rocksdb::DB> db = std::atomic_load(&rows.db_);
  if (!db) return absl::UnavailableError("the rows are being folded afresh");
  // Read before: the snapshot may hold more than it says, never less.
  const auto head = HeadOf(rows);
  if (!head.ok()) return head.status();
  const std::string folder = absl::StrCat(Folder(service, partition), "/", instance);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return absl::UnavailableError(absl::StrCat("making ", folder, ": ", error.message()));
  rocksdb::BackupEngine* opened = nullptr;
  rocksdb::IOStatus status = rocksdb::BackupEngine::Open(rocksdb::Env::Default(), OptionsOf(folder), &opened);
  const std::unique_ptr<rocksdb::BackupEngine> engine(opened);
  if (!status.ok()) return FromRocks(status, absl::StrCat("opening ", folder));
  rocksdb::CreateBackupOptions create;
  // The rows have no log of their own to read what is in memory from.
  create.flush_before_backup = true;
  status = engine->CreateNewBackupWithMetadata(create, db.get(), Told(*head));
  if (status.ok()) status = engine->PurgeOldBackups(kKept);
  rocksdb::BackupInfo made;
  const rocksdb::Status found = status.ok() ? engine->GetLatestBackupInfo(&made) : status;
  if (!found.ok()) return FromRocks(found, absl::StrCat("writing a snapshot to ", folder));
  SnapshotInfo info;
  info.instance = instance;
  (void)Understand(made, &info);
  return info;
}

absl::StatusOr<std::optional<SnapshotInfo>> Snapshots::Newest(const std::string& service, uint32_t partition,
                                                              uint32_t projection_version) const {
  const std::vector<SnapshotInfo> whole = Whole(Folder(service, partition), projection_version);
  return whole.empty() ? std::nullopt : std::make_optional(whole.front());
}

absl::StatusOr<std::optional<SnapshotInfo>> Snapshots::Restore(const std::string& service, uint32_t partition,
                                                               uint32_t projection_version,
                                                               const std::string& rows_folder) const {
  const std::string folder = Folder(service, partition);
  std::set<std::pair<std::string, uint32_t>> tried;
  absl::Status status;
  // Whoever makes one takes another away: what there is then is looked up again.
  while (const auto info = FirstBut(tried, Whole(folder, projection_version))) {
    status = RestoreOne(absl::StrCat(folder, "/", info->instance), info->id, rows_folder);
    if (status.ok()) return info;
    tried.emplace(info->instance, info->id);
    log::Warn("snapshot_not_copied", {{"service", service},
                                      {"partition", absl::StrCat(partition)},
                                      {"made_by", info->instance},
                                      {"id", absl::StrCat(info->id)},
                                      {"why", std::string(status.message())}});
  }
  if (!status.ok()) return absl::DataLossError(status.message());
  return std::nullopt;
}

}  // namespace mynumber::projection
