#include "libs/eventsourcing/settings.h"

#include "absl/strings/str_cat.h"

namespace mynumber::eventsourcing {

using eventlog::v1::ClusterSettings;

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
  return absl::OkStatus();
}

absl::Status CheckFirstClaim(PartitionLog* log, const ClusterSettings& ours) {
  auto records = log->Read(0, 1);
  if (!records.ok() || records->empty()) return absl::UnavailableError("the log's first record cannot be read now");
  for (const LogRecord& entry : *records) {
    eventlog::v1::Record record;
    if (record.ParseFromString(entry.bytes) && record.has_opened())
      return CheckSettings(record.opened().settings(), ours);
  }
  return absl::OkStatus();
}

}  // namespace mynumber::eventsourcing
