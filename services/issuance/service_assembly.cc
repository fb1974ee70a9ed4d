#include "services/issuance/service_assembly.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "libs/identifiers/person_name.h"
#include "libs/log/log.h"
#include "libs/runtime/process.h"
#include "libs/sealing/chance.h"
#include "libs/sealing/running_hash.h"
#include "mynumber/issuance/v1/error_reason.pb.h"
#include "services/issuance/projections/tables.h"
#include "services/issuance/service_verify.h"

namespace mynumber::issuance {
namespace {

constexpr char kName[] = "issuance";

// The calling thread's own. Threads outlive an assembly, so one is known by a number and not by an address.
eventsourcing::Vault* ThreadVault(uint64_t assembly, const sealing::Keyring& keyring) {
  thread_local absl::flat_hash_map<uint64_t, std::unique_ptr<sealing::SubjectVault>> vaults;
  auto& mine = vaults[assembly];
  if (!mine) mine = std::make_unique<sealing::SubjectVault>(keyring.Masters());
  return mine.get();
}

std::atomic<uint64_t> assemblies{0};

// Whether this keyring unwraps them all.
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

}  // namespace

Keyed MakeKeyed(const ServiceKeys* keys) {
  Keyed keyed;
  keyed.number_for = [keys](std::string_view digits, int generation) { return keys->NumberFor(digits, generation); };
  keyed.name_hash = [keys](std::string_view name, const type::Date& birth_date) {
    return std::string(eventsourcing::View(keys->NameHash(identifiers::MatchingForm(name), birth_date)));
  };
  keyed.digest = [keys](std::string_view record_code, const events::v1::ResidentDetails& details) {
    return std::string(eventsourcing::View(keys->Digest(record_code, details)));
  };
  return keyed;
}

Assembly::Assembly(const AssemblyOptions& options, const sealing::Keyring* keyring, OpenLog open_log,
                   metrics::Registry* registry)
    : options_(options),
      keyring_(keyring),
      open_log_(std::move(open_log)),
      keys_(keyring),
      domain_{MakeKeyed(&keys_)},
      calls_(*registry, v1::IssuanceService::service_full_name()),
      refusals_(registry, kName, &kRefusals, v1::ErrorReason_descriptor()),
      request_hash_(keyring->Hash(sealing::HashUse::kRequest)),
      engine_metrics_(registry, kName, options.partition_count) {
  context_.own.keys = &keys_;
  context_.vault = [keyring, number = assemblies.fetch_add(1)] { return ThreadVault(number, *keyring); };
  context_.own.departed = &departed_;
  context_.calls = &calls_;
  context_.malformed_traces = registry->AddCounter(
      "mynumber_malformed_traces_total", "Calls whose traceparent broke the standard.", {{"service", kName}});
  context_.refusals = &refusals_;
  context_.request_hash = &request_hash_;
  context_.now = options.now;
  context_.own.record_code_rule = options.record_code_rule;
  registry->BeforeText([this] {
    if (!host_) return;
    for (uint32_t p = 0; p < options_.partition_count; ++p) engine_metrics_.Refresh(p, host_->Snapshot(p));
  });
}

eventlog::v1::ClusterSettings SettingsOf(const sealing::Keyring& keyring, uint32_t partition_count) {
  eventlog::v1::ClusterSettings settings;
  settings.set_service(kName);
  settings.set_partition_count(partition_count);
  settings.set_identifier_key_fingerprint(keyring.Fingerprint());
  return settings;
}

absl::StatusOr<std::unique_ptr<Assembly>> Assembly::Start(const AssemblyOptions& options,
                                                          const sealing::Keyring* keyring,
                                                          projection::SharedMemory* memory, OpenLog open_log,
                                                          metrics::Registry* registry) {
  std::unique_ptr<Assembly> assembly(new Assembly(options, keyring, std::move(open_log), registry));
  absl::Status status = assembly->Open(memory);
  if (!status.ok()) return status;
  return assembly;
}

absl::Status Assembly::Open(projection::SharedMemory* memory) {
  eventsourcing::PartitionOptions partition;
  partition.projection_version = kProjectionVersion;
  partition.waiting_commands = options_.waiting_commands;
  std::vector<runtime::PartitionParts> parts;
  for (uint32_t p = 0; p < options_.partition_count; ++p) {
    auto rows = projection::RocksRows::Open(absl::StrCat(options_.data, "/", kName, "/", p), memory,
                                            partition.receipt_retention_micros);
    if (!rows.ok()) return rows.status();
    rows_.push_back(*std::move(rows));
    logs_.push_back(open_log_(p, [this, p] { host_->Wake(p); }));
    vaults_.push_back(std::make_unique<sealing::SubjectVault>(keyring_->Masters()));
    context_.rows.push_back(rows_.back().get());
    parts.push_back({logs_.back().get(), rows_.back().get(), vaults_.back().get(), sealing::SystemRandom()});
  }
  eventsourcing::OwnershipOptions ownership;
  ownership.instance = options_.instance;
  ownership.address = options_.address;
  ownership.settings = SettingsOf(*keyring_, options_.partition_count);
  host_ = std::make_unique<runtime::PartitionHost<Issuance>>(&domain_, std::move(parts), partition, ownership, sealing::ChainBytes,
                                 [this](uint32_t p, const eventsourcing::BatchObserved& seen) {
                                   const int64_t now = options_.now();
                                   engine_metrics_.BatchCommitted(p, seen, now);
                                   rows_[p]->SetTime(now);
                                 });
  workers_ = std::make_unique<runtime::Workers>(2, 1000);
  context_.host = host_.get();
  context_.workers = workers_.get();
  service_ = std::make_unique<IssuanceService>(&context_);
  absl::Status status = host_->Start(options_.threads, options_.now);
  if (status.ok()) housekeeper_ = std::thread([this] { Housekeep(); });
  return status;
}

Assembly::~Assembly() {
  Stop();
  // They wake the host.
  logs_.clear();
}

void Assembly::Stop() {
  context_.stopping.Begin();
  {
    std::lock_guard<std::mutex> lock(mutex_);
    is_stopping_ = true;
  }
  stop_changed_.notify_all();
  if (housekeeper_.joinable()) housekeeper_.join();
  if (host_) host_->Stop();
  workers_.reset();
  // Before the loops that they wake.
  logs_.clear();
}

rpc::NamedService Assembly::service() { return {v1::IssuanceService::service_full_name(), service_.get()}; }

absl::Status Assembly::trouble() const {
  for (uint32_t p = 0; p < options_.partition_count; ++p) {
    const runtime::PartitionSnapshot seen = host_->Snapshot(p);
    if (seen.stopped.ok() && !seen.trouble.ok()) {
      return absl::Status(seen.trouble.code(), absl::StrCat("partition ", p, ": ", std::string(seen.trouble.message())));
    }
  }
  return absl::OkStatus();
}

operations::OperatedService Assembly::operated() {
  operations::OperatedService operated;
  operated.name = kName;
  operated.partition_count = options_.partition_count;
  operated.snapshot = [this](uint32_t p) { return host_->Snapshot(p); };
  operated.open_log = [this](uint32_t p) { return open_log_(p, nullptr); };
  operated.collection = "residents";
  operated.lost_answers = [this](uint32_t p, const auto& visit) { return LostAnswers(p, visit); };
  operated.verify = [this](const auto& progress, operations::v1::VerifyReport* report) {
    return Verify(progress, report);
  };
  operated.import_target.settings = SettingsOf(*keyring_, options_.partition_count);
  operated.import_target.chain = sealing::ChainBytes;
  operated.import_target.open_log = operated.open_log;
  operated.import_target.check_keys = [this](const eventlog::v1::KeyBlock& block) {
    return CheckKeys(block, context_.vault());
  };
  return operated;
}

absl::Status Assembly::Verify(const std::function<bool(const operations::v1::VerifyProgress&)>& progress,
                              operations::v1::VerifyReport* report) {
  VerifyParts parts;
  parts.domain = &domain_;
  parts.keys = &keys_;
  parts.chain = sealing::ChainBytes;
  parts.scratch = absl::StrCat(options_.data, "/verify-", kName);
  for (auto& rows : rows_) parts.rows.push_back(rows.get());
  parts.open_log = [this](uint32_t p) { return open_log_(p, nullptr); };
  parts.vault = context_.vault();
  absl::Status status = VerifyIssuance(parts, progress, report);
  for (uint32_t p = 0; p < options_.partition_count; ++p) {
    const absl::Status why = host_->Snapshot(p).stopped;
    if (why.ok()) continue;
    report->add_problems(absl::StrCat("partition ", p, " has stopped: ", std::string(why.message())));
    report->set_clean(false);
  }
  return status;
}

absl::Status Assembly::LostAnswers(uint32_t partition, const operations::OperatedService::VisitLost& visit) const {
  const auto live = rows_[partition]->Frozen();
  if (!live) return absl::UnavailableError("the rows are being folded afresh: ask again");
  for (const std::string& folder : rows_[partition]->Aside()) {
    const auto aside = rows_[partition]->OpenAside(folder);
    if (!aside.ok()) return aside.status();
    absl::Status status =
        operations::FindLostAnswers(**aside, *live, eventsourcing::kReceiptRetentionMicros,
                                    [&](const operations::LostAnswer& lost) { return visit(folder, lost); });
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

void Assembly::FillDepartedFilter() {
  for (auto& rows : rows_) {
    (void)rows->Scan(std::string(1, kDepartedTable), {}, [&](std::string_view key, std::string_view) {
      departed_.Add(key.substr(1, 16));
      return true;
    });
  }
}

void Assembly::Housekeep() {
  const auto wait = [this](int millis) {
    std::unique_lock<std::mutex> lock(mutex_);
    return !stop_changed_.wait_for(lock, std::chrono::milliseconds(millis), [this] { return is_stopping_; });
  };
  // What was rebuilt or caught up must be in the filter before a registration is decided.
  int waited = 0;
  while (!host_->Serving()) {
    if (!wait(20)) return;
    if (++waited % 100 == 0) LogCatchingUp();
    LogWhatNeedsAPerson();
  }
  FillDepartedFilter();
  context_.own.knows_departed = true;
  do {
    LogWhatNeedsAPerson();
    if (host_->Serving()) service_->ResumeRecordCodeChanges();
  } while (wait(5000));
}

void Assembly::LogCatchingUp() const {
  for (uint32_t p = 0; p < options_.partition_count; ++p) {
    const auto seen = host_->Snapshot(p);
    // A partition that nobody wants has caught up, and does not claim.
    if (seen.target <= seen.head.offset() + 1) continue;
    log::Info("catching_up", {{"service", kName}, {"partition", p}, {"offset", seen.head.offset()},
                              {"target_offset", seen.target}, {"folded_records", seen.counts.folded_records}});
  }
}

void Assembly::LogWhatNeedsAPerson() {
  for (uint32_t p = 0; p < options_.partition_count; ++p) {
    const runtime::PartitionSnapshot seen = host_->Snapshot(p);
    if (seen.counts.truncations > truncations_[p]) {
      truncations_[p] = seen.counts.truncations;
      log::Error("log_truncated", {{"service", kName}, {"partition", p},
                                   {"do", "the log lost its end; the rows were kept aside. What was answered and is "
                                          "gone: mynumberctl lost-answers"}});
    }
    if (std::exchange(clock_step_downs_[p], seen.counts.clock_step_downs) < seen.counts.clock_step_downs) {
      log::Error("clock_is_wrong", {{"service", kName}, {"partition", p}, {"why", seen.trouble.message()}});
    }
    const absl::Status& why = seen.stopped;
    if (why.ok() || !stopped_.insert(p).second) continue;
    log::Error("partition_stopped", {{"service", kName}, {"partition", p}, {"why", why.message()}});
  }
}

}  // namespace mynumber::issuance
