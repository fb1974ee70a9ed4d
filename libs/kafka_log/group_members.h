#ifndef MYNUMBER_LIBS_KAFKA_LOG_GROUP_MEMBERS_H_
#define MYNUMBER_LIBS_KAFKA_LOG_GROUP_MEMBERS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/kafka_log/client.h"

namespace mynumber::kafka_log {

// The client ids of the members that a consumer group has now. Blocks, 5 s at most. UNAVAILABLE: Kafka does not answer.
absl::StatusOr<std::vector<std::string>> GroupMembers(Client* client, const std::string& group);

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_GROUP_MEMBERS_H_
