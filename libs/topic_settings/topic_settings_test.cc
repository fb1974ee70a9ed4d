#include "libs/topic_settings/topic_settings.h"

#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace mynumber::topic_settings {
namespace {

using testing::HasSubstr;

constexpr char kFile[] = "deploy/kafka/topics.yaml";

std::string ValueOf(const kafka_log::TopicRules& rules, const std::string& name) {
  for (const auto& setting : rules.settings) {
    if (setting.name == name) return setting.value;
  }
  return "";
}

absl::Status LoadText(const std::string& text) {
  const std::string path = testing::TempDir() + "/topics.yaml";
  std::ofstream(path) << text;
  return Load(path, 3).status();
}

TEST(TopicSettings, EventsStayForEver) {
  const auto settings = Load(kFile, 3);
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->log.replication, 3);
  EXPECT_EQ(ValueOf(settings->log, "retention.ms"), "-1");
  EXPECT_EQ(ValueOf(settings->log, "retention.bytes"), "-1");
  EXPECT_EQ(ValueOf(settings->log, "cleanup.policy"), "delete");
  EXPECT_EQ(ValueOf(settings->log, "message.timestamp.type"), "LogAppendTime");
  EXPECT_EQ(ValueOf(settings->keys, "cleanup.policy"), "compact");
}

TEST(TopicSettings, TwoReplicasMustHaveWhatIsAcknowledgedUnlessThereIsOnlyOne) {
  EXPECT_EQ(ValueOf(Load(kFile, 3)->log, "min.insync.replicas"), "2");
  EXPECT_EQ(ValueOf(Load(kFile, 3)->keys, "min.insync.replicas"), "2");
  EXPECT_EQ(ValueOf(Load(kFile, 1)->log, "min.insync.replicas"), "1");
  EXPECT_EQ(Load(kFile, 1)->log.replication, 1);
}

TEST(TopicSettings, EverySettingSaysWhatWouldComeOfAnother) {
  const auto settings = *Load(kFile, 3);
  for (const auto* rules : {&settings.log, &settings.keys, &settings.members}) {
    for (const auto& setting : rules->settings) EXPECT_GT(setting.otherwise.size(), 20u) << setting.name;
  }
}

TEST(TopicSettings, AFileWithoutTheMembersTopicIsRefused) {
  const std::string log_and_keys =
      "log: {replication: 3, settings: [{name: a, value: b, otherwise: c}]}\n"
      "keys: {replication: 3, settings: [{name: a, value: b, otherwise: c}]}\n";
  EXPECT_THAT(std::string(LoadText(log_and_keys).message()), HasSubstr("'members'"));
  EXPECT_EQ(Load(kFile, 3)->members.replication, 3);
}

TEST(TopicSettings, AMistakeIsNamedWithItsLine) {
  EXPECT_TRUE(absl::IsNotFound(Load("nowhere/topics.yaml", 3).status()));
  EXPECT_THAT(std::string(LoadText("log:\n  replication: 3\n  settings:\n    - {name: a}\n").message()),
              HasSubstr("topics.yaml"));
  EXPECT_THAT(std::string(LoadText("log: [\n").message()), HasSubstr("line"));
  EXPECT_THAT(std::string(LoadText("keys: {}\n").message()), HasSubstr("'log'"));
  EXPECT_THAT(std::string(LoadText("log: {replication: 3, settings: []}\n").message()), HasSubstr("keeps no promise"));
}

}  // namespace
}  // namespace mynumber::topic_settings
