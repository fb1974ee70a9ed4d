// A host that follows only what it is to own, on the embedded log: its threads run, its clock is driven by hand.

#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>

#include "gtest/gtest.h"
#include "libs/embedded_log/embedded_log.h"
#include "libs/eventsourcing/counter_service.h"
#include "libs/eventsourcing/made_records.h"
#include "libs/runtime/partition_host.h"
#include "tests/simulation/plain_vault.h"
#include "tests/simulation/simulated_rows.h"

namespace mynumber::runtime {
namespace {

using eventsourcing::CounterService;
using Phase = eventsourcing::Ownership::Phase;

class RestingTest : public ::testing::Test {
 protected:
  RestingTest() {
    const std::string folder =
        ::testing::TempDir() + "/resting_test_" + ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder);
    log_ = *embedded_log::EmbeddedLog::Open(folder);
    EXPECT_TRUE(log_->Declare("counters", 1).ok());
    handle_ = log_->Partition("counters", 0, [] {});
    std::vector<PartitionParts> parts(1);
    parts[0].log = handle_.get();
    parts[0].rows = &rows_;
    parts[0].vault = &vault_;
    parts[0].random = [](uint8_t* out, size_t size) { std::fill_n(out, size, uint8_t{7}); };
    eventsourcing::OwnershipOptions ownership;
    ownership.instance = "here";
    ownership.address = "here:1";
    ownership.look_micros = 1000;
    host_ = std::make_unique<PartitionHost<CounterService>>(&service_, std::move(parts),
                                                            eventsourcing::PartitionOptions(), ownership,
                                                            eventsourcing::CountingChain, nullptr);
    host_->GiveBackTo([this](uint32_t, PartitionHost<CounterService>::Request, const absl::Status&) { ++given_back_; });
    host_->CountStandbys();
    Resting resting;
    resting.bring = [this](uint32_t, std::function<void()> done) {
      done_ = std::move(done);
      ++brought_;
    };
    resting.drop = [this](uint32_t, std::function<void()> done) {
      ++dropped_;
      done();
    };
    host_->RestUnlessWanted(std::move(resting));
    EXPECT_EQ(host_->Start(1, [this] { return now_micros_.load(); }), absl::OkStatus());
  }
  ~RestingTest() override { host_->Stop(); }

  PartitionSnapshot seen() const { return host_->Snapshot(0); }
  void Await(const std::function<bool()>& so, const char* what) {
    for (int i = 0; i < 5000; ++i) {
      if (so()) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    FAIL() << "it does not come: " << what;
  }
  void Own() {
    host_->Want(0, true);
    Await([this] { return brought_ == 1; }, "rows are to be brought");
    done_();
    Await([this] { return host_->Serves(0); }, "serving");
  }
  // Somebody else's claim.
  void Fence() {
    eventlog::v1::Record claim = eventsourcing::ClaimRecord('o', now_micros_);
    claim.mutable_opened()->set_instance("there");
    claim.mutable_opened()->set_address("there:1");
    auto other = log_->Partition("counters", 0, nullptr);
    ASSERT_EQ(other->NewWriter(), absl::OkStatus());
    other->Append({claim.SerializeAsString(), {}, {}});
    Await([&] { return other->Poll().has_value(); }, "the other's claim");
    // It is time to look at what others have written.
    Pass(10'000);
  }
  void Pass(int64_t micros) { now_micros_ += micros; }

  std::unique_ptr<embedded_log::EmbeddedLog> log_;
  std::unique_ptr<eventsourcing::PartitionLog> handle_;
  simulation::SimulatedRows rows_;
  simulation::PlainVault vault_{1};
  CounterService service_;
  std::atomic<int64_t> now_micros_{1'000'000'000};
  std::atomic<int> given_back_{0}, brought_{0}, dropped_{0};
  std::function<void()> done_;
  std::unique_ptr<PartitionHost<CounterService>> host_;
};

TEST_F(RestingTest, AtFirstItHandsBackWhatComesAndLearnsWhoOwns) {
  EXPECT_TRUE(seen().rests);
  EXPECT_FALSE(seen().has_caught_up) << "nobody has said who owns it";
  EXPECT_TRUE(host_->Serving()) << "the owners serve its callers";
  PartitionHost<CounterService>::Request request;
  request.finish = [](const absl::Status&) { FAIL() << "it is to be handed back"; };
  host_->Submit(0, std::move(request));
  Await([this] { return given_back_ == 1; }, "the request");
  host_->TellOwner(0, {"claim", "there", "there:1"});
  EXPECT_TRUE(seen().has_caught_up);
  EXPECT_EQ(seen().head.owner_address(), "there:1");
  EXPECT_EQ(brought_, 0);
}

TEST_F(RestingTest, WantedItServesOnceTheRowsWereBrought) {
  host_->Want(0, true);
  Await([this] { return brought_ == 1; }, "rows are to be brought");
  EXPECT_TRUE(seen().wanted);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_TRUE(seen().rests) << "nobody has brought them yet";
  done_();
  Await([this] { return host_->Serves(0); }, "serving");
  EXPECT_FALSE(seen().rests);
  host_->TellOwner(0, {"claim", "there", "there:1"});
  EXPECT_EQ(seen().head.owner_address(), "here:1") << "of what is followed the log alone tells";
}

TEST_F(RestingTest, FencedItLearnsWhoOwnsThenRestsAndGivesTheDiskBack) {
  Own();
  Fence();
  Await([this] { return !host_->Serves(0); }, "it has read of the other's claim");
  EXPECT_FALSE(seen().rests) << "it lingers, to learn whose";
  Await([this] { return seen().head.owner_address() == "there:1"; }, "the other's address");
  Pass(4'000'000);
  Await([this] { return seen().rests; }, "resting");
  EXPECT_EQ(dropped_, 0);
  Pass(601'000'000);
  Await([this] { return dropped_ == 1; }, "the rows go");
  Pass(601'000'000);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(dropped_, 1) << "once";
}

TEST_F(RestingTest, RevokedItServesOnUntilAnotherHasClaimed) {
  Own();
  host_->Want(0, false);
  Pass(60'000'000);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_TRUE(host_->Serves(0));
  EXPECT_FALSE(seen().rests);
}

}  // namespace
}  // namespace mynumber::runtime
