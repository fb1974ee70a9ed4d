#include "libs/serving/receipts.h"

namespace mynumber::serving {

bool IsOld(const eventlog::v1::Receipt& receipt, int64_t now_micros) {
  return eventsourcing::IsExpired(receipt.time_micros(), eventsourcing::kReceiptRetentionMicros, now_micros);
}

}  // namespace mynumber::serving
