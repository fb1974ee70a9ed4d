#ifndef MYNUMBER_LIBS_KAFKA_LOG_LOG_CLOCK_H_
#define MYNUMBER_LIBS_KAFKA_LOG_LOG_CLOCK_H_

#include <cstdint>

#include "libs/eventsourcing/log.h"

namespace mynumber::kafka_log {

// What the brokers' clock shows, by the time that one of them gave a record between its sending and its
// acknowledgement, and by how much of the steady clock has passed since.
class LogClock {
 public:
  // A record was taken at `log_millis` of the broker's clock. The rest are micros of the steady clock.
  void Told(int64_t log_millis, int64_t sent_micros, int64_t acknowledged_micros) {
    is_known_ = true;
    log_micros_ = log_millis * 1000;
    sent_micros_ = sent_micros;
    acknowledged_micros_ = acknowledged_micros;
  }

  eventsourcing::LogTime At(int64_t steady_micros) const {
    if (!is_known_) return {};
    const int64_t least = steady_micros - acknowledged_micros_, most = steady_micros - sent_micros_;
    // The broker's time has whole milliseconds.
    return {true, log_micros_ + least - least / kDrift, log_micros_ + 1000 + most + most / kDrift};
  }

 private:
  // Two clocks that nobody sets part by less than one second in so many.
  static constexpr int64_t kDrift = 5000;

  bool is_known_ = false;
  int64_t log_micros_ = 0;
  int64_t sent_micros_ = 0;
  int64_t acknowledged_micros_ = 0;
};

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_LOG_CLOCK_H_
