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

// The issuance service of one process, put together.
class Assembly {
 public:
  using Served = serving::Assembly<Issuance, IssuanceParts>;

  // Opens everything and starts to catch up.
  static absl::StatusOr<std::unique_ptr<Assembly>> Start(const serving::AssemblyOptions& options,
                                                         const serving::Surroundings& around,
                                                         identifiers::CheckDigitRule record_code_rule);
  // After Stop.
  ~Assembly() { served_.Stop(); }

  rpc::NamedService service() { return {v1::IssuanceService::service_full_name(), &service_}; }
  operations::OperatedService operated() { return served_.operated(); }
  // The partitions, and how they are owned, refused and stopped.
  Served& served() { return served_; }

 private:
  Assembly(const serving::AssemblyOptions& options, const serving::Surroundings& around,
           identifiers::CheckDigitRule record_code_rule);
  serving::ServedService<Issuance> Describe();
  // From all rows; false: some cannot be read now, and will be.
  bool FillDepartedFilter();
  void NoteDeparted(const eventsourcing::Changes& changes);

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
