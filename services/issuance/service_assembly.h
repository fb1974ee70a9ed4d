#ifndef MYNUMBER_SERVICES_ISSUANCE_SERVICE_ASSEMBLY_H_
#define MYNUMBER_SERVICES_ISSUANCE_SERVICE_ASSEMBLY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "libs/operations/operations_service.h"
#include "libs/rpc/server.h"
#include "libs/serving/assembly.h"
#include "services/issuance/metrics.h"
#include "services/issuance/service.h"

namespace mynumber::issuance {

inline constexpr char kName[] = "issuance";

struct IssuanceOptions {
  identifiers::CheckDigitRule record_code_rule = identifiers::CheckDigitRule::kIgnore;
  // From the end of a month until who looked, or tried to, is destroyed.
  int access_retention_days = kAccessRetentionDays;
};

// The issuance service of one process, put together.
class Assembly {
 public:
  using Served = serving::Assembly<Issuance, IssuanceParts>;

  // Opens everything and starts to catch up.
  static absl::StatusOr<std::unique_ptr<Assembly>> Start(const serving::AssemblyOptions& options,
                                                         const serving::Surroundings& around,
                                                         const IssuanceOptions& issuance);
  // After Stop.
  ~Assembly() { served_.Stop(); }

  // Writes down what was refused in this process; waits for it, so long at most.
  void NoteRefusedAttempts(int64_t wait_millis);

  rpc::NamedService service() { return {v1::IssuanceService::service_full_name(), &service_}; }
  operations::OperatedService operated() { return served_.operated(); }
  // The partitions, and how they are owned, refused and stopped.
  Served& served() { return served_; }

 private:
  Assembly(const serving::AssemblyOptions& options, const serving::Surroundings& around,
           const IssuanceOptions& issuance);
  serving::ServedService<Issuance> Describe();
  // From all rows; false: some cannot be read now, and will be.
  bool FillDepartedFilter();
  void NoteDeparted(const eventsourcing::Changes& changes);

  serving::Gate* const gate_;
  ServiceKeys keys_;
  Issuance domain_;
  DepartedFilter departed_;
  serving::CountingPace departed_pace_;
  IssuanceMetrics metrics_;
  Served served_;
  IssuanceService service_;
};

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_SERVICE_ASSEMBLY_H_
