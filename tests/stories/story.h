#ifndef MYNUMBER_TESTS_STORIES_STORY_H_
#define MYNUMBER_TESTS_STORIES_STORY_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "tests/stories/people.h"
#include "tests/stories/running_cluster.h"

namespace mynumber::stories {

using absl::StatusCode;

// Stories of one file share a cluster, which makes them quick, and no person.
class Story : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    cluster_ = std::make_unique<RunningCluster>();
    cluster_->Start();
  }
  static void TearDownTestSuite() { cluster_.reset(); }

  // Nobody else's.
  static Person Somebody(std::string_view municipality_code = kChiyoda) {
    static int64_t last = 0;
    return MadeUp(++last, municipality_code);
  }
  v1::Resident Registered(const Person& person) { return client_.Call(city_.Registration(person)).value(); }
  // The partition that an answer came from.
  static uint32_t PartitionOf(const std::string& position) { return static_cast<uint32_t>(std::stoul(position)); }
  // Stops the cluster, lets `meanwhile` happen, and starts it again.
  void Restart(const std::function<void()>& meanwhile = [] {}) {
    cluster_->Stop();
    meanwhile();
    cluster_->Start();
    client_ = cluster_->NewClient();
  }
  // By the municipality where the resident lives, one of the two.
  v1::Resident Seen(const std::string& name) {
    const auto here = client_.Call(city_.Look(name));
    return ReasonOf(StatusOf(here)) == "MUNICIPALITY_NOT_YOURS" ? client_.Call(sapporo_.Look(name)).value()
                                                                : here.value();
  }

  static inline std::unique_ptr<RunningCluster> cluster_;
  Client client_ = cluster_->NewClient();
  const City city_{kChiyoda};
  const City sapporo_{kSapporo, "clerk-s"};
};

}  // namespace mynumber::stories

#endif  // MYNUMBER_TESTS_STORIES_STORY_H_
