#include "libs/kafka_log/brokers_for_tests.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "libs/kafka_log/client.h"
#include "nlohmann/json.hpp"

namespace mynumber::kafka_log {
namespace {

std::string Run(const std::string& command, bool must_succeed = true) {
  std::FILE* pipe = popen(command.c_str(), "r");
  std::string output;
  char buffer[4096];
  for (size_t size; (size = std::fread(buffer, 1, sizeof(buffer), pipe)) > 0;) output.append(buffer, size);
  const int code = pclose(pipe);
  if (code != 0 && must_succeed) {
    std::fprintf(stderr, "%s\n%s\nexit code %d\n", command.c_str(), output.c_str(), WEXITSTATUS(code));
    std::abort();
  }
  return output;
}

std::string Script(const std::string& folder, const std::string& words) {
  return absl::StrCat("deploy/kafka/broker ", words, " --data ", folder);
}

TopicRules Rules(int brokers, const std::string& cleanup) {
  TopicRules rules;
  rules.replication = brokers;
  rules.settings = {{"cleanup.policy", cleanup, false, "records would go"},
                    {"retention.ms", "-1", false, "records would go"},
                    {"message.timestamp.type", "LogAppendTime", false, "the time would not be the broker's"},
                    {"min.insync.replicas", brokers > 1 ? "2" : "1", true, "records would be lost"},
                    {"max.message.bytes", "8388608", true, "a batch would be refused"}};
  return rules;
}

}  // namespace

BrokersForTests::BrokersForTests(int count, const std::string& options) {
  folder_ = absl::StrCat(testing::TempDir(), "/brokers-", getpid(), "-", FreshPrefix());
  Run(Script(folder_, absl::StrCat("up --count ", count, " ", options, " --until-exit-of ", getpid())));
  Up();
}

BrokersForTests::~BrokersForTests() { Run(Script(folder_, "down"), false); }

void BrokersForTests::Kill(int number) { Run(Script(folder_, absl::StrCat("kill ", number))); }

void BrokersForTests::Pause(int number) { Run(Script(folder_, absl::StrCat("pause ", number))); }
void BrokersForTests::Resume(int number) { Run(Script(folder_, absl::StrCat("resume ", number))); }
void BrokersForTests::Isolate(int number) { Run(Script(folder_, absl::StrCat("isolate ", number))); }
void BrokersForTests::Rejoin() { Run(Script(folder_, "rejoin")); }

int BrokersForTests::LeaderOf(const std::string& topic, int told_by) const {
  Settings settings = AskerSettings();
  settings["bootstrap.servers"] = brokers_[static_cast<size_t>(told_by - 1)].address;
  const auto client = Client::Make(RD_KAFKA_PRODUCER, settings, nullptr);
  const rd_kafka_metadata_t* metadata = nullptr;
  if (rd_kafka_metadata((*client)->get(), 0, (*client)->Topic(topic), &metadata, 5000) != 0) return 0;
  const int leader = metadata->topic_cnt > 0 && metadata->topics[0].partition_cnt > 0
                         ? metadata->topics[0].partitions[0].leader
                         : 0;
  rd_kafka_metadata_destroy(metadata);
  return std::max(leader, 0);
}

void BrokersForTests::Up() {
  const auto status = nlohmann::json::parse(Run(Script(folder_, "up --json")));
  addresses_ = status["addresses"];
  brokers_.clear();
  for (const auto& broker : status["brokers"]) {
    brokers_.push_back({broker["number"], broker["address"], broker["pid"], broker["data"],
                        broker.value("proxy_port", 0), broker.value("proxied_port", 0)});
  }
}

const std::string& SharedBroker() {
  static const std::string* const address = [] {
    if (const char* given = std::getenv("MYNUMBER_TEST_BROKERS")) return new std::string(given);
    // Goes with the process, by the script's watch.
    return new std::string((new BrokersForTests(1))->addresses());
  }();
  return *address;
}

std::string FreshPrefix() {
  static std::atomic<int> count{0};
  return absl::StrCat("test-", getpid(), "-", std::chrono::system_clock::now().time_since_epoch().count(), "-",
                      ++count);
}

ServiceTopicRules RulesForTests(int brokers) {
  return {Rules(brokers, "delete"), Rules(brokers, "compact"), Rules(brokers, "delete")};
}

}  // namespace mynumber::kafka_log
