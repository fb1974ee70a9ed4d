#ifndef MYNUMBER_SERVICES_NOTICE_METRICS_H_
#define MYNUMBER_SERVICES_NOTICE_METRICS_H_

#include <string_view>

#include "libs/metrics/metrics.h"
#include "libs/serving/row_counts.h"
#include "services/notice/service_context.h"

namespace mynumber::notice {

// The notice service's own, beside those that every service has. What is counted stands in the partitions that this
// instance serves.
class NoticeMetrics {
 public:
  explicit NoticeMetrics(metrics::Registry* registry);

  // Counts again if it is time; one thread.
  void NowAndThen(const ServiceContext& context);

 private:
  // By WorkKind.
  std::vector<metrics::Gauge> work_;
  metrics::Gauge no_scan_days_, return_days_, to_be_posted_;
  serving::CountingPace pace_;
};

}  // namespace mynumber::notice

#endif  // MYNUMBER_SERVICES_NOTICE_METRICS_H_
