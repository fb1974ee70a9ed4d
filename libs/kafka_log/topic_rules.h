#ifndef MYNUMBER_LIBS_KAFKA_LOG_TOPIC_RULES_H_
#define MYNUMBER_LIBS_KAFKA_LOG_TOPIC_RULES_H_

#include <string>
#include <vector>

namespace mynumber::kafka_log {

// What a topic must be like, so that the promises hold. From deploy/kafka/topics.yaml.
struct TopicRules {
  struct Setting {
    std::string name;
    std::string value;
    // A greater number than `value` will do, too.
    bool is_least = false;
    // What would come of another value: the end of a sentence.
    std::string otherwise;
  };
  int replication = 0;
  std::vector<Setting> settings;
};

// Of all topics that a service needs.
struct ServiceTopicRules {
  TopicRules log;
  TopicRules keys;
  TopicRules members;
};

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_TOPIC_RULES_H_
