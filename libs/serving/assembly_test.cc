// Two made-up services on the embedded log: one counts, the other reacts to what was counted.

#include "libs/serving/assembly.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <future>
#include <thread>

#include "libs/embedded_log/embedded_log.h"
#include "libs/eventsourcing/counter_service.h"
#include "libs/serving/call.h"
#include "libs/serving/made_up_reasons.h"
#include "mynumber/testing/v1/echo.pb.h"

namespace mynumber::serving {
namespace {

using eventsourcing::CounterService;
using eventsourcing::SubjectId;

constexpr Refusals kRefusals = {"counting.mynumber", "State the clerk's id: every count has its clerk.", "OpenCounter"};

// Opens and counts what another service does; a mystery it cannot read.
struct MirrorService : CounterService {
  bool ReactsTo(std::string_view, std::string_view) const { return true; }
  using Reactions = std::vector<eventsourcing::Reaction<Command>>;
  absl::StatusOr<Reactions> React(const eventsourcing::ForeignEvent& foreign) const {
    eventsourcing::CounterEvent event;
    if (!event.ParseFromString(std::string(foreign.payload)) || event.type == "mystery") {
      return absl::DataLossError("an event of another service cannot be read");
    }
    if (event.type == "opened") return Reactions{{foreign.subject, Open{event.amount}}};
    return Reactions{{foreign.subject, Add{event.amount}}};
  }
};

class AssemblyTest : public ::testing::Test {
 protected:
  AssemblyTest() {
    folder_ = ::testing::TempDir() + "/assembly_test_" +
              ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    log_ = *embedded_log::EmbeddedLog::Open(folder_ + "/log");
    options_.data = folder_;
    options_.partition_count = 2;
    options_.instance = "test";
    around_.keyring = &keyring_;
    around_.memory = &memory_;
    around_.registry = &registry_;
    around_.open_log = [this](const std::string& service, uint32_t partition, std::function<void()> wake) {
      return log_->Partition(service, partition, std::move(wake));
    };
    for (const char* service : {"counters", "mirrors"}) EXPECT_TRUE(log_->Declare(service, 2).ok());
    counters_ = Start("counters", &counter_domain_, {});
    mirrors_ = Start("mirrors", &mirror_domain_, {"counters"});
  }
  ~AssemblyTest() override {
    mirrors_.reset();
    counters_.reset();
    log_.reset();
    std::filesystem::remove_all(folder_);
  }

  template <class S>
  std::unique_ptr<Assembly<S>> Start(const std::string& name, const S* domain, std::vector<std::string> reacts_to) {
    ServedService<S> service;
    service.name = name;
    // Its descriptor, so that the generated code is linked.
    service.full_name = testing::v1::EchoRequest::descriptor()->file()->service(0)->full_name();
    service.domain = domain;
    service.refusals = &kRefusals;
    service.reasons = reasons_.descriptor();
    service.collection = "counters";
    service.reacts_to = std::move(reacts_to);
    service.own_checks = [this] {
      OwnChecks<S> checks;
      checks.inspect = [this](const auto&) { ++inspected_; };
      return checks;
    };
    auto assembly = std::make_unique<Assembly<S>>(std::move(service), options_, around_);
    EXPECT_EQ(assembly->Open(), absl::OkStatus());
    for (uint32_t p = 0; p < options_.partition_count; ++p) assembly->Want(p, true);
    Until([&] { return assembly->serving(); });
    return assembly;
  }

  // Waits for what comes by itself; the test's own time-out ends it if it does not.
  static void Until(const std::function<bool()>& so) {
    while (!so()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  absl::Status Count(char subject, CounterService::Command command) {
    Asked asked;
    auto origin = std::make_shared<eventsourcing::Origin>();
    origin->caller = "operator";
    origin->method = "Count";
    asked.origin = origin;
    asked.request_id.fill(++requests_);
    std::promise<absl::Status> done;
    Send(counters_->context(), asked, Subject(subject), std::move(command), [](const auto&) {},
         [&](const absl::Status& status) { done.set_value(status); });
    return done.get_future().get();
  }
  static SubjectId Subject(char subject) { return SubjectId::FromBytes(std::string(16, subject)); }
  int64_t Mirrored(char subject) {
    eventsourcing::CounterState state;
    auto found = mirrors_->context()->Read(Subject(subject), &state);
    return found.ok() && *found ? state.total : -1;
  }
  std::string folder_;
  MadeUpReasons reasons_;
  CounterService counter_domain_;
  MirrorService mirror_domain_;
  const sealing::Keyring keyring_ = sealing::Keyring::Generate(sealing::SystemRandom());
  projection::SharedMemory memory_{projection::MemoryOptions()};
  metrics::Registry registry_;
  std::unique_ptr<embedded_log::EmbeddedLog> log_;
  AssemblyOptions options_;
  Surroundings around_;
  std::atomic<int> inspected_{0};
  uint8_t requests_ = 0;
  std::unique_ptr<Assembly<CounterService>> counters_;
  std::unique_ptr<Assembly<MirrorService>> mirrors_;
};

TEST_F(AssemblyTest, APartitionReactsToTheOtherServicesLog) {
  for (char subject : {'a', 'b', 'c'}) EXPECT_EQ(Count(subject, CounterService::Open{10}), absl::OkStatus());
  EXPECT_EQ(Count('b', CounterService::Add{5}), absl::OkStatus());
  Until([&] { return Mirrored('a') == 10 && Mirrored('b') == 15 && Mirrored('c') == 10; });
  EXPECT_EQ(counters_->operated().snapshot(0).input_trouble, absl::OkStatus());
}

TEST_F(AssemblyTest, BothServicesRowsAreTheFoldOfTheirLogs) {
  EXPECT_EQ(Count('a', CounterService::Open{10}), absl::OkStatus());
  Until([&] { return Mirrored('a') == 10; });
  for (const auto& operated : {counters_->operated(), mirrors_->operated()}) {
    operations::v1::VerifyReport report;
    ASSERT_EQ(operated.verify([](const auto&) { return true; }, &report), absl::OkStatus());
    EXPECT_TRUE(report.clean()) << report.DebugString();
    EXPECT_EQ(report.partitions_size(), 2);
  }
  EXPECT_EQ(inspected_, 2);
}

TEST_F(AssemblyTest, WhatCannotBeReactedToIsSeenAndTheRestGoesOn) {
  EXPECT_EQ(Count('a', CounterService::Open{10}), absl::OkStatus());
  EXPECT_EQ(Count('a', CounterService::Mystery{}), absl::OkStatus());
  const uint32_t partition = counters_->context()->PartitionOf(Subject('a'));
  const auto seen = [&] { return mirrors_->operated().snapshot(partition); };
  Until([&] { return seen().reacts_no_more(); });
  EXPECT_TRUE(absl::IsDataLoss(seen().input_trouble));
  EXPECT_TRUE(mirrors_->serving());
  const auto tells = [&](const std::string& metric, int value) {
    const std::string labels = absl::StrCat("{partition=\"", partition, "\",service=\"mirrors\"} ", value, "\n");
    return registry_.Text().find(metric + labels) != std::string::npos;
  };
  EXPECT_TRUE(tells("mynumber_reactions_stopped", 1));
  // What came before it may be under way still.
  Until([&] { return Mirrored('a') == 10 && tells("mynumber_reactions_total", 1); });
}

TEST_F(AssemblyTest, AReadIsCurrentOrRefusedByName) {
  EXPECT_EQ(Count('a', CounterService::Open{10}), absl::OkStatus());
  std::promise<absl::Status> current;
  WhenCurrent(counters_->context(), AllPartitions(*counters_->context()), 0,
              [&](const absl::Status& status) { current.set_value(status); });
  EXPECT_EQ(current.get_future().get(), absl::OkStatus());
  counters_->Refuse();
  EXPECT_TRUE(counters_->context()->stopping.begun());
}

}  // namespace
}  // namespace mynumber::serving
