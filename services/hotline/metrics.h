#ifndef MYNUMBER_SERVICES_HOTLINE_METRICS_H_
#define MYNUMBER_SERVICES_HOTLINE_METRICS_H_

#include "libs/metrics/metrics.h"

namespace mynumber::hotline {

// The hotline's own, beside those that every service has.
struct HotlineMetrics {
  // From the hotline's call to the card service's commit.
  metrics::Histogram effect_seconds;
  // Cases with a suspension that is not yet in effect.
  metrics::Gauge pending;
  // Requests that no log has yet.
  metrics::Gauge spooled;
};

inline HotlineMetrics DeclareMetrics(metrics::Registry* registry) {
  return {registry->AddHistogram("mynumber_suspension_effect_seconds",
                                 "From a suspension's call at the hotline to its commit at the card service.",
                                 metrics::SecondsBuckets()),
          registry->AddGauge("mynumber_suspensions_pending", "Cases with a suspension that is not yet in effect."),
          registry->AddGauge("mynumber_suspensions_spooled", "Suspensions in the spool, which no log has yet.")};
}

}  // namespace mynumber::hotline

#endif  // MYNUMBER_SERVICES_HOTLINE_METRICS_H_
