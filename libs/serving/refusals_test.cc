#include "libs/serving/refusals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "libs/eventsourcing/request.h"
#include "libs/runtime/partition_host.h"
#include "libs/serving/counted_refusals.h"
#include "libs/serving/made_up_reasons.h"
#include "libs/testing/matchers.h"

namespace mynumber::serving {
namespace {

using mynumber::testing::HasReason;
using mynumber::testing::ReasonOf;

constexpr Refusals kRefusals = {"counting.mynumber", "State the clerk's id: every count has its clerk.", "OpenCounter"};

std::vector<absl::Status> All() {
  const Refusals& r = kRefusals;
  return {r.RequestIdMissing(),    r.RequestIdMalformed(), r.AuthorityMissing(),  r.AuthorityMalformed(),
          r.ClerkMissing(),        r.ClerkMalformed(),     r.PageTokenMalformed(), r.PageSizeNegative(),
          r.TooManyItems("i", 10), r.PositionMalformed(),  r.MethodUnknown(),     r.RequestTooLarge(4 << 20),
          r.RequestMalformed(),    r.PartitionUnknown(4),  r.RequestIdReused(),   r.PartitionNotServing(),
          r.PartitionStopped(),    r.QueueFull(),          r.OutcomeUnknown(),    r.ShuttingDown(),
          r.StorageFull(),         r.DeadlinePassed(),     r.NotIdentified(),     r.AuthorityNotYours(),
          r.MethodNotAllowed(),    r.LimitReached(1000),   r.AnswerErased()};
}

TEST(RefusalsTest, EachHasAReasonThatAllServicesShareAndTheServicesDomain) {
  std::set<std::string> reasons;
  for (const absl::Status& refusal : All()) {
    reasons.insert(ReasonOf(refusal));
    EXPECT_EQ(rpc::ProblemOf(refusal)->domain, "counting.mynumber");
  }
  EXPECT_EQ(reasons, SharedReasons());
}

TEST(RefusalsTest, TheServicesWordsStandInThem) {
  EXPECT_EQ(kRefusals.ClerkMissing().message(), "State the clerk's id: every count has its clerk.");
  EXPECT_EQ(kRefusals.MethodUnknown().message(), "Name the method that was called, for example OpenCounter.");
}

TEST(RefusalsTest, WhatTheEngineSaysBecomesARefusal) {
  const auto said = [](const absl::Status& status) { return FromEngine(kRefusals, status); };
  EXPECT_THAT(said(absl::UnavailableError("whatever")), HasReason(std::string_view("PARTITION_NOT_SERVING")));
  EXPECT_THAT(said(absl::UnavailableError(runtime::kPartitionStopped)),
              HasReason(std::string_view("PARTITION_STOPPED")));
  EXPECT_THAT(said(absl::UnavailableError(eventsourcing::kOutcomeUnknown)),
              HasReason(std::string_view("OUTCOME_UNKNOWN")));
  EXPECT_THAT(said(absl::UnimplementedError("unknown event")), HasReason(std::string_view("PARTITION_STOPPED")));
  EXPECT_THAT(said(absl::ResourceExhaustedError(eventsourcing::kStorageFull)),
              HasReason(std::string_view("STORAGE_FULL")));
  EXPECT_THAT(said(absl::ResourceExhaustedError("too many")), HasReason(std::string_view("QUEUE_FULL")));
  EXPECT_THAT(said(absl::DeadlineExceededError("")), HasReason(std::string_view("DEADLINE_PASSED")));
  EXPECT_THAT(said(absl::AlreadyExistsError(eventsourcing::kRequestIdReused)),
              HasReason(std::string_view("REQUEST_ID_REUSED")));
  EXPECT_THAT(said(absl::NotFoundError(eventsourcing::kAnswerErased)), HasReason(std::string_view("ANSWER_ERASED")));
  EXPECT_EQ(said(absl::DataLossError("inside")), absl::DataLossError("inside"));
  EXPECT_TRUE(said(absl::OkStatus()).ok());
}

TEST(RefusalsTest, EachIsCountedOnceByItsReason) {
  const MadeUpReasons reasons;
  metrics::Registry registry;
  const CountedRefusals refusals(&registry, "counting", &kRefusals, reasons.descriptor());
  EXPECT_TRUE(refusals.Refuse(absl::OkStatus()).ok());
  EXPECT_THAT(refusals.Refuse(absl::ResourceExhaustedError("too many")), HasReason(std::string_view("QUEUE_FULL")));
  EXPECT_TRUE(absl::IsDataLoss(refusals.Refuse(absl::DataLossError("inside"))));
  EXPECT_TRUE(absl::IsCancelled(refusals.Refuse(absl::CancelledError("gone"))));
  const std::string text = registry.Text();
  for (const char* line : {"mynumber_refusals_total{reason=\"QUEUE_FULL\",service=\"counting\"} 1",
                           "mynumber_refusals_total{reason=\"FAILED_INSIDE\",service=\"counting\"} 1",
                           "mynumber_refusals_total{reason=\"SHUTTING_DOWN\",service=\"counting\"} 0"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\nis not in\n" << text;
  }
}

TEST(RefusalsDeathTest, AServiceWithoutOneOfThemDoesNotStart) {
  std::set<std::string> names = SharedReasons();
  names.erase("QUEUE_FULL");
  const MadeUpReasons reasons(names);
  metrics::Registry registry;
  EXPECT_DEATH(CountedRefusals(&registry, "counting", &kRefusals, reasons.descriptor()),
               "ErrorReason lacks the reason QUEUE_FULL");
}

}  // namespace
}  // namespace mynumber::serving
