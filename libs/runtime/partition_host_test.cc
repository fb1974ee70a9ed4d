// Mailboxes, before any thread runs: what is submitted waits there.

#include "libs/runtime/partition_host.h"

#include "gtest/gtest.h"
#include "libs/eventsourcing/partition_fixture.h"

namespace mynumber::runtime {
namespace {

using eventsourcing::CounterService;

class PartitionHostTest : public eventsourcing::PartitionFixture {
 protected:
  PartitionHostTest() {
    options_.waiting_commands = 2;
    options_.waiting_urgent = 2;
    std::vector<PartitionParts> parts(1);
    own_handle_ = log_.Handle();
    parts[0].log = own_handle_.get();
    parts[0].rows = &rows_;
    parts[0].vault = &vault_;
    parts[0].random = [](uint8_t*, size_t) {};
    host_ = std::make_unique<PartitionHost<CounterService>>(&service_, std::move(parts), options_, ownership_,
                                                            eventsourcing::CountingChain, nullptr);
  }

  PartitionHost<CounterService>::Request Made(char name, bool urgent) {
    PartitionHost<CounterService>::Request request;
    request.subject = Subject(name);
    request.urgent = urgent;
    request.finish = [this, name](const absl::Status& status) {
      (absl::IsResourceExhausted(status) ? refused_ : stopped_).push_back(name);
    };
    return request;
  }

  std::unique_ptr<eventsourcing::PartitionLog> own_handle_;
  std::unique_ptr<PartitionHost<CounterService>> host_;
  std::string refused_;
  std::string stopped_;
};

TEST_F(PartitionHostTest, AFullMailboxKeepsUrgentOnesNotOut) {
  for (char name : {'a', 'b', 'c'}) host_->Submit(0, Made(name, false));
  EXPECT_EQ(refused_, "c");
  for (char name : {'x', 'y', 'z'}) host_->Submit(0, Made(name, true));
  EXPECT_EQ(refused_, "cz") << "urgent ones have a bound of their own";
  host_->Stop();
  EXPECT_EQ(stopped_, "xyab");
}

TEST_F(PartitionHostTest, ManyAtOnceAreTakenAsFarAsThereIsRoom) {
  std::vector<PartitionHost<CounterService>::Request> many;
  for (char name : {'a', 'b', 'c', 'd'}) many.push_back(Made(name, false));
  many.push_back(Made('x', true));
  host_->Submit(0, std::move(many));
  EXPECT_EQ(refused_, "cd");
  host_->Stop();
  EXPECT_EQ(stopped_, "xab");
}

}  // namespace
}  // namespace mynumber::runtime
