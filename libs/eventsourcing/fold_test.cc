#include "libs/eventsourcing/fold.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "libs/eventsourcing/made_records.h"

namespace mynumber::eventsourcing {
namespace {

using eventlog::v1::Record;

// A partition as every reader sees it.
class FoldTest : public testing::Test {
 protected:
  // Judges, and goes on behind what counts.
  Verdict Read(const Record& record) {
    const Verdict verdict = Judge(head_, record);
    if (verdict == Verdict::kClaim || verdict == Verdict::kValid) head_ = After(head_, record, offset_);
    ++offset_;
    return verdict;
  }

  Head head_ = EmptyHead();
  Offset offset_ = 0;
};

TEST_F(FoldTest, AnEmptyPartitionHasNoClaimAndNoBatch) {
  EXPECT_EQ(head_.offset(), -1);
  EXPECT_EQ(head_.batch_offset(), -1);
  EXPECT_EQ(head_.previous_batch_offset(), -1);
  EXPECT_EQ(head_.sequence(), 0u);
  EXPECT_EQ(head_.running_hash(), std::string(32, '\0'));
  EXPECT_EQ(Read(NextBatch(head_)), Verdict::kVoid) << "nobody has claimed";
}

TEST_F(FoldTest, AClaimCountsAndItsBatchesFollow) {
  EXPECT_EQ(Read(ClaimRecord('a')), Verdict::kClaim);
  EXPECT_EQ(Read(NextBatch(head_, "one")), Verdict::kValid);
  EXPECT_EQ(Read(NextBatch(head_, "two")), Verdict::kValid);
  EXPECT_EQ(head_.claim_id(), ClaimId('a'));
  EXPECT_EQ(head_.sequence(), 2u);
  EXPECT_EQ(head_.next_claim_sequence(), 2u);
  EXPECT_EQ(head_.offset(), 2);
  EXPECT_EQ(head_.batch_offset(), 2);
  EXPECT_EQ(head_.previous_batch_offset(), 1);
}

TEST_F(FoldTest, ANewClaimVoidsItsPredecessor) {
  Read(ClaimRecord('a'));
  const Record late = NextBatch(head_, "late");
  EXPECT_EQ(Read(ClaimRecord('b')), Verdict::kClaim);
  const Head before = head_;
  EXPECT_EQ(Read(late), Verdict::kVoid);
  EXPECT_EQ(head_.SerializeAsString(), before.SerializeAsString()) << "void records are not in the hash";
  EXPECT_EQ(Read(NextBatch(head_, "new owner's")), Verdict::kValid);
  EXPECT_EQ(head_.sequence(), 1u) << "sequences count batches, whoever wrote them";
}

TEST_F(FoldTest, TheSameClaimTwiceSaysNothingNew) {
  Read(ClaimRecord('a'));
  Read(NextBatch(head_));
  EXPECT_EQ(Read(ClaimRecord('a')), Verdict::kVoid);
  EXPECT_EQ(head_.next_claim_sequence(), 1u);
}

TEST_F(FoldTest, AClaimIdHasSixteenBytes) {
  Record record = ClaimRecord('a');
  record.mutable_opened()->set_claim_id("short");
  EXPECT_EQ(Read(record), Verdict::kVoid);
  record.mutable_opened()->clear_claim_id();
  EXPECT_EQ(Read(record), Verdict::kVoid) << "and an empty one is not that of an empty partition";
}

TEST_F(FoldTest, ABatchTwiceCountsOnce) {
  Read(ClaimRecord('a'));
  const Record batch = NextBatch(head_, "once");
  EXPECT_EQ(Read(batch), Verdict::kValid);
  EXPECT_EQ(Read(batch), Verdict::kVoid);
  Read(NextBatch(head_, "two"));
  EXPECT_EQ(Read(batch), Verdict::kVoid);
  EXPECT_EQ(head_.sequence(), 2u);
}

TEST_F(FoldTest, ABatchThatLeapsIsVoid) {
  Read(ClaimRecord('a'));
  Record leaps = NextBatch(head_);
  leaps.mutable_batch()->set_claim_sequence(1);
  EXPECT_EQ(Read(leaps), Verdict::kVoid) << "its predecessor was lost: it was decided on what is not there";
}

TEST_F(FoldTest, TheRightSequenceOnAnotherHistoryIsAnAlarm) {
  Read(ClaimRecord('a'));
  Record other_hash = NextBatch(head_);
  other_hash.mutable_batch()->set_running_hash(std::string(32, 'x'));
  EXPECT_EQ(Read(other_hash), Verdict::kAlarm);
  Record other_sequence = NextBatch(head_);
  other_sequence.mutable_batch()->set_sequence(7);
  EXPECT_EQ(Read(other_sequence), Verdict::kAlarm);
}

TEST_F(FoldTest, AnEmptyRecordIsVoid) { EXPECT_EQ(Read(Record()), Verdict::kVoid); }

TEST_F(FoldTest, PartitionTimeNeverGoesBack) {
  Read(ClaimRecord('a', 100));
  EXPECT_EQ(head_.time_micros(), 100);
  Read(NextBatch(head_, "earlier", 50));
  EXPECT_EQ(head_.time_micros(), 100);
  Read(ClaimRecord('b', 70));
  EXPECT_EQ(head_.time_micros(), 100);
  Read(NextBatch(head_, "later", 170));
  EXPECT_EQ(head_.time_micros(), 170);
}

TEST_F(FoldTest, TheHashTellsEveryHistoryFromEveryOther) {
  Read(ClaimRecord('a'));
  const Head start = head_;
  const Record one = NextBatch(start, "one"), other = NextBatch(start, "other");
  const Head after_one = After(start, one, 1), after_other = After(start, other, 1);
  EXPECT_NE(after_one.running_hash(), after_other.running_hash());
  const Record claim = ClaimRecord('b');
  EXPECT_NE(After(after_one, claim, 2).running_hash(), After(after_other, claim, 2).running_hash());
}

TEST_F(FoldTest, ABatchNamesTheHeadThatItWasDecidedOn) {
  Read(ClaimRecord('a'));
  Read(NextBatch(head_, "one"));
  const Record batch = NextBatch(head_, "two");
  const Head named = HeadBefore(batch);
  EXPECT_EQ(Judge(named, batch), Verdict::kValid);
  EXPECT_EQ(After(named, batch, 2).running_hash(), After(head_, batch, 2).running_hash());
  EXPECT_EQ(HeadBefore(ClaimRecord('a')).SerializeAsString(), EmptyHead().SerializeAsString());
}

TEST_F(FoldTest, TheSameHistoryAtOtherAddressesIsTheSame) {
  Read(ClaimRecord('a'));
  const Record batch = NextBatch(head_, "one");
  Head here = After(head_, batch, 1), there = After(head_, batch, 5);
  EXPECT_TRUE(SameHistory(here, there));
  EXPECT_FALSE(SameHistory(here, head_));
  EXPECT_FALSE(SameHistory(After(head_, NextBatch(head_, "other"), 1), here));
}

// One letter for each record that could come behind `heads`, the last of which is where the fold stands, followed by
// what could come behind that one.
void Walk(const std::vector<Head>& heads, int records, std::string* letters) {
  if (records == 0) return;
  const Head before_last = heads.size() > 1 ? heads[heads.size() - 2] : EmptyHead();
  std::vector<Record> following = {ClaimRecord('0'), ClaimRecord('1')};
  for (char claim : {'0', '1'}) {
    for (uint64_t sequence : {0, 1}) {
      for (const Head& before : {heads.back(), before_last, EmptyHead()}) {
        following.push_back(NextBatch(before));
        following.back().mutable_batch()->set_claim_id(ClaimId(claim));
        following.back().mutable_batch()->set_claim_sequence(sequence);
      }
    }
  }
  for (const Record& record : following) {
    const Verdict verdict = Judge(heads.back(), record);
    std::vector<Head> behind = heads;
    if (verdict == Verdict::kClaim || verdict == Verdict::kValid) behind.push_back(After(heads.back(), record, 0));
    letters->push_back("cv-!"[static_cast<int>(verdict)]);
    Walk(behind, records - 1, letters);
  }
}

TEST_F(FoldTest, EveryShortLogIsJudgedAsByTheModel) {
  std::string letters;
  Walk({EmptyHead()}, 4, &letters);
  uint64_t digest = 14695981039346656037u;
  for (char letter : letters) digest = (digest ^ static_cast<uint8_t>(letter)) * 1099511628211u;
  // The same walk in tests/model/test_ownership.py gives the same digest.
  EXPECT_EQ(std::string(absl::StrCat(absl::Hex(digest, absl::kZeroPad16))), "539f0ee85422e5ff");
}

}  // namespace
}  // namespace mynumber::eventsourcing
