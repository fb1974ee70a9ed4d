#include "libs/eventsourcing/log_contract.h"

#include <utility>

namespace mynumber::eventsourcing {

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(LogContract);

LogContract::LogContract() : log_(GetParam().make(kPartitions)) {}

AppendResult LogContract::Await(PartitionLog* handle) {
  for (int i = 0; i < 10'000; ++i) {
    if (auto result = handle->Poll()) return *result;
    log_->Drive();
  }
  ADD_FAILURE() << "no result of an append";
  return {};
}

AppendResult LogContract::Append(PartitionLog* handle, const std::string& record, const KeyBlockId& id,
                                 const std::string& key_block) {
  handle->Append({record, id, key_block});
  return Await(handle);
}

Offset LogContract::MustAppend(PartitionLog* handle, const std::string& record) {
  const AppendResult result = Append(handle, record);
  EXPECT_EQ(result.kind, AppendResult::Kind::kAcknowledged) << result.status;
  return result.offset;
}

std::vector<std::string> LogContract::ReadAll(PartitionLog* handle, size_t max_bytes) {
  std::vector<std::string> all;
  for (;;) {
    auto records = handle->Read(static_cast<Offset>(all.size()), max_bytes);
    EXPECT_TRUE(records.ok()) << records.status();
    if (!records.ok() || records->empty()) return all;
    for (LogRecord& record : *records) {
      EXPECT_EQ(record.offset, static_cast<Offset>(all.size())) << "a hole, or out of order";
      all.push_back(std::move(record.bytes));
    }
  }
}

TEST_P(LogContract, OffsetsAreDenseFromZero) {
  auto log = Handle();
  EXPECT_EQ(*log->End(), 0);
  for (Offset i = 0; i < 20; ++i) {
    EXPECT_EQ(MustAppend(log.get(), "record " + std::to_string(i)), i);
    EXPECT_EQ(*log->End(), i + 1);
  }
}

TEST_P(LogContract, RecordsAreReadInOrderFromAnyOffset) {
  auto log = Handle();
  for (int i = 0; i < 10; ++i) MustAppend(log.get(), "record " + std::to_string(i));
  for (Offset from = 0; from < 10; ++from) {
    const auto records = *log->Read(from, 1 << 20);
    ASSERT_FALSE(records.empty());
    EXPECT_EQ(records.front().offset, from);
    EXPECT_EQ(records.front().bytes, "record " + std::to_string(from));
  }
  EXPECT_EQ(ReadAll(log.get(), 1).size(), 10u);
}

TEST_P(LogContract, AResultIsToldOnce) {
  auto log = Handle();
  EXPECT_FALSE(log->Poll().has_value()) << "nothing is under way";
  MustAppend(log.get(), "one");
  for (int i = 0; i < 50; ++i) {
    log_->Drive();
    EXPECT_FALSE(log->Poll().has_value());
  }
}

TEST_P(LogContract, EachWriterSeesItsOwnOffset) {
  auto a = Handle();
  auto b = Handle();
  EXPECT_EQ(MustAppend(a.get(), "a0"), 0);
  EXPECT_EQ(MustAppend(b.get(), "b0"), 1);
  EXPECT_EQ(MustAppend(b.get(), "b1"), 2);
  EXPECT_EQ(MustAppend(a.get(), "a1"), 3) << "the gap that others wrote in must show";
  const std::vector<std::string> expected = {"a0", "b0", "b1", "a1"};
  EXPECT_EQ(ReadAll(a.get()), expected);
  EXPECT_EQ(ReadAll(b.get()), expected);
}

TEST_P(LogContract, WritersAtOnceGetOffsetsOfTheirOwn) {
  auto a = Handle();
  auto b = Handle();
  for (int round = 0; round < 20; ++round) {
    const std::string text_a = "a" + std::to_string(round);
    const std::string text_b = "b" + std::to_string(round);
    a->Append({text_a, {}, {}});
    b->Append({text_b, {}, {}});
    const Offset at_b = Await(b.get()).offset;
    const Offset at_a = Await(a.get()).offset;
    ASSERT_NE(at_a, at_b);
    const auto all = ReadAll(a.get());
    ASSERT_EQ(all.size(), 2u * round + 2);
    EXPECT_EQ(all[static_cast<size_t>(at_a)], text_a);
    EXPECT_EQ(all[static_cast<size_t>(at_b)], text_b);
  }
}

TEST_P(LogContract, ReadStopsAtItsLimit) {
  auto log = Handle();
  for (int i = 0; i < 5; ++i) MustAppend(log.get(), std::string(100, static_cast<char>('a' + i)));
  size_t bytes = 0;
  const auto some = *log->Read(0, 250);
  for (const LogRecord& record : some) bytes += record.bytes.size();
  EXPECT_GE(some.size(), 1u);
  EXPECT_LE(bytes, 250u);
  EXPECT_EQ(log->Read(0, 10)->size(), 1u) << "one record at least, however big";
}

TEST_P(LogContract, NothingIsThereYetAtTheEnd) {
  auto log = Handle();
  EXPECT_TRUE(log->Read(0, 100)->empty());
  MustAppend(log.get(), "one");
  EXPECT_TRUE(log->Read(1, 100)->empty());
}

TEST_P(LogContract, BeyondTheEndIsOutOfRange) {
  auto log = Handle();
  EXPECT_TRUE(absl::IsOutOfRange(log->Read(1, 100).status()));
  MustAppend(log.get(), "one");
  EXPECT_TRUE(absl::IsOutOfRange(log->Read(2, 100).status()));
}

TEST_P(LogContract, AnotherHandleSeesWhatWasAcknowledged) {
  auto writer = Handle();
  auto reader = Handle();
  for (Offset i = 0; i < 10; ++i) {
    MustAppend(writer.get(), "record");
    EXPECT_EQ(*reader->End(), i + 1);
    EXPECT_EQ(reader->Read(i, 100)->size(), 1u);
  }
}

TEST_P(LogContract, KeyBlocksAreFoundByClaimAndSequence) {
  auto log = Handle();
  const std::string claim(16, 'c');
  EXPECT_EQ(Append(log.get(), "record", {claim, 7}, "keys").kind, AppendResult::Kind::kAcknowledged);
  EXPECT_EQ(*log->ReadKeyBlock({claim, 7}), "keys");
  EXPECT_TRUE(absl::IsNotFound(log->ReadKeyBlock({claim, 8}).status()));
  EXPECT_TRUE(absl::IsNotFound(log->ReadKeyBlock({std::string(16, 'd'), 7}).status()));
  EXPECT_TRUE(absl::IsNotFound(Handle(1)->ReadKeyBlock({claim, 7}).status()));
}

TEST_P(LogContract, AKeyBlockIsWrittenAnewBesideALaterRecord) {
  const KeyBlockId id{std::string(16, 'c'), 7};
  {
    auto log = Handle();
    EXPECT_EQ(Append(log.get(), "one", id, "both keys").kind, AppendResult::Kind::kAcknowledged);
    EXPECT_EQ(Append(log.get(), "two", {id.claim_id, 8}, "another").kind, AppendResult::Kind::kAcknowledged);
    EXPECT_EQ(Append(log.get(), "three", id, "one key").kind, AppendResult::Kind::kAcknowledged);
  }
  EXPECT_EQ(*Handle()->ReadKeyBlock(id), "one key") << "whoever knows nothing of where it stood";
  auto reader = Handle();
  EXPECT_EQ(ReadAll(reader.get()).size(), 3u);
  EXPECT_EQ(*reader->ReadKeyBlock(id), "one key") << "whoever has read the records";
  EXPECT_EQ(*reader->ReadKeyBlock({id.claim_id, 8}), "another");
}

TEST_P(LogContract, ABatchWithoutKeysHasNoKeyBlock) {
  auto log = Handle();
  EXPECT_EQ(Append(log.get(), "record", {std::string(16, 'c'), 0}, {}).kind, AppendResult::Kind::kAcknowledged);
  EXPECT_TRUE(absl::IsNotFound(log->ReadKeyBlock({std::string(16, 'c'), 0}).status()));
}

TEST_P(LogContract, WhoeverReadsARecordCanReadItsKeys) {
  auto writer = Handle();
  auto reader = Handle();
  for (uint64_t i = 0; i < 20; ++i) {
    const KeyBlockId id{std::string(16, 'c'), i};
    writer->Append({"record", id, "keys " + std::to_string(i)});
    bool readable = false;
    std::optional<AppendResult> result;
    for (int turn = 0; turn < 10'000 && !readable; ++turn) {
      // As a loop does: a log may need it to go on from the keys to the record.
      if (!result) result = writer->Poll();
      auto records = reader->Read(static_cast<Offset>(i), 100);
      readable = records.ok() && !records->empty();
      if (readable) {
        EXPECT_EQ(*reader->ReadKeyBlock(id), "keys " + std::to_string(i));
      } else {
        log_->Drive();
      }
    }
    ASSERT_TRUE(readable);
    if (!result) Await(writer.get());
  }
}

TEST_P(LogContract, EverythingSurvivesReopening) {
  const KeyBlockId id{std::string(16, 'c'), 3};
  {
    auto log = Handle();
    MustAppend(log.get(), "one");
    Append(log.get(), "two", id, "keys");
    MustAppend(Handle(2).get(), "elsewhere");
  }
  log_->Reopen();
  auto log = Handle();
  EXPECT_EQ(*log->End(), 2);
  EXPECT_EQ(ReadAll(log.get()), (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(*log->ReadKeyBlock(id), "keys");
  EXPECT_EQ(*Handle(2)->End(), 1);
  EXPECT_EQ(MustAppend(log.get(), "three"), 2);
}

TEST_P(LogContract, RecordsOfAMegabyte) {
  auto log = Handle();
  const KeyBlockId id{std::string(16, 'c'), 0};
  for (int i = 0; i < 3; ++i) {
    const std::string record(1 << 20, static_cast<char>('a' + i));
    const AppendResult result = Append(log.get(), record, {id.claim_id, static_cast<uint64_t>(i)}, record);
    EXPECT_EQ(result.kind, AppendResult::Kind::kAcknowledged) << result.status;
    EXPECT_EQ(log->Read(i, 1)->front().bytes, record);
    EXPECT_EQ(*log->ReadKeyBlock({id.claim_id, static_cast<uint64_t>(i)}), record);
  }
  EXPECT_EQ(ReadAll(log.get()).size(), 3u);
}

TEST_P(LogContract, BytesAreKeptAsTheyAre) {
  auto log = Handle();
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  std::string claim(16, '\0');
  claim[5] = '\xff';
  Append(log.get(), bytes, {claim, 0}, bytes + bytes);
  MustAppend(log.get(), std::string(3, '\0'));
  EXPECT_EQ(ReadAll(log.get()), (std::vector<std::string>{bytes, std::string(3, '\0')}));
  EXPECT_EQ(*log->ReadKeyBlock({claim, 0}), bytes + bytes);
}

TEST_P(LogContract, AFreshWriterHearsNothingOfTheFormerOne) {
  auto log = Handle();
  log->Append({"former", {}, {}});
  ASSERT_TRUE(log->NewWriter().ok());
  const Offset at = MustAppend(log.get(), "fresh");
  // The former one's record may arrive or not; its result may not.
  EXPECT_EQ(log->Read(at, 100)->front().bytes, "fresh");
  for (int i = 0; i < 50; ++i) {
    log_->Drive();
    EXPECT_FALSE(log->Poll().has_value());
  }
}

TEST_P(LogContract, AHandleMayGoWhileItsAppendIsUnderWay) {
  auto stays = Handle();
  {
    auto goes = Handle();
    goes->Append({"orphan", {}, {}});
  }
  for (int i = 0; i < 50; ++i) log_->Drive();
  const Offset at = MustAppend(stays.get(), "stays");
  EXPECT_EQ(stays->Read(at, 100)->front().bytes, "stays");
}

TEST_P(LogContract, PartitionsAreApart) {
  auto a = Handle(0);
  auto b = Handle(1);
  EXPECT_EQ(MustAppend(a.get(), "a0"), 0);
  EXPECT_EQ(MustAppend(b.get(), "b0"), 0);
  EXPECT_EQ(MustAppend(a.get(), "a1"), 1);
  EXPECT_EQ(ReadAll(b.get()), (std::vector<std::string>{"b0"}));
  EXPECT_EQ(*Handle(2)->End(), 0);
}

}  // namespace mynumber::eventsourcing
