#include "libs/serving/assembly_parts.h"

#include <algorithm>
#include <atomic>
#include <filesystem>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "libs/log/log.h"
#include "libs/sealing/subject_vault.h"

namespace mynumber::serving {

eventlog::v1::ClusterSettings SettingsOf(const std::string& service, const sealing::Keyring& keyring,
                                         uint32_t partition_count) {
  eventlog::v1::ClusterSettings settings;
  settings.set_service(service);
  settings.set_partition_count(partition_count);
  settings.set_identifier_key_fingerprint(keyring.Fingerprint());
  for (const auto& [name, version, fingerprint] : keyring.Fingerprints()) {
    eventlog::v1::KeyFingerprint* key = settings.add_keys();
    key->set_name(name);
    key->set_version(version);
    key->set_fingerprint(fingerprint);
  }
  return settings;
}

bool StartFromSnapshot(const SnapshotOptions& options, const std::string& service, uint32_t partition,
                       uint32_t projection_version, const std::string& rows_folder) {
  std::error_code unknown;
  if (options.snapshots == nullptr || std::filesystem::exists(rows_folder, unknown) || unknown) return false;
  const auto restored = options.snapshots->Restore(service, partition, projection_version, rows_folder);
  if (!restored.ok()) {
    log::Warn("snapshots_unusable", {{"service", service},
                                     {"partition", partition},
                                     {"why", restored.status().message()},
                                     {"do", "nothing: the rows are folded from the log's begin"}});
  }
  return restored.ok() && *restored;
}

cluster::RouterMetrics RouterMetricsOf(metrics::Registry* registry, const std::string& service) {
  const auto counter = [&](const char* outcome) {
    return registry->AddCounter("mynumber_forwarded_commands_total",
                                "Commands and proofs sent to the partition's owner.",
                                {{"service", service}, {"outcome", outcome}});
  };
  return {counter("answered"), counter("again"), counter("given_up")};
}

std::vector<std::string> EventTypesOf(const google::protobuf::Descriptor* events) {
  std::vector<std::string> types;
  if (events == nullptr) return types;
  const google::protobuf::OneofDescriptor* oneof = events->oneof_decl(0);
  for (int i = 0; i < oneof->field_count(); ++i) types.push_back(oneof->field(i)->name());
  return types;
}

std::function<eventsourcing::Vault*()> VaultsOfThreads(const sealing::Keyring* keyring) {
  // Threads outlive an assembly, so one is known by a number and not by an address.
  static std::atomic<uint64_t> made{0};
  return [keyring, number = made.fetch_add(1)]() -> eventsourcing::Vault* {
    thread_local absl::flat_hash_map<uint64_t, std::unique_ptr<sealing::SubjectVault>> vaults;
    auto& mine = vaults[number];
    if (!mine) mine = std::make_unique<sealing::SubjectVault>(keyring->Masters());
    return mine.get();
  };
}

absl::Status CheckKeys(const eventlog::v1::KeyBlock& block, eventsourcing::Vault* vault) {
  for (const auto& wrapped : block.keys()) {
    eventsourcing::SubjectKey key;
    key.master_version = wrapped.master_version();
    if (wrapped.wrapped().size() != key.wrapped.size()) return absl::DataLossError("a wrapped data key was changed");
    std::copy_n(wrapped.wrapped().begin(), key.wrapped.size(), key.wrapped.begin());
    const absl::Status status = vault->Unwrap(&key);
    if (absl::IsNotFound(status)) {
      return absl::NotFoundError(absl::StrCat("a data key is wrapped by version ", key.master_version,
                                              " of the master key, which this keyring does not have"));
    }
    if (!status.ok()) {
      return absl::DataLossError("a wrapped data key was changed, or wrapped by the master key of another keyring");
    }
  }
  return absl::OkStatus();
}

absl::Status FindLostAnswers(const projection::RocksRows& rows, const operations::OperatedService::VisitLost& visit) {
  const auto live = rows.Frozen();
  if (!live) return absl::UnavailableError("the rows are being folded afresh: ask again");
  for (const std::string& folder : rows.Aside()) {
    const auto aside = rows.OpenAside(folder);
    if (!aside.ok()) return aside.status();
    absl::Status status =
        operations::FindLostAnswers(**aside, *live, eventsourcing::kReceiptRetentionMicros,
                                    [&](const operations::LostAnswer& lost) { return visit(folder, lost); });
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace mynumber::serving
