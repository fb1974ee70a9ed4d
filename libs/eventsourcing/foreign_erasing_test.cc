// What one service's erasing means to another that writes of the same subjects under the same keys.

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/eventsourcing/inside_work_fixture.h"

namespace mynumber::eventsourcing {
namespace {

using Add = CounterService::Add;
using Erase = CounterService::Erase;
using Note = CounterService::Note;
using Open = CounterService::Open;

class ForeignErasingTest : public InsideWorkFixture {
 protected:
  // Whether any block of the log has a key with this id that is not destroyed.
  static bool Stands(const simulation::SimulatedLog& log, PartitionLog* handle, const std::string& key_id) {
    for (const std::string& bytes : log.records()) {
      eventlog::v1::Record record;
      eventlog::v1::KeyBlock block;
      record.ParseFromString(bytes);
      const auto& batch = record.batch();
      const auto read = handle->ReadKeyBlock({batch.claim_id(), batch.claim_sequence()});
      if (read.ok()) block.ParseFromString(*read);
      for (const auto& key : block.keys()) {
        if (key.key_id() == key_id && key.master_version() != 0) return true;
      }
    }
    return false;
  }
  std::string KeyIdOf(char subject) const {
    return std::string(DecodeStateRow(Row(StateKey(Subject(subject))))->key.id_view());
  }
};

TEST_F(ForeignErasingTest, WhoIsErasedThereIsErasedHereAndItsKeyStandsNowhere) {
  Serve();
  Accept('x', Open{7});
  Accept('y', Open{8});
  RunMirror();
  const std::string key = KeyIdOf('x'), other = KeyIdOf('y');
  ASSERT_TRUE(Stands(log_, handle_.get(), key) && Stands(mirror_log_, mirror_handle_.get(), key));
  Accept('x', Erase{});
  RunMirror();
  EXPECT_EQ(MirrorTotalOf('x'), "none");
  EXPECT_EQ(MirrorTotalOf('y'), "8");
  EXPECT_FALSE(Stands(log_, handle_.get(), key));
  EXPECT_FALSE(Stands(mirror_log_, mirror_handle_.get(), key));
  EXPECT_TRUE(Stands(mirror_log_, mirror_handle_.get(), other));
  EXPECT_EQ(mirror_->input_trouble(), absl::OkStatus());
  ExpectRowsAreTheFold();
}

TEST_F(ForeignErasingTest, WhatAnotherWroteBeforeItHeardOfTheErasingIsPassedOver) {
  Serve();
  Accept('x', Open{7});
  RunMirror();
  OfferToMirror('x', Erase{});
  RunMirror();
  Accept('x', Add{5});
  Accept('y', Open{1});
  RunMirror();
  EXPECT_EQ(mirror_->input_trouble(), absl::OkStatus());
  EXPECT_EQ(MirrorTotalOf('x'), "none");
  EXPECT_EQ(MirrorTotalOf('y'), "1");
  ExpectRowsAreTheFold();
}

TEST_F(ForeignErasingTest, WhoHearsOfTheSubjectOnlyAfterItsErasingWritesNothingOfIt) {
  Serve();
  Accept('x', Open{7});
  Accept('x', Add{1});
  Accept('x', Erase{});
  Accept('y', Open{1});
  Run();
  RunMirror();
  EXPECT_EQ(mirror_->input_trouble(), absl::OkStatus());
  EXPECT_EQ(MirrorRow(StateKey(Subject('x'))), "none");
  EXPECT_EQ(MirrorTotalOf('y'), "1");
  ExpectRowsAreTheFold();
}

TEST_F(ForeignErasingTest, AnEventUnderTheKeyThatIsDestroyedBehindItIsNoTrouble) {
  Serve();
  Accept('x', Open{7});
  RunMirror();
  Accept('x', Add{5});
  Accept('x', Erase{});
  Run();
  RestartMirror();
  RunMirror();
  EXPECT_EQ(mirror_->input_trouble(), absl::OkStatus());
  EXPECT_EQ(MirrorTotalOf('x'), "none");
  ExpectRowsAreTheFold();
}

}  // namespace
}  // namespace mynumber::eventsourcing
