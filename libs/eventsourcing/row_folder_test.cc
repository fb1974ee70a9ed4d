#include "libs/eventsourcing/row_folder.h"

#include <map>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/eventsourcing/counter_service.h"
#include "libs/eventsourcing/state_reader.h"
#include "tests/simulation/plain_vault.h"
#include "tests/simulation/simulated_rows.h"

namespace mynumber::eventsourcing {
namespace {

using simulation::PlainVault;
using simulation::SimulatedRows;
using testing::HasSubstr;

constexpr int64_t kRetention = 1000;

// Batches as an owner writes them, folded into rows.
class RowFolderTest : public testing::Test {
 protected:
  static SubjectId Subject(char letter) { return SubjectId::FromBytes(std::string(16, letter)); }

  // A batch under construction, at this time.
  static eventlog::v1::Batch BatchAt(int64_t time_micros) {
    eventlog::v1::Batch batch;
    batch.set_sequence(static_cast<uint64_t>(time_micros));
    batch.set_time_micros(time_micros);
    return batch;
  }

  // Adds a command with these events. The subject's key, if it is new, goes into the key block.
  eventlog::v1::Command* Add(eventlog::v1::Batch* batch, char letter, const std::vector<CounterEvent>& events,
                             const std::string& request_id = "") {
    if (keys_.count(letter) == 0) {
      keys_[letter] = vault_.NewKey();
      eventlog::v1::WrappedKey* wrapped = key_block_.add_keys();
      wrapped->set_key_id(std::string(keys_[letter].id_view()));
      wrapped->set_master_version(keys_[letter].master_version);
      wrapped->set_wrapped(std::string(keys_[letter].wrapped_view()));
    }
    eventlog::v1::Command* command = batch->add_commands();
    command->set_caller("caller");
    command->set_method("method");
    command->set_request_id(request_id);
    command->set_request_hash("hash");
    for (const CounterEvent& event : events) {
      eventlog::v1::Envelope* envelope = command->add_events();
      envelope->set_type(event.type);
      envelope->set_subject(std::string(Subject(letter).view()));
      envelope->set_version(++versions_[letter]);
      envelope->set_key_id(std::string(keys_[letter].id_view()));
      std::string plain;
      event.SerializeToString(&plain);
      vault_.Seal(keys_[letter], EventAssociatedData(event.type, Subject(letter), envelope->version()), plain,
                  envelope->mutable_sealed_payload());
    }
    return command;
  }

  absl::Status Fold(const eventlog::v1::Batch& batch) {
    return folder_.FoldBatch(batch, [this]() -> absl::StatusOr<std::string> {
      ++key_blocks_read_;
      if (!key_block_status_.ok()) return key_block_status_;
      return key_block_.SerializeAsString();
    });
  }
  absl::Status Finish() {
    Changes changes;
    absl::Status status = folder_.Finish(&changes);
    if (status.ok()) EXPECT_TRUE(rows_.Write(changes).ok());
    return status;
  }
  void FoldAndWrite(const eventlog::v1::Batch& batch) {
    ASSERT_EQ(Fold(batch), absl::OkStatus());
    ASSERT_EQ(Finish(), absl::OkStatus());
  }

  std::string Row(const std::string& key) const {
    std::string value;
    auto found = rows_.Get(key, &value);
    return found.ok() && *found ? value : "none";
  }
  std::string TotalOf(char letter) const { return Row("t" + std::string(16, letter)); }
  eventlog::v1::Receipt ReceiptOf(const std::string& request_id) {
    auto receipt = DecodeReceiptRow(Row(ReceiptKey("caller", "method", request_id)));
    return receipt.ok() ? *receipt : eventlog::v1::Receipt();
  }

  CounterService service_;
  PlainVault vault_{1};
  SimulatedRows rows_;
  RowFolder<CounterService> folder_{&service_, &rows_, &vault_, 3, kRetention};
  std::map<char, SubjectKey> keys_;
  std::map<char, uint64_t> versions_;
  eventlog::v1::KeyBlock key_block_;
  absl::Status key_block_status_;
  int key_blocks_read_ = 0;
};

TEST_F(RowFolderTest, NobodyIsKnownAtFirst) {
  auto loaded = folder_.Load(Subject('x'));
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ((*loaded)->state.version(), 0u);
  EXPECT_FALSE((*loaded)->has_key);
  ASSERT_EQ(Finish(), absl::OkStatus());
  EXPECT_EQ(Row(StateKey(Subject('x'))), "none") << "to be looked for is no reason to be written";
}

TEST_F(RowFolderTest, EventsBecomeRows) {
  auto batch = BatchAt(1);
  Add(&batch, 'x', {{"opened", 5, ""}, {"added", 2, ""}, {"noted", 0, "hello"}});
  FoldAndWrite(batch);
  CounterState state;
  SubjectKey key;
  ASSERT_TRUE(*ReadState(rows_, Subject('x'), &vault_, &state, &key));
  EXPECT_EQ(state.version(), 3u);
  EXPECT_EQ(state.total, 7);
  EXPECT_EQ(TotalOf('x'), "7");
  std::string note;
  const std::string note_key = "s" + std::string(16, 'x');
  ASSERT_EQ(OpenSealedRow(note_key, Row(note_key), key, &vault_, &note), absl::OkStatus());
  EXPECT_EQ(note, "hello");
}

TEST_F(RowFolderTest, ASealedRowOpensNowhereElse) {
  auto batch = BatchAt(1);
  Add(&batch, 'x', {{"opened", 0, ""}, {"noted", 0, "hello"}});
  FoldAndWrite(batch);
  const std::string value = Row("s" + std::string(16, 'x'));
  std::string plain;
  EXPECT_TRUE(absl::IsDataLoss(OpenSealedRow("s" + std::string(16, 'y'), value, keys_['x'], &vault_, &plain)));
  EXPECT_TRUE(absl::IsDataLoss(OpenSealedRow("s" + std::string(16, 'x'), "short", keys_['x'], &vault_, &plain)));
}

TEST_F(RowFolderTest, ARowMayGo) {
  auto batch = BatchAt(1);
  Add(&batch, 'x', {{"opened", 0, ""}, {"noted", 0, "hello"}});
  FoldAndWrite(batch);
  auto later = BatchAt(2);
  Add(&later, 'x', {{"noted", 0, "none"}});
  FoldAndWrite(later);
  EXPECT_EQ(Row("s" + std::string(16, 'x')), "none");
}

TEST_F(RowFolderTest, SumsGrowWithWhatTheRowsHave) {
  for (char letter : {'x', 'y', 'z'}) {
    auto batch = BatchAt(letter);
    Add(&batch, letter, {{"opened", 0, ""}});
    FoldAndWrite(batch);
  }
  EXPECT_EQ(DecodeSum(Row("c")).count, 3);
  EXPECT_TRUE(DecodeSum(Row("c")).total == 'x' + 'y' + 'z');
}

TEST_F(RowFolderTest, AListIsNumberedWithoutAGap) {
  auto first = BatchAt(1), second = BatchAt(2);
  Add(&first, 'x', {{"opened", 0, "b1"}, {"noted", 0, "a1"}, {"noted", 0, "a2"}});
  Add(&second, 'x', {{"noted", 0, "a3"}});
  for (const auto& batch : {first, second}) FoldAndWrite(batch);
  EXPECT_EQ(Row("na" + EncodeListNumber(3)) + Row("nb" + EncodeListNumber(1)), "a3b1");
}

TEST_F(RowFolderTest, OneFinishOrManyComeToTheSameRows) {
  SimulatedRows apart;
  RowFolder<CounterService> one_by_one(&service_, &apart, &vault_, 3, kRetention);
  for (int time = 1; time <= 20; ++time) {
    auto batch = BatchAt(time);
    const char letter = "xyz"[time % 3];
    const std::string request_id(16, static_cast<char>(time));
    Add(&batch, letter, {{versions_[letter] == 0 ? "opened" : "added", time, ""}}, request_id);
    ASSERT_EQ(Fold(batch), absl::OkStatus());
    ASSERT_EQ(one_by_one.FoldBatch(batch, [&] { return key_block_.SerializeAsString(); }), absl::OkStatus());
    Changes changes;
    ASSERT_EQ(one_by_one.Finish(&changes), absl::OkStatus());
    ASSERT_EQ(apart.Write(changes), absl::OkStatus());
  }
  ASSERT_EQ(Finish(), absl::OkStatus());
  std::map<std::string, std::string> here, there;
  const auto into = [](auto* map) {
    return [map](std::string_view key, std::string_view value) { return map->emplace(key, value).second; };
  };
  ASSERT_EQ(rows_.Scan("", "", into(&here)), absl::OkStatus());
  ASSERT_EQ(apart.Scan("", "", into(&there)), absl::OkStatus());
  EXPECT_EQ(here.size(), 3u + 3u + 1u + 20u) << "states, totals, the sum, receipts";
  EXPECT_EQ(here, there);
}

TEST_F(RowFolderTest, ClearForgetsWhatWasNotFinished) {
  auto batch = BatchAt(1);
  Add(&batch, 'x', {{"opened", 5, ""}}, std::string(16, 'i'));
  ASSERT_EQ(Fold(batch), absl::OkStatus());
  folder_.Clear();
  Changes changes;
  ASSERT_EQ(folder_.Finish(&changes), absl::OkStatus());
  EXPECT_TRUE(changes.empty());
  EXPECT_EQ((*folder_.Load(Subject('x')))->state.version(), 0u);
  EXPECT_EQ(*folder_.FindReceipt(ReceiptKey("caller", "method", std::string(16, 'i')), 1), nullptr);
}

TEST_F(RowFolderTest, TheKeyBlockIsReadOnceAndOnlyForKeysThatAreNew) {
  auto batch = BatchAt(1);
  Add(&batch, 'x', {{"opened", 0, ""}});
  Add(&batch, 'y', {{"opened", 0, ""}});
  FoldAndWrite(batch);
  EXPECT_EQ(key_blocks_read_, 1);
  auto later = BatchAt(2);
  Add(&later, 'x', {{"added", 1, ""}});
  FoldAndWrite(later);
  EXPECT_EQ(key_blocks_read_, 1);
}

TEST_F(RowFolderTest, AMissingKeyIsNeverPassedOver) {
  auto batch = BatchAt(1);
  Add(&batch, 'x', {{"opened", 0, ""}});
  key_block_.Clear();
  absl::Status status = Fold(batch);
  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("restore the key table"));
  key_block_status_ = absl::NotFoundError("this batch brought no keys");
  EXPECT_TRUE(absl::IsDataLoss(Fold(batch)));
  key_block_status_ = absl::UnavailableError("no leader");
  EXPECT_TRUE(absl::IsUnavailable(Fold(batch))) << "time may heal that";
}

TEST_F(RowFolderTest, WhatIsNotWhatWasSealedIsDataLoss) {
  auto batch = BatchAt(1);
  Add(&batch, 'x', {{"opened", 0, ""}});
  {
    auto changed = batch;
    changed.mutable_commands(0)->mutable_events(0)->mutable_sealed_payload()->back() ^= 1;
    EXPECT_TRUE(absl::IsDataLoss(Fold(changed)));
  }
  folder_.Clear();
  {
    auto moved = batch;
    moved.mutable_commands(0)->mutable_events(0)->set_subject(std::string(16, 'y'));
    EXPECT_TRUE(absl::IsDataLoss(Fold(moved)));
  }
  folder_.Clear();
  {
    auto without = batch;
    without.mutable_commands(0)->mutable_events(0)->clear_subject();
    EXPECT_TRUE(absl::IsDataLoss(Fold(without)));
  }
  folder_.Clear();
  EXPECT_EQ(Fold(batch), absl::OkStatus());
}

TEST_F(RowFolderTest, VersionsFollowEachOther) {
  auto batch = BatchAt(1);
  Add(&batch, 'x', {{"opened", 0, ""}});
  FoldAndWrite(batch);
  auto leaps = BatchAt(2);
  versions_['x'] = 2;
  Add(&leaps, 'x', {{"added", 1, ""}});
  EXPECT_TRUE(absl::IsDataLoss(Fold(leaps)));
  folder_.Clear();
  EXPECT_TRUE(absl::IsDataLoss(Fold(batch))) << "nor is the first folded twice";
}

TEST_F(RowFolderTest, AnEventOfANewerVersionIsNotPassedOver) {
  auto batch = BatchAt(1);
  Add(&batch, 'x', {{"opened", 0, ""}, {"mystery", 0, ""}});
  OlderCounterService older;
  RowFolder<OlderCounterService> folder(&older, &rows_, &vault_, 3, kRetention);
  const absl::Status status = folder.FoldBatch(batch, [this] { return key_block_.SerializeAsString(); });
  EXPECT_TRUE(absl::IsUnimplemented(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("'mystery'"));
}

TEST_F(RowFolderTest, RowsThatCannotBeReadAreAskedAgain) {
  const std::string id(16, 'i'), key = ReceiptKey("caller", "method", id);
  auto batch = BatchAt(1);
  Add(&batch, 'x', {{"opened", 1, ""}}, id);
  FoldAndWrite(batch);
  rows_.unreadable = true;
  EXPECT_TRUE(absl::IsUnavailable(folder_.Load(Subject('x')).status()));
  EXPECT_TRUE(absl::IsUnavailable(folder_.FindReceipt(key, 1).status()));
  rows_.unreadable = false;
  EXPECT_EQ((*folder_.Load(Subject('x')))->state.version(), 1u);
  EXPECT_NE(*folder_.FindReceipt(key, 1), nullptr);
}

TEST_F(RowFolderTest, ASumThatCannotBeReadIsNotGuessed) {
  auto batch = BatchAt(1);
  Add(&batch, 'x', {{"opened", 0, ""}});
  ASSERT_EQ(Fold(batch), absl::OkStatus());
  rows_.unreadable = true;
  Changes changes;
  EXPECT_TRUE(absl::IsUnavailable(folder_.Finish(&changes)));
}

TEST_F(RowFolderTest, ADamagedStateRowIsTold) {
  ASSERT_TRUE(rows_.Write({{StateKey(Subject('x')), "short"}}).ok());
  EXPECT_TRUE(absl::IsDataLoss(folder_.Load(Subject('x')).status()));
  EXPECT_TRUE(absl::IsDataLoss(folder_.Load(Subject('x')).status())) << "and still";
}

// ---- Receipts

TEST_F(RowFolderTest, AReceiptSaysWhereAndWhatWasAccepted) {
  auto batch = BatchAt(7);
  Add(&batch, 'y', {{"opened", 0, ""}});
  Add(&batch, 'x', {{"opened", 1, ""}, {"noted", 0, "hello"}}, std::string(16, 'i'));
  FoldAndWrite(batch);
  const auto receipt = ReceiptOf(std::string(16, 'i'));
  EXPECT_EQ(receipt.time_micros(), 7);
  EXPECT_EQ(receipt.request_hash(), "hash");
  ASSERT_EQ(receipt.entries_size(), 1);
  EXPECT_EQ(receipt.entries(0).subject(), Subject('x').view());
  EXPECT_EQ(receipt.entries(0).version(), 2u);
  EXPECT_EQ(receipt.entries(0).sequence(), 7u);
  EXPECT_EQ(receipt.entries(0).index(), 2u) << "the last of its events, counted through the batch";
}

TEST_F(RowFolderTest, TheStateIsKeptWhereALaterOneDoesNotTellTheAnswer) {
  auto batch = BatchAt(1);
  Add(&batch, 'x', {{"opened", 1, ""}}, std::string(16, 'i'));
  Add(&batch, 'x', {{"added", 2, ""}}, std::string(16, 'j'));
  Add(&batch, 'x', {{"added", 3, ""}}, std::string(16, 'k'));
  FoldAndWrite(batch);
  EXPECT_TRUE(ReceiptOf(std::string(16, 'i')).entries(0).sealed_state().empty());
  std::string plain;
  ASSERT_EQ(vault_.Open(keys_['x'], ReceiptAssociatedData(Subject('x'), 2),
                        ReceiptOf(std::string(16, 'j')).entries(0).sealed_state(), &plain),
            absl::OkStatus());
  CounterState state;
  ASSERT_TRUE(state.ParseFromString(plain));
  EXPECT_EQ(state.total, 3) << "as it was after that command";
}

TEST_F(RowFolderTest, AHouseholdSharesOneReceipt) {
  const std::string id(16, 'i');
  auto batch = BatchAt(1);
  for (char letter : {'x', 'y'}) Add(&batch, letter, {{"opened", 1, ""}}, id)->set_shares_request(true);
  FoldAndWrite(batch);
  auto later = BatchAt(2);
  Add(&later, 'z', {{"opened", 1, ""}}, id)->set_shares_request(true);
  FoldAndWrite(later);
  const auto receipt = ReceiptOf(id);
  ASSERT_EQ(receipt.entries_size(), 3);
  EXPECT_EQ(receipt.entries(2).subject(), Subject('z').view());
  EXPECT_EQ(receipt.time_micros(), 2);
}

TEST_F(RowFolderTest, AnotherRequestUnderAnOldIdBeginsAfresh) {
  const std::string id(16, 'i');
  auto batch = BatchAt(1);
  Add(&batch, 'x', {{"opened", 1, ""}}, id)->set_shares_request(true);
  FoldAndWrite(batch);
  auto other = BatchAt(2);
  auto* command = Add(&other, 'y', {{"opened", 1, ""}}, id);
  command->set_shares_request(true);
  command->set_request_hash("other hash");
  FoldAndWrite(other);
  EXPECT_EQ(ReceiptOf(id).entries_size(), 1);
  auto again = BatchAt(3);
  command = Add(&again, 'y', {{"added", 1, ""}}, id);
  command->set_shares_request(true);
  command->set_request_hash("other hash");
  FoldAndWrite(again);
  EXPECT_EQ(ReceiptOf(id).entries_size(), 1) << "the same resident again";
}

TEST_F(RowFolderTest, AnOldReceiptIsAbsent) {
  const std::string id(16, 'i'), key = ReceiptKey("caller", "method", id);
  auto batch = BatchAt(1);
  Add(&batch, 'x', {{"opened", 1, ""}}, id);
  FoldAndWrite(batch);
  EXPECT_NE(*folder_.FindReceipt(key, 1 + kRetention), nullptr);
  EXPECT_EQ(*folder_.FindReceipt(key, 2 + kRetention), nullptr);
}

// Old receipts are dropped when the database gets to it: here now, there later. The rows must not tell the difference.
TEST_F(RowFolderTest, AnOldHouseholdReceiptIsNotContinuedWhetherItsRowIsThereOrNot) {
  const std::string id(16, 'i');
  auto batch = BatchAt(1);
  Add(&batch, 'x', {{"opened", 1, ""}}, id)->set_shares_request(true);
  FoldAndWrite(batch);
  SimulatedRows dropped = rows_;
  ASSERT_TRUE(dropped.Write({{ReceiptKey("caller", "method", id), std::nullopt}}).ok());
  auto later = BatchAt(2 + kRetention);
  Add(&later, 'y', {{"opened", 1, ""}}, id)->set_shares_request(true);
  FoldAndWrite(later);
  EXPECT_EQ(ReceiptOf(id).entries_size(), 1);
  RowFolder<CounterService> elsewhere(&service_, &dropped, &vault_, 3, kRetention);
  ASSERT_EQ(elsewhere.FoldBatch(later, [this] { return key_block_.SerializeAsString(); }), absl::OkStatus());
  Changes changes;
  ASSERT_EQ(elsewhere.Finish(&changes), absl::OkStatus());
  ASSERT_TRUE(dropped.Write(changes).ok());
  std::string there, key = ReceiptKey("caller", "method", id);
  ASSERT_TRUE(*dropped.Get(key, &there));
  EXPECT_EQ(there, Row(key));
}

}  // namespace
}  // namespace mynumber::eventsourcing
