#include "libs/eventsourcing/settings.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace mynumber::eventsourcing {

using eventlog::v1::ClusterSettings;

namespace {

// A master key that was destroyed on purpose: whatever it wrapped that is needed still was wrapped anew before.
bool IsFormerMaster(const eventlog::v1::KeyFingerprint& key, const ClusterSettings& ours) {
  constexpr char kMaster[] = "master";
  const auto is_newer = [&](const eventlog::v1::KeyFingerprint& one) {
    return one.name() == kMaster && one.version() > key.version();
  };
  return key.name() == kMaster && std::any_of(ours.keys().begin(), ours.keys().end(), is_newer);
}

// Keys of ours that the writer did not know come from a newer program, which is no harm.
absl::Status CheckKeys(const ClusterSettings& written, const ClusterSettings& ours) {
  for (const eventlog::v1::KeyFingerprint& key : written.keys()) {
    const auto& all = ours.keys();
    const auto same = std::find_if(all.begin(), all.end(), [&](const eventlog::v1::KeyFingerprint& one) {
      return one.name() == key.name() && one.version() == key.version();
    });
    if (same != all.end() && same->fingerprint() == key.fingerprint()) continue;
    if (same == all.end() && IsFormerMaster(key, ours)) continue;
    return absl::FailedPreconditionError(
        absl::StrCat("this log was written by an instance whose keyring has ",
                     same == all.end() ? "a key that ours lacks" : "another key than ours", ": '", key.name(),
                     "', version ", key.version(), "; give every instance of a cluster the same keyring file"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckSettings(const ClusterSettings& written, const ClusterSettings& ours) {
  if (written.service() != ours.service()) {
    return absl::FailedPreconditionError(absl::StrCat("this log belongs to the service '", written.service(),
                                                      "', not to '", ours.service(), "'"));
  }
  if (written.partition_count() != ours.partition_count()) {
    return absl::FailedPreconditionError(absl::StrCat("this log was created with ", written.partition_count(),
                                                      " partitions, and this instance was told ",
                                                      ours.partition_count(), ": start it with the former number"));
  }
  if (written.identifier_key_fingerprint() != ours.identifier_key_fingerprint()) {
    return absl::FailedPreconditionError(
        "this log was written with another key of the numbers: start with the keyring it was created with");
  }
  return CheckKeys(written, ours);
}

absl::Status CheckFirstClaim(PartitionLog* log, const ClusterSettings& ours) {
  auto records = log->Read(0, 1);
  if (!records.ok() || records->empty()) return absl::UnavailableError("the log's first record cannot be read now");
  for (const LogRecord& entry : *records) {
    eventlog::v1::Record record;
    if (!record.ParseFromString(entry.bytes) || !record.has_opened()) continue;
    absl::Status status = CheckSettings(record.opened().settings(), ours);
    if (!status.ok() || !record.opened().claim_id().empty()) return status;
    return absl::FailedPreconditionError(
        "the first record of this log has no code of our keyring: a program wrote it that knew of none. Move the log "
        "by that program's `mynumberctl log export`, and import it with this one");
  }
  return absl::OkStatus();
}

absl::Status CheckRows(const eventlog::v1::PartitionHead& head, uint32_t partition, uint32_t projection_version) {
  if (head.projection_version() <= projection_version) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the rows of partition ", partition, " were made by a newer program (projection ",
                   head.projection_version(), ", and this one knows ", projection_version,
                   "): start the newer one, or move the rows' folder away, and they are folded afresh"));
}

}  // namespace mynumber::eventsourcing
