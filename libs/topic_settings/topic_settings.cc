#include "libs/topic_settings/topic_settings.h"

#include <yaml-cpp/yaml.h>

#include <utility>

#include "absl/strings/str_cat.h"

namespace mynumber::topic_settings {
namespace {

using kafka_log::TopicRules;

absl::Status Wrong(const std::string& path, const YAML::Mark& mark, const std::string& what) {
  const std::string line = mark.is_null() ? "" : absl::StrCat(", line ", mark.line + 1);
  return absl::InvalidArgumentError(absl::StrCat(path, line, ": ", what));
}

std::string Filled(const std::string& value, int replication) {
  if (value == "$replication") return absl::StrCat(replication);
  if (value == "$in_sync") return replication > 1 ? "2" : "1";
  return value;
}

absl::StatusOr<TopicRules> Rules(const std::string& path, const YAML::Node& topic, int replication) {
  if (!topic.IsDefined() || !topic.IsMap()) {
    return Wrong(path, YAML::Mark::null_mark(),
                 "'log', 'keys' and 'members' must be there, with 'replication' and 'settings'");
  }
  TopicRules rules;
  rules.replication = YAML::Node(Filled(topic["replication"].as<std::string>(), replication)).as<int>();
  for (const YAML::Node& entry : topic["settings"]) {
    TopicRules::Setting setting;
    setting.name = entry["name"].as<std::string>();
    setting.value = Filled(entry["value"].as<std::string>(), replication);
    setting.is_least = entry["least"].as<bool>(false);
    setting.otherwise = entry["otherwise"].as<std::string>();
    rules.settings.push_back(std::move(setting));
  }
  if (rules.settings.empty()) return Wrong(path, topic.Mark(), "a topic without settings keeps no promise");
  return rules;
}

}  // namespace

absl::StatusOr<kafka_log::ServiceTopicRules> Load(const std::string& path, int replication) {
  try {
    const YAML::Node file = YAML::LoadFile(path);
    auto log = Rules(path, file["log"], replication);
    if (!log.ok()) return log.status();
    auto keys = Rules(path, file["keys"], replication);
    if (!keys.ok()) return keys.status();
    auto members = Rules(path, file["members"], replication);
    if (!members.ok()) return members.status();
    return kafka_log::ServiceTopicRules{*std::move(log), *std::move(keys), *std::move(members)};
  } catch (const YAML::BadFile&) {
    return absl::NotFoundError(absl::StrCat("there is no file ", path, ": name topics.yaml with --topics"));
  } catch (const YAML::Exception& error) {
    return Wrong(path, error.mark, error.msg);
  }
}

}  // namespace mynumber::topic_settings
