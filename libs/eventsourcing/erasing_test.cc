// Subjects that are erased: their key goes, and what is left is the same for whoever still had it and whoever had not.

#include <map>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/eventsourcing/partition_fixture.h"
#include "libs/eventsourcing/state_reader.h"

namespace mynumber::eventsourcing {
namespace {

class ErasingTest : public PartitionFixture {
 protected:
  using AllRows = std::map<std::string, std::string>;
  // What each row says, but for the head and receipts; of sealed ones opened with the key of the state row.
  AllRows Said(const Rows& rows) {
    AllRows said;
    EXPECT_TRUE(rows.Scan("", "", [&](std::string_view key, std::string_view value) {
      if (key != kHeadKey && key[0] != kReceiptTable) said[std::string(key)] = std::string(value);
      return true;
    }).ok());
    for (auto& [key, value] : said) {
      if (key[0] != kStateTable && key[0] != 's') continue;
      CounterState state;
      SubjectKey subject_key;
      const auto found = ReadState(rows, SubjectId::FromBytes(key.substr(1)), &vault_, &state, &subject_key);
      EXPECT_TRUE(found.ok() && *found) << found.status();
      if (key[0] == kStateTable) state.SerializeToString(&value);
      if (key[0] == 's') EXPECT_TRUE(OpenSealedRow(key, std::string(value), subject_key, &vault_, &value).ok());
    }
    return said;
  }

  // A standby that reads the log from its first record on, and writes its rows behind every batch.
  struct Follower {
    CountingRows rows;
    std::unique_ptr<PartitionLog> handle;
    std::unique_ptr<Partition<Service>> partition;
  };
  std::unique_ptr<Follower> Follow() { return Follow(&log_); }
  std::unique_ptr<Follower> Follow(simulation::SimulatedLog* log) {
    auto follower = std::make_unique<Follower>();
    follower->handle = log->Handle();
    PartitionOptions options = options_;
    options.fold_events = 1;
    follower->partition = std::make_unique<Partition<Service>>(
        &service_, follower->handle.get(), &follower->rows, &vault_, options, ownership_, CountingChain,
        [](uint8_t*, size_t) {}, nullptr);
    EXPECT_EQ(follower->partition->Open(), absl::OkStatus());
    for (int i = 0; i < 200; ++i) {
      while (follower->partition->Step(now_micros_)) {
      }
      log->Tick();
    }
    return follower;
  }

  eventlog::v1::KeyBlock BlockOf(size_t offset) {
    const auto batch = RecordAt(offset).batch();
    eventlog::v1::KeyBlock block;
    const auto bytes = handle_->ReadKeyBlock({batch.claim_id(), batch.claim_sequence()});
    EXPECT_TRUE(bytes.ok() && block.ParseFromString(*bytes)) << bytes.status();
    return block;
  }

  // Two counters in one batch, so that one block has both keys, and then a note of each.
  void OpenTwo() {
    Serve();
    Offer('x', Service::Open{5});
    Offer('y', Service::Open{7});
    Run();
    first_batch_ = log_.records().size() - 1;
    ASSERT_EQ(BlockOf(first_batch_).keys_size(), 2);
    Accept('x', Service::Note{"secret"});
    Accept('y', Service::Note{"quiet"});
  }

  size_t first_batch_ = 0;
};

TEST_F(ErasingTest, NothingOfTheSubjectIsLeftButThatItWasErased) {
  OpenTwo();
  const std::string list = "n" + std::string("s");
  const std::string noted = Row(list + EncodeListNumber(1));
  Accept('x', Service::Erase{});
  EXPECT_EQ(TotalOf('x'), "none");
  EXPECT_EQ(Row("s" + std::string(16, 'x')), "none");
  EXPECT_EQ(DecodeSum(Row("c")).count, 1);
  EXPECT_EQ(Row(list + EncodeListNumber(1)), noted) << "what is kept stays";
  CounterState state;
  ASSERT_TRUE(*ReadState(rows_, Subject('x'), &vault_, &state));
  EXPECT_EQ(state.version(), 3u);
  EXPECT_EQ(state.total, 0);
  eventlog::v1::ErasedSubject erased;
  ASSERT_TRUE(erased.ParseFromString(Row(ErasedKey(Subject('x')))));
  EXPECT_EQ(erased.version(), 3u);
  EXPECT_EQ(erased.key_id(), RecordAt(first_batch_).batch().commands(0).events(0).key_id());
  EXPECT_EQ(TotalOf('y'), "7");
}

TEST_F(ErasingTest, ItsKeyIsDestroyedWhereItStoodAndNobodyElses) {
  OpenTwo();
  Accept('x', Service::Erase{});
  Run();
  EXPECT_EQ(partition_->keys_to_destroy(), 0u);
  const auto block = BlockOf(first_batch_);
  ASSERT_EQ(block.keys_size(), 2);
  const std::string key_id = RecordAt(first_batch_).batch().commands(0).events(0).key_id();
  for (const auto& key : block.keys()) {
    EXPECT_EQ(key.wrapped().empty(), key.key_id() == key_id);
    EXPECT_EQ(key.master_version() == 0, key.key_id() == key_id);
  }
}

TEST_F(ErasingTest, AFoldWithoutTheKeyEndsInTheSameRows) {
  OpenTwo();
  Accept('x', Service::Add{1, 3});
  const auto early = Follow();
  Accept('x', Service::Erase{});
  Accept('y', Service::Note{"some"});
  Run();
  const AllRows live = Said(rows_);
  EXPECT_EQ(Said(Follow()->rows), live);
  for (int i = 0; i < 200; ++i) {
    while (early->partition->Step(now_micros_)) {
    }
    log_.Tick();
  }
  EXPECT_EQ(Said(early->rows), live) << "folded while the key was there";
  EXPECT_EQ(DecodeSum(live.at("k")).count, 3);
  EXPECT_EQ(DecodeListCount(live.at("ns")), 2u);
}

TEST_F(ErasingTest, UntilTheEventComesTheSubjectIsAnErrorAndNotErased) {
  OpenTwo();
  Accept('x', Service::Erase{});
  Run();
  // A log that ends before the event that says so: a key went without a record.
  simulation::SimulatedLog shorter(14, &fired_);
  const auto writer = shorter.Handle();
  const auto batch = RecordAt(first_batch_).batch();
  for (size_t offset = 0; offset < first_batch_ + 3; ++offset) {
    const bool has_block = offset == first_batch_;
    writer->Append({log_.records()[offset], {batch.claim_id(), batch.claim_sequence()},
                    has_block ? BlockOf(first_batch_).SerializeAsString() : ""});
    while (shorter.records().size() == offset) shorter.Tick();
  }
  const auto follower = Follow(&shorter);
  CounterState state;
  EXPECT_TRUE(absl::IsDataLoss(ReadState(follower->rows, Subject('x'), &vault_, &state).status()));
  EXPECT_TRUE(*ReadState(follower->rows, Subject('y'), &vault_, &state));
}

TEST_F(ErasingTest, ARequestFromBeforeIsToldThatItsAnswerIsGone) {
  OpenTwo();
  auto kept = Offer('x', Service::Add{2}, 'k');
  Run();
  ASSERT_TRUE(kept->is_accepted());
  Accept('x', Service::Erase{});
  auto again = Offer('x', Service::Add{2}, 'k');
  Run();
  ASSERT_TRUE(again->is_finished());
  EXPECT_EQ(*again->status, absl::NotFoundError(kAnswerErased));
  auto other = Offer('x', Service::Add{2});
  Run();
  EXPECT_TRUE(absl::IsNotFound(*other->status));
  EXPECT_NE(other->status->message(), kAnswerErased);
}

TEST_F(ErasingTest, TheErasingItselfIsAnsweredAgain) {
  OpenTwo();
  auto first = Offer('x', Service::Erase{}, 'e');
  Run();
  auto again = Offer('x', Service::Erase{}, 'e');
  Run();
  ASSERT_TRUE(first->is_accepted() && again->is_accepted());
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->position.sequence, first->position.sequence);
}

TEST_F(ErasingTest, ErasedInTheBatchInWhichItWasOpenedAndNoted) {
  Serve();
  Offer('x', Service::Open{5});
  Offer('x', Service::Note{"secret"}, 'k');
  Offer('x', Service::Erase{});
  auto again = Offer('x', Service::Note{"secret"}, 'k');
  Run();
  EXPECT_EQ(*again->status, absl::NotFoundError(kAnswerErased));
  EXPECT_EQ(Row("s" + std::string(16, 'x')), "none");
  EXPECT_EQ(Row("c"), "none") << "a sum of nothing has no row";
  EXPECT_EQ(partition_->keys_to_destroy(), 0u);
  EXPECT_EQ(Said(Follow()->rows), Said(rows_));
}

TEST_F(ErasingTest, ABlockThatWasPutBackIsWrittenAnewUnderTheNextClaim) {
  OpenTwo();
  const auto batch = RecordAt(first_batch_).batch();
  const KeyBlockId id{batch.claim_id(), batch.claim_sequence()};
  const std::string before = *handle_->ReadKeyBlock(id);
  Accept('x', Service::Erase{});
  Run();
  const std::string after = *handle_->ReadKeyBlock(id);
  EXPECT_NE(after, before);
  // As a backup of the keys alone would.
  auto other = log_.Handle();
  other->Append({"void", id, before});
  for (int i = 0; i < 20; ++i) log_.Tick();
  ASSERT_EQ(*handle_->ReadKeyBlock(id), before);
  Restart();
  Serve();
  Run();
  EXPECT_EQ(*handle_->ReadKeyBlock(id), after);
  EXPECT_EQ(Said(Follow()->rows), Said(rows_));
}

TEST_F(ErasingTest, WhatCannotBeReadNowIsDestroyedLater) {
  OpenTwo();
  log_.faults.read_unavailable = 1;
  Accept('x', Service::Erase{});
  EXPECT_EQ(partition_->keys_to_destroy(), 1u);
  Accept('y', Service::Add{1});
  log_.faults.read_unavailable = 0;
  Run();
  EXPECT_EQ(partition_->keys_to_destroy(), 0u);
  EXPECT_TRUE(BlockOf(first_batch_).keys(0).wrapped().empty() || BlockOf(first_batch_).keys(1).wrapped().empty());
}

}  // namespace
}  // namespace mynumber::eventsourcing
