#ifndef MYNUMBER_LIBS_KAFKA_LOG_BROKERS_FOR_TESTS_H_
#define MYNUMBER_LIBS_KAFKA_LOG_BROKERS_FOR_TESTS_H_

#include <memory>
#include <string>
#include <vector>

#include "libs/kafka_log/kafka_log.h"
#include "libs/kafka_log/topic_rules.h"

namespace mynumber::kafka_log {

// A set of real brokers that lives as long as this object, and no longer than the test's process.
class BrokersForTests {
 public:
  struct Broker {
    int number = 0;
    std::string address;
    int pid = 0;
    std::string data;
    // Where a proxy must listen, and where it must connect to; 0 if the set is not proxied.
    int proxy_port = 0;
    int proxied_port = 0;
  };

  // `options` of `deploy/kafka/broker up`. Aborts with what the script says if they do not start.
  explicit BrokersForTests(int count, const std::string& options = "");
  ~BrokersForTests();
  BrokersForTests(const BrokersForTests&) = delete;
  BrokersForTests& operator=(const BrokersForTests&) = delete;

  const std::string& addresses() const { return addresses_; }
  const std::vector<Broker>& brokers() const { return brokers_; }
  // kill -9; Up starts what does not run.
  void Kill(int number);
  void Up();
  // SIGSTOP and SIGCONT.
  void Pause(int number);
  void Resume(int number);
  // Cuts one off from its peers, not from clients, until all are one again; needs --separable.
  void Isolate(int number);
  void Rejoin();
  // The broker that leads partition 0 of the topic, as the broker `told_by` says; 0: it knows none.
  int LeaderOf(const std::string& topic, int told_by) const;

 private:
  std::string folder_;
  std::string addresses_;
  std::vector<Broker> brokers_;
};

// One broker for the whole process: MYNUMBER_TEST_BROKERS, or started at the first call.
const std::string& SharedBroker();

// A prefix of topics that nobody has.
std::string FreshPrefix();

// Rules of deploy/kafka/topics.yaml in short, for a cluster of so many brokers.
ServiceTopicRules RulesForTests(int brokers);

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_BROKERS_FOR_TESTS_H_
