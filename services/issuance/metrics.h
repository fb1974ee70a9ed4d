#ifndef MYNUMBER_SERVICES_ISSUANCE_METRICS_H_
#define MYNUMBER_SERVICES_ISSUANCE_METRICS_H_

#include "libs/metrics/metrics.h"
#include "libs/serving/row_counts.h"
#include "services/issuance/service_context.h"

namespace mynumber::issuance {

// Number issuance's own, beside those that every service has.
class IssuanceMetrics {
 public:
  explicit IssuanceMetrics(metrics::Registry* registry);

  // Counts again if it is time; one thread.
  void NowAndThen(const ServiceContext& context);

 private:
  metrics::Gauge residents_;
  serving::CountingPace pace_;
};

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_METRICS_H_
