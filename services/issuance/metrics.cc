#include "services/issuance/metrics.h"

#include "libs/eventsourcing/sealed_rows.h"
#include "services/issuance/projections/tables.h"

namespace mynumber::issuance {

IssuanceMetrics::IssuanceMetrics(metrics::Registry* registry)
    : residents_(registry->AddGauge("mynumber_residents_registered",
                                    "Residents that are registered now, in the partitions that this instance serves.",
                                    {{"service", "issuance"}})) {}

void IssuanceMetrics::NowAndThen(const ServiceContext& context) {
  if (!pace_.IsTime()) return;
  double residents = 0;
  // One row for each municipality.
  serving::VisitServedRows(context, kDigestTable, [&](uint32_t, std::string_view, std::string_view value) {
    residents += static_cast<double>(eventsourcing::DecodeSum(value).count);
  });
  residents_.Set(residents);
}

}  // namespace mynumber::issuance
