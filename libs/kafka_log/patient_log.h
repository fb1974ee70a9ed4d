#ifndef MYNUMBER_LIBS_KAFKA_LOG_PATIENT_LOG_H_
#define MYNUMBER_LIBS_KAFKA_LOG_PATIENT_LOG_H_

#include <memory>

#include "libs/eventsourcing/log.h"

namespace mynumber::kafka_log {

// `log` for a caller that may wait: asks again while the answer is UNAVAILABLE, or a record below the end is not there
// yet, 30 s at most.
std::unique_ptr<eventsourcing::PartitionLog> MakePatient(std::unique_ptr<eventsourcing::PartitionLog> log);

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_PATIENT_LOG_H_
