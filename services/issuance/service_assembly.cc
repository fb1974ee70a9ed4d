#include "services/issuance/service_assembly.h"

#include <chrono>
#include <thread>

#include "libs/eventsourcing/sealed_rows.h"
#include "libs/identifiers/person_name.h"
#include "mynumber/issuance/v1/error_reason.pb.h"
#include "services/issuance/projections/tables.h"
#include "services/issuance/service_verify.h"

namespace mynumber::issuance {
namespace {

constexpr int64_t kLookMillis = 10;

// The key functions of decisions, over `keys`.
Keyed MakeKeyed(const ServiceKeys* keys, uint32_t partition_count) {
  Keyed keyed;
  keyed.number_for = [keys](std::string_view digits, int generation) { return keys->NumberFor(digits, generation); };
  keyed.name_hash = [keys](std::string_view name, const type::Date& birth_date) {
    return std::string(eventsourcing::View(keys->NameHash(identifiers::MatchingForm(name), birth_date)));
  };
  keyed.digest = [keys](std::string_view record_code, const events::v1::ResidentDetails& details) {
    return std::string(eventsourcing::View(keys->Digest(record_code, details)));
  };
  keyed.access_record = [keys, partition_count](const eventsourcing::SubjectId& subject, absl::CivilMonth month) {
    return keys->AccessRecord(subject, month, partition_count);
  };
  return keyed;
}

}  // namespace

serving::ServedService<Issuance> Assembly::Describe() {
  serving::ServedService<Issuance> served;
  served.name = kName;
  served.full_name = v1::IssuanceService::service_full_name();
  served.domain = &domain_;
  served.refusals = &kRefusals;
  served.reasons = v1::ErrorReason_descriptor();
  served.events = Issuance::Event::descriptor();
  served.projection_version = kProjectionVersion;
  served.niceness = serving::kStandsBack;
  served.collection = "residents";
  // What was rebuilt or caught up must be in the filter before a registration is decided.
  served.at_first = [this] { return FillDepartedFilter(); };
  served.now_and_then = [this] {
    // Of partitions that rest here nobody tells who has departed.
    if (!served_.context()->follows_all && departed_pace_.IsTime()) (void)FillDepartedFilter();
    service_.ResumeRecordCodeChanges();
    service_.NoteRefusedAttempts();
    metrics_.NowAndThen(*served_.context());
  };
  served.on_rows = [this](const eventsourcing::Changes& changes) { NoteDeparted(changes); };
  served.own_checks = [this] { return CheckNumbers(&keys_); };
  return served;
}

Assembly::Assembly(const serving::AssemblyOptions& options, const serving::Surroundings& around,
                   const IssuanceOptions& issuance)
    : gate_(around.gate),
      keys_(around.keyring),
      domain_{MakeKeyed(&keys_, options.partition_count), issuance.access_retention_days},
      metrics_(around.registry),
      served_(Describe(), options, around),
      service_(served_.context()) {
  IssuanceParts& own = served_.context()->own;
  own.keys = &keys_;
  own.departed = &departed_;
  own.record_code_rule = issuance.record_code_rule;
}

absl::StatusOr<std::unique_ptr<Assembly>> Assembly::Start(const serving::AssemblyOptions& options,
                                                          const serving::Surroundings& around,
                                                          const IssuanceOptions& issuance) {
  std::unique_ptr<Assembly> assembly(new Assembly(options, around, issuance));
  absl::Status status = assembly->served_.Open();
  if (!status.ok()) return status;
  return assembly;
}

void Assembly::NoteRefusedAttempts(int64_t wait_millis) {
  if (gate_ == nullptr) return;
  service_.NoteRefusedAttempts();
  for (; wait_millis > 0 && !gate_->attempts()->IsEmpty(); wait_millis -= kLookMillis) {
    std::this_thread::sleep_for(std::chrono::milliseconds(kLookMillis));
  }
}

// A resident who is or was departed must be found when somebody who looks the same is registered, wherever that was.
void Assembly::NoteDeparted(const eventsourcing::Changes& changes) {
  for (size_t i = 0; i < changes.size(); ++i) {
    const eventsourcing::RowWrite write = changes[i];
    if (write.value && write.key.front() == kDepartedTable) departed_.Add(write.key.substr(1, 16));
  }
}

bool Assembly::FillDepartedFilter() {
  for (const eventsourcing::Rows* rows : served_.context()->rows) {
    const absl::Status status =
        rows->Scan(std::string(1, kDepartedTable), {}, [&](std::string_view key, std::string_view) {
          departed_.Add(key.substr(1, 16));
          return true;
        });
    // What time does not heal must not keep the rest from being served.
    if (absl::IsUnavailable(status)) return false;
  }
  served_.context()->own.knows_departed = true;
  return true;
}

}  // namespace mynumber::issuance
