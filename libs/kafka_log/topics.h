#ifndef MYNUMBER_LIBS_KAFKA_LOG_TOPICS_H_
#define MYNUMBER_LIBS_KAFKA_LOG_TOPICS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/kafka_log/client.h"
#include "libs/kafka_log/topic_rules.h"

namespace mynumber::kafka_log {

// Makes the topic if there is none, and checks that it is as `rules` say. Blocks, 30 s at most. FAILED_PRECONDITION: it
// is not, and the sentence says which setting, and what would come of it. UNAVAILABLE: Kafka does not answer.
absl::Status EnsureTopic(Client* client, const std::string& topic, uint32_t partition_count, const TopicRules& rules);

// Whether there is such a topic, as one broker knows it. Blocks, 10 s at most.
absl::StatusOr<bool> TopicExists(Client* client, const std::string& topic);

// Deletes the topic with all that it holds; fine if there is none. Returns when a broker no longer knows it. Blocks,
// 40 s at most.
absl::Status DeleteTopic(Client* client, const std::string& topic);

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_TOPICS_H_
