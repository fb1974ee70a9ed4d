#ifndef MYNUMBER_LIBS_SERVING_COUNTED_REFUSALS_H_
#define MYNUMBER_LIBS_SERVING_COUNTED_REFUSALS_H_

#include <string>

#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "libs/metrics/metrics.h"
#include "libs/serving/refusals.h"

namespace mynumber::serving {

// The reason that failures inside are counted under: they are no refusals.
inline constexpr char kFailedInside[] = "FAILED_INSIDE";

// What the engine said as a service says it; everything else unchanged.
absl::Status FromEngine(const Refusals& refusals, const absl::Status& status);

// What one service refuses, counted by reason: rows of bulk loads and members of households included. Any thread.
class CountedRefusals {
 public:
  // Declares mynumber_refusals_total{service,reason} for every reason of the service's ErrorReason; aborts if it lacks
  // one of kSharedReasons. `refusals` must outlive this.
  CountedRefusals(metrics::Registry* registry, const std::string& service, const Refusals* refusals,
                  const google::protobuf::EnumDescriptor* reasons);

  const Refusals& words() const { return *refusals_; }
  // What the engine or a decision said as this service says it, and counted. OK stays OK; a call that was given up is
  // not counted.
  absl::Status Refuse(const absl::Status& status) const;

 private:
  const Refusals* refusals_;
  metrics::CounterSet counts_;
};

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_COUNTED_REFUSALS_H_
