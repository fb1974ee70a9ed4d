#include "libs/eventsourcing/foreign_reader.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/eventsourcing/hand_driven_log.h"
#include "libs/eventsourcing/made_records.h"

namespace mynumber::eventsourcing {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Another service's log, whose events are named by their types.
class ForeignReaderTest : public testing::Test {
 protected:
  void PutClaim(char letter) { Put(ClaimRecord(letter)); }
  // A batch of one command for each text; its letters are the types of the command's events.
  void PutBatch(const std::vector<std::string>& commands) {
    eventlog::v1::Record record = NextBatch(head_);
    for (const std::string& types : commands) {
      auto* command = record.mutable_batch()->add_commands();
      for (char type : types) command->add_events()->set_type(std::string(1, type));
    }
    Put(record);
  }
  void Put(const eventlog::v1::Record& record) { head_ = After(head_, record, log_.Put(record.SerializeAsString())); }
  void TruncateTo(size_t records, const Head& head) {
    log_.records.resize(records);
    head_ = head;
  }

  // Takes at most so many events; their types.
  std::string Take(size_t events = 100) {
    std::string types;
    for (int idle = 0; idle < 3 && types.size() < events;) {
      if (auto item = reader_.Next()) {
        types += item->envelope->type();
        reader_.Take();
      } else {
        idle += reader_.Step() ? 0 : 1;
      }
    }
    return types;
  }
  // As after a restart: another reader that begins where the first one was.
  std::string TakeAfterRestart() {
    const ForeignReader::Cursor cursor = reader_.cursor();
    reader_ = ForeignReader("foreign", &log_, CountingChain);
    reader_.Resume(cursor);
    return Take();
  }

  HandDrivenLog log_;
  Head head_ = EmptyHead();
  ForeignReader reader_{"foreign", &log_, CountingChain};
};

TEST_F(ForeignReaderTest, HandsOutEveryEventOnceInItsOrder) {
  EXPECT_EQ(Take(), "");
  PutClaim('x');
  PutBatch({"ab", "", "c"});
  PutBatch({});
  PutClaim('y');
  PutBatch({"d"});
  EXPECT_EQ(Take(), "abcd");
  EXPECT_EQ(Take(), "");
  PutBatch({"e"});
  EXPECT_EQ(Take(), "e");
  EXPECT_EQ(reader_.cursor().sequence(), 4u);
  EXPECT_EQ(reader_.cursor().running_hash(), head_.running_hash());
}

TEST_F(ForeignReaderTest, AnItemSaysWhereItStands) {
  PutClaim('x');
  PutBatch({"ab", "c"});
  reader_.Step();
  for (uint32_t index = 0; index < 3; ++index) {
    ASSERT_TRUE(reader_.Next());
    EXPECT_EQ(reader_.Next()->index, index);
    EXPECT_EQ(reader_.Next()->batch->sequence(), 1u);
    reader_.Take();
  }
}

TEST_F(ForeignReaderTest, VoidRecordsAreNothing) {
  PutClaim('x');
  log_.Put("nothing that can be read");
  const Head before = head_;
  PutBatch({"a"});
  log_.Put(log_.records.back());
  PutClaim('y');
  eventlog::v1::Record fenced = NextBatch(before);
  fenced.mutable_batch()->add_commands()->add_events()->set_type("f");
  log_.Put(fenced.SerializeAsString());
  PutBatch({"b"});
  EXPECT_EQ(Take(), "ab");
}

TEST_F(ForeignReaderTest, BeginsAgainInTheMiddleOfABatch) {
  PutClaim('x');
  PutBatch({"ab", "cde"});
  PutBatch({"f"});
  for (const char* rest : {"bcdef", "cdef", "def", "ef", "f", ""}) {
    EXPECT_EQ(Take(1).size(), 1u);
    EXPECT_EQ(TakeAfterRestart(), rest);
    reader_ = ForeignReader("foreign", &log_, CountingChain);
    Take(6 - std::string(rest).size());
  }
}

TEST_F(ForeignReaderTest, ALogThatMovedIsReadOnFromItsOwnAddresses) {
  PutClaim('x');
  PutBatch({"ab"});
  PutBatch({"cd"});
  PutBatch({"e"});
  EXPECT_EQ(Take(3), "abc");
  log_.records.insert(log_.records.begin(), {"void", "void"});
  EXPECT_EQ(TakeAfterRestart(), "de");
}

TEST_F(ForeignReaderTest, ATailThatWasLostBeforeItWasTakenIsReadAnew) {
  PutClaim('x');
  PutBatch({"a"});
  const Head kept = head_;
  EXPECT_EQ(Take(), "a");
  PutBatch({"lost"});
  ASSERT_TRUE(reader_.Step());
  TruncateTo(2, kept);
  PutClaim('y');
  PutBatch({"b"});
  PutBatch({"c"});
  // What was read of it is handed out; whoever takes it finds out.
  reader_.Resume(reader_.cursor());
  EXPECT_EQ(Take(), "bc");
  EXPECT_TRUE(reader_.broken().ok());
}

TEST_F(ForeignReaderTest, AnAlarmBeforeAnythingOfItWasTakenIsReadAnew) {
  PutClaim('x');
  PutBatch({"a"});
  EXPECT_EQ(Take(), "a");
  const Head kept = head_;
  PutClaim('z');
  ASSERT_TRUE(reader_.Step());
  TruncateTo(2, kept);
  PutClaim('y');
  PutClaim('z');
  PutBatch({"b"});
  EXPECT_EQ(Take(), "b");
  EXPECT_TRUE(reader_.broken().ok());
}

TEST_F(ForeignReaderTest, ALogThatLostWhatWasTakenIsNotReadOn) {
  PutClaim('x');
  PutBatch({"a"});
  const Head kept = head_;
  PutBatch({"b"});
  EXPECT_EQ(Take(), "ab");
  TruncateTo(2, kept);
  PutBatch({"instead"});
  PutBatch({"and on"});
  EXPECT_EQ(TakeAfterRestart(), "");
  EXPECT_TRUE(absl::IsDataLoss(reader_.broken())) << reader_.broken();
}

TEST_F(ForeignReaderTest, ALogThatEndsEarlyProvesNothingYet) {
  PutClaim('x');
  PutBatch({"a"});
  PutBatch({"b"});
  EXPECT_EQ(Take(), "ab");
  const std::vector<std::string> whole = log_.records;
  log_.records.resize(1);
  EXPECT_EQ(TakeAfterRestart(), "");
  EXPECT_TRUE(reader_.broken().ok());
  log_.records = whole;
  PutBatch({"c"});
  EXPECT_EQ(Take(), "c");
}

TEST_F(ForeignReaderTest, ALogThatCannotBeReadIsAskedAgain) {
  PutClaim('x');
  PutBatch({"a"});
  log_.read = absl::UnavailableError("no leader");
  EXPECT_EQ(Take(), "");
  log_.read = absl::OkStatus();
  EXPECT_EQ(Take(), "a");
}

}  // namespace
}  // namespace mynumber::eventsourcing
