#include "libs/eventsourcing/authenticated_log.h"

#include <gtest/gtest.h>

#include "libs/eventsourcing/fold.h"
#include "libs/eventsourcing/hand_driven_log.h"
#include "libs/eventsourcing/made_records.h"
#include "libs/eventsourcing/settings.h"

namespace mynumber::eventsourcing {
namespace {

// A log that several hold.
class Shared : public PartitionLog {
 public:
  explicit Shared(HandDrivenLog* log) : log_(log) {}
  absl::Status NewWriter() override { return log_->NewWriter(); }
  void Append(AppendRequest request) override { log_->Append(std::move(request)); }
  std::optional<AppendResult> Poll() override { return log_->Poll(); }
  absl::StatusOr<Offset> End() override { return log_->End(); }
  absl::StatusOr<std::vector<LogRecord>> Read(Offset from, size_t bytes) override { return log_->Read(from, bytes); }
  absl::StatusOr<std::string> ReadKeyBlock(const KeyBlockId& id) override { return log_->ReadKeyBlock(id); }

 private:
  HandDrivenLog* log_;
};

std::string CodeOf(std::string_view key, std::string_view record) { return CountingChain(key, record); }

class AuthenticatedLogTest : public ::testing::Test {
 protected:
  std::unique_ptr<PartitionLog> LogOf(const std::string& key) {
    return MakeAuthenticated(
        std::make_unique<Shared>(&raw_), [key](std::string_view record) { return CodeOf(key, record); },
        [this](Offset offset) { forged_.push_back(offset); });
  }
  // Through a log with this key.
  void Append(const std::string& key, const eventlog::v1::Record& record) {
    auto log = LogOf(key);
    ASSERT_EQ(log->NewWriter(), absl::OkStatus());
    log->Append({record.SerializeAsString(), {}, {}});
    raw_.Acknowledge();
    ASSERT_TRUE(log->Poll());
  }
  // What the cluster makes of all that stands there.
  std::string Verdicts() {
    auto log = LogOf("ours");
    Head head = EmptyHead();
    std::string verdicts;
    const auto records = log->Read(0, 1 << 20);
    for (const LogRecord& entry : *records) {
      eventlog::v1::Record record;
      const Verdict verdict = Judge(head, entry.bytes, &record);
      verdicts += "CVva"[static_cast<int>(verdict)];
      if (verdict != Verdict::kVoid) head = Advance(head, record, entry.bytes, entry.offset, CountingChain);
      last_ = head;
    }
    return verdicts;
  }

  HandDrivenLog raw_;
  Head last_ = EmptyHead();
  std::vector<Offset> forged_;
};

TEST_F(AuthenticatedLogTest, WhatWasAppendedIsReadAsItWas) {
  const eventlog::v1::Record claim = ClaimRecord('a');
  Append("ours", claim);
  const auto records = LogOf("ours")->Read(0, 1 << 20);
  ASSERT_EQ(records->size(), 1u);
  EXPECT_EQ(records->front().bytes, claim.SerializeAsString());
  eventlog::v1::Record raw;
  ASSERT_TRUE(raw.ParseFromString(raw_.records[0])) << "the log's own bytes are a Record, too";
  EXPECT_EQ(raw.code().size(), 32u);
  EXPECT_EQ(raw.opened().claim_id(), ClaimId('a'));
  EXPECT_TRUE(forged_.empty());
}

TEST_F(AuthenticatedLogTest, WhoeverHasNotTheKeyNeitherForgesNorFences) {
  Append("ours", ClaimRecord('a'));
  EXPECT_EQ(Verdicts(), "C");
  const eventlog::v1::Record next = NextBatch(last_, "request");
  // A batch that fits in every other way, and a claim; with another key, and without any.
  Append("theirs", next);
  Append("theirs", ClaimRecord('b'));
  raw_.Put(next.SerializeAsString());
  raw_.Put(ClaimRecord('c').SerializeAsString());
  raw_.Put("");
  EXPECT_EQ(Verdicts(), "Cvvvvv");
  EXPECT_EQ(forged_, (std::vector<Offset>{1, 2, 3, 4, 5}));
  Append("ours", next);
  EXPECT_EQ(Verdicts(), "CvvvvvV") << "the owner goes on";
}

TEST_F(AuthenticatedLogTest, EveryChangedByteIsFound) {
  Append("ours", ClaimRecord('a'));
  const std::string right = raw_.records[0];
  for (size_t i = 0; i < right.size(); ++i) {
    raw_.records[0] = right;
    raw_.records[0][i] = static_cast<char>(raw_.records[0][i] ^ 1);
    EXPECT_EQ(Verdicts(), "v") << "byte " << i;
  }
  raw_.records[0] = right + "x";
  EXPECT_EQ(Verdicts(), "v");
}

TEST_F(AuthenticatedLogTest, AStartWithAnotherKeyringSaysWhatDiffers) {
  eventlog::v1::Record claim = ClaimRecord('a');
  claim.mutable_opened()->mutable_settings()->set_service("counters");
  claim.mutable_opened()->mutable_settings()->set_identifier_key_fingerprint("1111");
  Append("theirs", claim);
  eventlog::v1::ClusterSettings ours = claim.opened().settings();
  ours.set_identifier_key_fingerprint("2222");
  auto log = LogOf("ours");
  EXPECT_NE(CheckFirstClaim(log.get(), ours).message().find("another key of the numbers"), std::string::npos);
  // The same settings, and yet no code of ours: of a program that had none.
  const absl::Status status = CheckFirstClaim(log.get(), claim.opened().settings());
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_NE(status.message().find("log export"), std::string::npos) << status;
}

}  // namespace
}  // namespace mynumber::eventsourcing
