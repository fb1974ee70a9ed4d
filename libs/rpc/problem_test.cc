#include "libs/rpc/problem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace mynumber::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Problem Everything() {
  Problem problem;
  problem.code = absl::StatusCode::kFailedPrecondition;
  problem.reason = "MOVE_BEFORE_RECORD";
  problem.domain = "issuance.mynumber";
  problem.sentence = "The move is dated before the record. Correct the date and send it under a new request id.";
  problem.metadata = {{"earliest_date", "2026-04-01"}, {"field", "move_date"}};
  problem.field_violations = {{"move_date", "must not be before 2026-04-01"}, {"address.line", "must not be empty"}};
  problem.unmet_conditions = {{"STATE", "residents/abc", "the resident has departed"}};
  problem.resource = NamedResource{"issuance.mynumber/Resident", "residents/abc", "the resident to move"};
  problem.retry_millis = 1'250;
  return problem;
}

TEST(ProblemTest, AStatusCarriesAllOfIt) {
  const absl::Status status = ToStatus(Everything());
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(std::string(status.message()), Everything().sentence);
  EXPECT_TRUE(ProblemOf(status) == Everything());
}

TEST(ProblemTest, TheClientSeesEachDetailOnceAndGetsAllOfItBack) {
  const google::rpc::Status seen = ToRpc(ToStatus(Everything()));
  EXPECT_EQ(seen.code(), 9);
  ASSERT_EQ(seen.details_size(), 5);
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(seen.details(0).UnpackTo(&info));
  EXPECT_EQ(info.reason(), "MOVE_BEFORE_RECORD");
  EXPECT_EQ(info.domain(), "issuance.mynumber");
  EXPECT_EQ(info.metadata().at("earliest_date"), "2026-04-01");
  google::rpc::RetryInfo retry;
  ASSERT_TRUE(seen.details(4).UnpackTo(&retry));
  EXPECT_EQ(retry.retry_delay().seconds(), 1);
  EXPECT_EQ(retry.retry_delay().nanos(), 250'000'000);
  EXPECT_TRUE(ProblemOf(FromRpc(seen)) == Everything());
}

TEST(ProblemTest, WhatDoesNotFitIsAbsent) {
  Problem problem;
  problem.code = absl::StatusCode::kNotFound;
  problem.reason = "RESIDENT_UNKNOWN";
  problem.domain = "issuance.mynumber";
  problem.sentence = "No such resident.";
  const google::rpc::Status seen = ToRpc(ToStatus(problem));
  EXPECT_EQ(seen.details_size(), 1);
  EXPECT_TRUE(ProblemOf(FromRpc(seen)) == problem);
}

TEST(ProblemTest, AStatusWithoutProblemGetsItsCodesName) {
  const google::rpc::Status seen = ToRpc(absl::UnavailableError("this instance is stopping"));
  EXPECT_EQ(seen.message(), "this instance is stopping");
  const std::optional<Problem> problem = ProblemOf(FromRpc(seen));
  ASSERT_TRUE(problem.has_value());
  EXPECT_EQ(problem->reason, "UNAVAILABLE");
  EXPECT_EQ(problem->domain, "mynumber");
}

TEST(ProblemTest, WhatFailedInsideStaysInside) {
  for (const absl::Status& status : {absl::InternalError("row 17 of /data/3 is torn"),
                                     absl::UnknownError("row 17 of /data/3 is torn"),
                                     absl::DataLossError("row 17 of /data/3 is torn")}) {
    const google::rpc::Status seen = ToRpc(status);
    EXPECT_EQ(seen.code(), static_cast<int>(status.code()));
    EXPECT_THAT(seen.message(), Not(HasSubstr("/data")));
    EXPECT_THAT(seen.message(), HasSubstr("ask GetOutcome"));
  }
}

TEST(ProblemTest, OkIsOk) {
  EXPECT_EQ(ToRpc(absl::OkStatus()).code(), 0);
  EXPECT_TRUE(FromRpc(google::rpc::Status()).ok());
  EXPECT_FALSE(ProblemOf(absl::OkStatus()).has_value());
}

TEST(ProblemTest, AStrangersStatusWithoutErrorInfoIsNoProblem) {
  google::rpc::Status strange;
  strange.set_code(5);
  strange.set_message("gone");
  const absl::Status status = FromRpc(strange);
  EXPECT_EQ(status, absl::NotFoundError("gone"));
  EXPECT_FALSE(ProblemOf(status).has_value());
}

TEST(ProblemTest, StaysSmallEnoughForATrailer) {
  Problem problem = Everything();
  problem.sentence.clear();
  while (problem.sentence.size() < 5'000) problem.sentence += "\xE5\xB1\xB1";
  for (int i = 0; i < 1'000; ++i) {
    problem.field_violations.push_back({"rows[" + std::to_string(i) + "].name", "must not be empty"});
  }
  const google::rpc::Status seen = ToRpc(ToStatus(problem));
  EXPECT_LE(seen.ByteSizeLong(), 3'000u);
  EXPECT_EQ(seen.message().size(), 999u);  // whole characters
  const Problem kept = ProblemOf(FromRpc(seen)).value();
  EXPECT_GT(kept.field_violations.size(), 5u);
  EXPECT_EQ(kept.field_violations[0].field, "move_date");
  EXPECT_TRUE(kept.retry_millis.has_value());
}

TEST(ProblemDeathTest, OkAndNamelessAreMistakes) {
  Problem problem = Everything();
  problem.code = absl::StatusCode::kOk;
  EXPECT_DEATH(ToStatus(problem), "OK is no problem");
  problem = Everything();
  problem.reason.clear();
  EXPECT_DEATH(ToStatus(problem), "needs a reason");
}

}  // namespace
}  // namespace mynumber::rpc
