#ifndef MYNUMBER_LIBS_TOPIC_SETTINGS_TOPIC_SETTINGS_H_
#define MYNUMBER_LIBS_TOPIC_SETTINGS_TOPIC_SETTINGS_H_

#include <string>

#include "absl/status/statusor.h"
#include "libs/kafka_log/topic_rules.h"

namespace mynumber::topic_settings {

// Reads deploy/kafka/topics.yaml for topics of `replication` replicas, 1 or more. INVALID_ARGUMENT names the file, and
// the line where there is one; NOT_FOUND: there is no such file.
absl::StatusOr<kafka_log::ServiceTopicRules> Load(const std::string& path, int replication);

}  // namespace mynumber::topic_settings

#endif  // MYNUMBER_LIBS_TOPIC_SETTINGS_TOPIC_SETTINGS_H_
