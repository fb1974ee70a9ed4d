#ifndef MYNUMBER_LIBS_KAFKA_LOG_TOPICS_H_
#define MYNUMBER_LIBS_KAFKA_LOG_TOPICS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libs/kafka_log/client.h"
#include "libs/kafka_log/topic_rules.h"

namespace mynumber::kafka_log {

// Makes the topic if there is none, and checks that it is as `rules` say. Blocks, 30 s at most. FAILED_PRECONDITION: it
// is not, and the sentence says which setting, and what would come of it. UNAVAILABLE: Kafka does not answer.
absl::Status EnsureTopic(Client* client, const std::string& topic, uint32_t partition_count, const TopicRules& rules);

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_TOPICS_H_
