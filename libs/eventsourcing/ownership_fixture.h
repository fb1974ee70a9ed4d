#ifndef MYNUMBER_LIBS_EVENTSOURCING_OWNERSHIP_FIXTURE_H_
#define MYNUMBER_LIBS_EVENTSOURCING_OWNERSHIP_FIXTURE_H_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "libs/eventsourcing/hand_driven_log.h"
#include "libs/eventsourcing/made_records.h"
#include "libs/eventsourcing/noting_tenant.h"
#include "libs/eventsourcing/ownership.h"

namespace mynumber::eventsourcing {

// One instance, whose claims are called 'A', 'B', 'C', ...; those of others are written in small letters.
class OwnershipFixture : public testing::Test {
 protected:
  OwnershipFixture() {
    options_.instance = "instance-1";
    options_.address = "127.0.0.1:1";
    options_.settings = Settings();
    Restart();
  }

  using Record = eventlog::v1::Record;
  using Phase = Ownership::Phase;

  static eventlog::v1::ClusterSettings Settings() {
    eventlog::v1::ClusterSettings settings;
    settings.set_service("issuance");
    settings.set_partition_count(4);
    settings.set_identifier_key_fingerprint("fingerprint");
    return settings;
  }

  // The rows stay, as over a restart of the process.
  void Restart() {
    const auto random = [this](uint8_t* out, size_t size) {
      std::fill(out, out + size, size == 1 ? jitter_ : static_cast<uint8_t>(next_claim_++));
    };
    ownership_ = std::make_unique<Ownership>(&log_, &tenant_, options_, CountingChain, random);
  }

  // Until there is nothing more to do now.
  void Run() {
    for (int i = 0; ownership_->Step(now_micros_); ++i) ASSERT_LT(i, 1000) << "it never rests";
  }
  void Sleep() {
    now_micros_ += options_.retry_max_millis * 1000;
    Run();
  }

  Phase phase() const { return ownership_->phase(); }
  const OwnershipCounts& counts() const { return ownership_->counts(); }

  void SendClaim() {
    ownership_->Want(true);
    Run();
    ASSERT_EQ(phase(), Phase::kClaiming);
  }
  void Serve() {
    SendClaim();
    log_.Acknowledge();
    Run();
    ASSERT_EQ(phase(), Phase::kServing);
  }
  // A command comes, and its batch is on the way.
  void Send(const std::string& id) {
    tenant_.waiting.push_back(id);
    Run();
    ASSERT_TRUE(log_.sent) << "no batch was sent";
  }
  void Accept(const std::string& id) {
    Send(id);
    log_.Acknowledge();
    Run();
  }

  // The log's head as a fold of all that stands there.
  Head LogHead() const {
    Head head = EmptyHead();
    for (size_t offset = 0; offset < log_.records.size(); ++offset) {
      Record record;
      if (!record.ParseFromString(log_.records[offset])) continue;
      const Verdict verdict = Judge(head, record);
      if (verdict == Verdict::kVoid || verdict == Verdict::kAlarm) continue;
      head = After(head, record, static_cast<Offset>(offset));
    }
    return head;
  }
  static Record TheirClaim(char letter) {
    Record record = ClaimRecord(letter);
    *record.mutable_opened()->mutable_settings() = Settings();
    return record;
  }
  Offset PutClaim(char letter) { return log_.Put(TheirClaim(letter).SerializeAsString()); }
  // A batch of whoever has the newest claim.
  Offset PutBatch(const std::string& id) { return log_.Put(NextBatch(LogHead(), id).SerializeAsString()); }
  Offset PutVoid() { return log_.Put("void"); }
  // The log changes its leader: what stands from `from` on is gone.
  void Truncate(Offset from) { log_.records.resize(static_cast<size_t>(from)); }

  Record Sent() const {
    Record record;
    if (log_.sent) record.ParseFromString(log_.sent->record);
    return record;
  }

  OwnershipOptions options_;
  HandDrivenLog log_;
  NotingTenant tenant_;
  std::unique_ptr<Ownership> ownership_;
  int64_t now_micros_ = 1'000'000;
  uint8_t jitter_ = 0;
  char next_claim_ = 'A';
};

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_OWNERSHIP_FIXTURE_H_
