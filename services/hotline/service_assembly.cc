#include "services/hotline/service_assembly.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "mynumber/hotline/v1/error_reason.pb.h"
#include "services/hotline/projections/tables.h"

namespace mynumber::hotline {

serving::ServedService<HotlineDomain> Assembly::Describe() {
  serving::ServedService<HotlineDomain> served;
  served.name = kName;
  served.full_name = v1::HotlineService::service_full_name();
  served.domain = &domain_;
  served.refusals = &kRefusals;
  served.reasons = v1::ErrorReason_descriptor();
  served.events = HotlineDomain::Event::descriptor();
  served.projection_version = kProjectionVersion;
  served.collection = "cases";
  return served;
}

Assembly::Assembly(const serving::AssemblyOptions& options, const serving::Surroundings& around,
                   const HotlineOptions& hotline)
    : domain_{hotline.case_retention_days},
      case_hash_(around.keyring->Hash(sealing::HashUse::kCase)),
      served_(Describe(), options, around),
      service_(served_.context()),
      spool_writer_(std::make_unique<runtime::Workers>(1, hotline.spool_files_max)) {
  HotlineParts& own = served_.context()->own;
  own.lines = hotline.lines;
  own.answer_millis = hotline.answer_millis;
  own.case_hash = &case_hash_;
  own.cards = &cards_;
  own.spool_writer = spool_writer_.get();
  own.metrics = DeclareMetrics(around.registry);
}

absl::StatusOr<std::unique_ptr<Assembly>> Assembly::Start(const serving::AssemblyOptions& options,
                                                          const serving::Surroundings& around,
                                                          const HotlineOptions& hotline) {
  std::unique_ptr<Assembly> assembly(new Assembly(options, around, hotline));
  auto spool = Spool::Open(absl::StrCat(options.data, "/", kName, "/spool"), hotline.spool_files_max);
  if (!spool.ok()) return spool.status();
  assembly->spool_ = *std::move(spool);
  assembly->served_.context()->own.spool = assembly->spool_.get();
  absl::Status status = assembly->served_.Open();
  if (!status.ok()) return status;
  assembly->driver_ = std::make_unique<Driver>(assembly->served_.context(), hotline.driver_millis);
  return assembly;
}

void Assembly::Stop() {
  if (driver_) driver_->Stop();
  served_.Stop();
  // Calls that the loops have ended may still have something to keep.
  spool_writer_.reset();
}

}  // namespace mynumber::hotline
