#ifndef MYNUMBER_SERVICES_CARD_METRICS_H_
#define MYNUMBER_SERVICES_CARD_METRICS_H_

#include "libs/metrics/metrics.h"
#include "libs/serving/row_counts.h"
#include "services/card/service_context.h"

namespace mynumber::card {

// The card service's own, beside those that every service has. What is counted stands in the partitions that this
// instance serves.
class CardMetrics {
 public:
  explicit CardMetrics(metrics::Registry* registry);

  // Counts again if it is time; one thread.
  void NowAndThen(const ServiceContext& context);

 private:
  metrics::Gauge suspended_, to_be_ordered_, waiting_mails_;
  serving::CountingPace pace_;
};

}  // namespace mynumber::card

#endif  // MYNUMBER_SERVICES_CARD_METRICS_H_
