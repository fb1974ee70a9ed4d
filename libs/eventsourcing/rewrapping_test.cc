// Another master key: whatever is needed is wrapped by it, and the former one can go.

#include "gtest/gtest.h"
#include "libs/eventsourcing/partition_fixture.h"
#include "libs/eventsourcing/state_reader.h"

namespace mynumber::eventsourcing {
namespace {

class RewrappingTest : public PartitionFixture {
 protected:
  // So many counters, each opened in a batch of its own but the first two.
  void OpenAll(char last) {
    Serve();
    Offer('a', Service::Open{1});
    for (char subject = 'b'; subject <= last; ++subject) Accept(subject, Service::Open{1});
  }
  void Rotate() {
    ++vault_.newest_master;
    Restart();
    Serve();
  }
  uint32_t MasterOfRow(char subject) { return DecodeStateRow(Row(StateKey(Subject(subject))))->key.master_version; }
  // The oldest that a key of any valid batch needs.
  uint32_t OldestOfBlocks() {
    uint32_t oldest = 1000;
    for (const std::string& bytes : log_.records()) {
      eventlog::v1::Record record;
      eventlog::v1::KeyBlock block;
      record.ParseFromString(bytes);
      const auto read = handle_->ReadKeyBlock({record.batch().claim_id(), record.batch().claim_sequence()});
      if (read.ok()) block.ParseFromString(*read);
      for (const auto& key : block.keys()) {
        if (key.master_version() != 0) oldest = std::min(oldest, key.master_version());
      }
    }
    return oldest;
  }
  // Somebody who has the newest master key alone folds the log.
  std::string TotalByNewcomer(char subject) {
    simulation::PlainVault newcomer(77);
    newcomer.oldest_master = newcomer.newest_master = vault_.newest_master;
    CountingRows rows;
    const auto handle = log_.Handle();
    Partition<Service> follower(&service_, handle.get(), &rows, &newcomer, options_, ownership_, CountingChain,
                                [](uint8_t*, size_t) {}, nullptr);
    EXPECT_EQ(follower.Open(), absl::OkStatus());
    for (int i = 0; i < 200; ++i) {
      while (follower.Step(now_micros_)) {
      }
      log_.Tick();
    }
    if (!follower.ownership().stopped().ok()) return std::string(follower.ownership().stopped().message());
    CounterState state;
    const auto found = ReadState(rows, Subject(subject), &newcomer, &state);
    return found.ok() && *found ? std::to_string(state.total) : std::string(found.status().message());
  }
};

TEST_F(RewrappingTest, RowsAndBlocksComeUnderTheNewestAndNoBatchIsWrittenAnew) {
  OpenAll('h');
  const auto before = log_.records();
  EXPECT_FALSE(partition_->needs_former_masters());
  Rotate();
  Run();
  for (char subject = 'a'; subject <= 'h'; ++subject) EXPECT_EQ(MasterOfRow(subject), 2u) << subject;
  EXPECT_EQ(OldestOfBlocks(), 2u);
  EXPECT_FALSE(partition_->needs_former_masters());
  EXPECT_TRUE(std::equal(before.begin(), before.end(), log_.records().begin())) << "the log stays as it is";
  EXPECT_EQ(LastBatch().rewrapped_master_version(), 2u);
  vault_.oldest_master = 2;
  Restart();
  Serve();
  Accept('a', Service::Add{4});
  EXPECT_EQ(TotalOf('a'), "5");
  EXPECT_EQ(TotalByNewcomer('a'), "5");
  EXPECT_EQ(TotalByNewcomer('h'), "1");
}

TEST_F(RewrappingTest, WithoutItTheFormerKeyIsMissed) {
  OpenAll('c');
  Accept('a', Service::Add{4});
  vault_.oldest_master = vault_.newest_master = 2;
  EXPECT_EQ(TotalByNewcomer('a'), "that master key is not here");
}

TEST_F(RewrappingTest, IsDoneOnceForAllClaimsAndAgainForTheNextKey) {
  OpenAll('c');
  Rotate();
  Run();
  const size_t records = log_.records().size();
  Restart();
  Serve();
  Run();
  EXPECT_EQ(log_.records().size(), records + 1) << "the claim alone";
  Rotate();
  Run();
  EXPECT_EQ(LastBatch().rewrapped_master_version(), 3u);
  EXPECT_EQ(OldestOfBlocks(), 3u);
  EXPECT_EQ(MasterOfRow('b'), 3u);
}

TEST_F(RewrappingTest, AStandbyWrapsItsOwnRowsAndWritesNothing) {
  OpenAll('c');
  ++vault_.newest_master;
  Restart();
  Run();
  EXPECT_EQ(MasterOfRow('a'), 2u);
  EXPECT_FALSE(partition_->needs_former_masters());
  EXPECT_EQ(OldestOfBlocks(), 1u);
}

TEST_F(RewrappingTest, ManyRowsAreWrappedBitByBitAndCallersAreServedMeanwhile) {
  Serve();
  std::vector<std::shared_ptr<Told>> told;
  for (int i = 0; i < 1200; ++i) {
    Request<Service> request;
    std::string id(16, 'm');
    id[0] = static_cast<char>(i % 256);
    id[1] = static_cast<char>(i / 256);
    request.subject = SubjectId::FromBytes(id);
    request.command = Service::Open{1};
    auto origin = std::make_shared<Origin>();
    origin->needs_no_receipt = true;
    request.origin = origin;
    request.prepare = [](const Prepared<CounterState>&) {};
    request.finish = [](const absl::Status& status) { EXPECT_EQ(status, absl::OkStatus()); };
    partition_->Offer(std::move(request));
  }
  Run();
  Accept('z', Service::Open{1});
  ++vault_.newest_master;
  Restart();
  partition_->Want(true);
  while (!partition_->ownership().serving()) {
    Step();
    log_.Tick();
  }
  EXPECT_TRUE(partition_->needs_former_masters());
  const auto served = Offer('z', Service::Add{1});
  for (int i = 0; i < 20 && !served->is_finished(); ++i) {
    Step();
    log_.Tick();
  }
  EXPECT_TRUE(served->is_accepted());
  Run();
  EXPECT_FALSE(partition_->needs_former_masters());
  EXPECT_EQ(OldestOfBlocks(), 2u);
}

TEST_F(RewrappingTest, AKeyThatWasDestroyedIsNotBroughtBack) {
  OpenAll('c');
  Accept('b', Service::Erase{});
  Run();
  Rotate();
  Run();
  EXPECT_EQ(OldestOfBlocks(), 2u);
  EXPECT_EQ(partition_->keys_to_destroy(), 0u);
  vault_.oldest_master = 2;
  EXPECT_EQ(TotalByNewcomer('b'), "0");
  EXPECT_EQ(TotalByNewcomer('c'), "1");
}

TEST_F(RewrappingTest, WhatCannotBeReadNowIsWrappedLater) {
  OpenAll('c');
  Rotate();
  log_.faults.read_unavailable = 0.7;
  for (int i = 0; i < 20; ++i) Run();
  log_.faults.read_unavailable = 0;
  Run();
  EXPECT_FALSE(partition_->needs_former_masters());
  EXPECT_EQ(OldestOfBlocks(), 2u);
}

}  // namespace
}  // namespace mynumber::eventsourcing
