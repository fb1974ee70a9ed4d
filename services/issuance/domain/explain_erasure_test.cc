#include "services/issuance/domain/explain_erasure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace mynumber::issuance {
namespace {

v1::ErasureRecord Record() {
  v1::ErasureRecord record;
  record.set_name("residents/0f");
  v1::Erasure& erasure = *record.mutable_erasure();
  erasure.set_ground(events::v1::ERASURE_GROUND_ORDERED);
  erasure.set_reference("order 7");
  erasure.mutable_requested_by()->set_authority("municipality/131016");
  erasure.mutable_requested_by()->set_clerk_id("clerk-7");
  erasure.mutable_approved_by()->set_authority("municipality/011002");
  erasure.mutable_approved_by()->set_clerk_id("chief-1");
  erasure.mutable_request_time()->set_seconds(1'795'890'729);
  erasure.mutable_approve_time()->set_seconds(1'795'890'730);
  erasure.mutable_approve_time()->set_nanos(5000);
  record.mutable_erase_time()->set_seconds(1'798'482'730);
  return record;
}

TEST(ErasureRecordTest, SaysWhatTheProtoSays) {
  EXPECT_EQ(StatementOf(Record()),
            "mynumber erasure 1\n"
            "residents/0f\n"
            "2\n"
            "order 7\n"
            "municipality/131016 clerk-7\n"
            "1795890729.000000000\n"
            "municipality/011002 chief-1\n"
            "1795890730.000005000\n"
            "1798482730.000000000\n");
}

TEST(ErasureRecordTest, WhateverIsChangedIsAnotherStatement) {
  std::set<std::string> statements = {StatementOf(Record())};
  const std::vector<std::function<void(v1::ErasureRecord*)>> changes = {
      [](auto* r) { r->set_name("residents/1f"); },
      [](auto* r) { r->mutable_erasure()->set_ground(events::v1::ERASURE_GROUND_RETENTION_ENDED); },
      [](auto* r) { r->mutable_erasure()->set_reference("order 8"); },
      [](auto* r) { r->mutable_erasure()->mutable_requested_by()->set_clerk_id("clerk-8"); },
      [](auto* r) { r->mutable_erasure()->mutable_approved_by()->set_authority("municipality/131016"); },
      [](auto* r) { r->mutable_erasure()->mutable_request_time()->set_seconds(1); },
      [](auto* r) { r->mutable_erasure()->mutable_approve_time()->set_nanos(6000); },
      [](auto* r) { r->mutable_erase_time()->set_seconds(-1); },
  };
  for (const auto& change : changes) {
    v1::ErasureRecord record = Record();
    change(&record);
    EXPECT_TRUE(statements.insert(StatementOf(record)).second) << record.ShortDebugString();
  }
}

TEST(ErasureRecordTest, TheEventIsTheSame) {
  const events::v1::ResidentErased event = EventOf(Record());
  EXPECT_EQ(event.reference(), "order 7");
  EXPECT_EQ(event.ground(), events::v1::ERASURE_GROUND_ORDERED);
  EXPECT_EQ(event.requested_by().clerk_id(), "clerk-7");
  EXPECT_EQ(event.approved_by().clerk_id(), "chief-1");
  EXPECT_EQ(event.requested_micros(), 1'795'890'729'000'000);
  EXPECT_EQ(event.approved_micros(), 1'795'890'730'000'005);
}

}  // namespace
}  // namespace mynumber::issuance
