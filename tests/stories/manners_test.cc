// How the server behaves whatever is asked: health, reflection, deadlines, a full queue, metrics, the admin port.

#include <algorithm>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>

#include "tests/stories/story.h"

namespace mynumber::stories {
namespace {

using ::testing::HasSubstr;

constexpr char kIssuance[] = "mynumber.issuance.v1.IssuanceService";

class MannersStory : public Story {
 protected:
  static std::string WithLabel(const std::string& name, const std::string& label, const std::string& value) {
    return name + "{" + label + "=\"" + value + "\",service=\"issuance\"}";
  }
  static double Refusals(const std::string& reason) {
    return cluster_->Metric(WithLabel("mynumber_refusals_total", "reason", reason));
  }
  static double Commands(const std::string& outcome) {
    return cluster_->Metric(WithLabel("mynumber_commands_total", "outcome", outcome));
  }
  static double Calls(const std::string& method, const std::string& code) {
    return cluster_->Metric("mynumber_rpc_requests_total{code=\"" + code + "\",method=\"" + method + "\",service=\"" +
                            kIssuance + "\"}");
  }
};

TEST_F(MannersStory, HealthAndReflectionNameTheServices) {
  EXPECT_EQ(client_.Health(""), "SERVING");
  EXPECT_EQ(client_.Health(kIssuance), "SERVING");
  EXPECT_EQ(client_.Health("mynumber.operations.v1.OperationsService"), "SERVING");
  EXPECT_EQ(client_.Health("mynumber.card.v1.CardService"), "SERVICE_UNKNOWN");
  const std::string names = client_.ReflectionAnswer();
  for (const char* name : {kIssuance, "mynumber.operations.v1.OperationsService", "grpc.health.v1.Health"}) {
    EXPECT_THAT(names, HasSubstr(name));
  }
}

TEST_F(MannersStory, WhatTheClientDoesNotWaitForAnyMoreIsNotDecided) {
  const v1::Resident resident = Registered(Somebody());
  const size_t before = client_.CommandsInLog().size();
  // Two minutes pass between a call's coming and its turn.
  cluster_->AdvanceClockWithEachLook(120'000'000);
  client_.deadline_millis = 60'000;
  const auto expect_passed = [](const auto& answer) {
    ASSERT_THAT(answer, IsRefused(StatusCode::kDeadlineExceeded, "DEADLINE_PASSED"));
    EXPECT_TRUE(ProblemOf(StatusOf(answer)).retry_millis.has_value());
  };
  const v1::RecordMoveRequest move = city_.Move({resident.name()});
  expect_passed(client_.Call(city_.Registration(Somebody())));
  expect_passed(ErrorOf(client_.Call(move)->results(0)));
  expect_passed(client_.Call(city_.Disclosure(resident.name())));
  expect_passed(client_.Call(city_.Look(resident.name())));
  expect_passed(client_.Call(city_.Digest()));
  EXPECT_EQ(client_.Call(city_.Outcome(move.request_id(), "RecordMove")).status().code(),
            StatusCode::kDeadlineExceeded);
  EXPECT_EQ(client_.CommandsInLog().size(), before);
  cluster_->AdvanceClockWithEachLook(0);
  client_.deadline_millis = 0;
  EXPECT_EQ(client_.Call(city_.Outcome(move.request_id(), "RecordMove"))->outcome(),
            v1::GetOutcomeResponse::OUTCOME_NOT_ACCEPTED);
  EXPECT_THAT(ErrorOf(client_.Call(move)->results(0)), IsOk());
}

TEST_F(MannersStory, ADeadlineThatIsFarAwayChangesNothing) {
  client_.deadline_millis = 24 * 3600 * 1000;
  EXPECT_THAT(client_.Call(city_.Registration(Somebody())), IsOk());
}

TEST_F(MannersStory, MetricsCountWhatHappened) {
  // The batch of an earlier call is counted a moment after its answer.
  for (double last = -1; last != Commands("accepted");) {
    last = Commands("accepted");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  constexpr char kRegistered[] = "mynumber_events_total{service=\"issuance\",type=\"resident_registered\"}";
  const double accepted = Commands("accepted"), refused = Commands("refused"), repeated = Commands("repeated");
  const double events = cluster_->Metric(kRegistered);
  const double batches = cluster_->Metric("mynumber_batch_commands_count{service=\"issuance\"}");
  const double commits = cluster_->Metric("mynumber_commit_seconds_count{service=\"issuance\"}");
  const double unknown = Refusals("RESIDENT_UNKNOWN"), empty = Refusals("NAME_EMPTY");
  const double registered = Calls("RegisterResident", "OK"), not_found = Calls("RecordDeath", "NOT_FOUND");

  const v1::RegisterResidentRequest registration = city_.Registration(Somebody());
  const v1::Resident resident = client_.Call(registration).value();
  ASSERT_THAT(client_.Call(registration), IsOk());
  ASSERT_THAT(client_.Call(city_.Look(resident.name())), IsOk());
  ASSERT_FALSE(client_.Call(city_.Death("residents/00112233445566778899aabbccddeeff")).ok());
  Person nameless = Somebody();
  nameless.details.clear_full_name();
  ASSERT_THAT(client_.Load({city_.Batch(1, {nameless, Somebody()})}), IsOk());

  EXPECT_EQ(Commands("accepted"), accepted + 2) << "a read is no command";
  EXPECT_EQ(Commands("refused"), refused + 1);
  EXPECT_EQ(Commands("repeated"), repeated + 1);
  EXPECT_EQ(cluster_->Metric(kRegistered), events + 2);
  EXPECT_EQ(cluster_->Metric("mynumber_batch_commands_count{service=\"issuance\"}"), batches + 5);
  EXPECT_EQ(cluster_->Metric("mynumber_commit_seconds_count{service=\"issuance\"}"), commits + 5);
  EXPECT_EQ(Refusals("RESIDENT_UNKNOWN"), unknown + 1);
  EXPECT_EQ(Refusals("NAME_EMPTY"), empty + 1);
  EXPECT_EQ(Calls("RegisterResident", "OK"), registered + 2);
  EXPECT_EQ(Calls("RecordDeath", "NOT_FOUND"), not_found + 1);
  EXPECT_GT(cluster_->Metric("mynumber_rpc_duration_seconds_count{method=\"RegisterResident\",service=\"" +
                             std::string(kIssuance) + "\"}"), 0);
}

TEST_F(MannersStory, EveryPartitionShowsWhereItStands) {
  for (const char* name : {"mynumber_waiting_commands", "mynumber_lag_records", "mynumber_applied_sequence",
                           "mynumber_applied_offset", "mynumber_partition_serving", "mynumber_partition_stopped",
                           "mynumber_claims", "mynumber_folded_records", "mynumber_void_records",
                           "mynumber_truncations"}) {
    for (int p = 0; p < 4; ++p) {
      const double value = cluster_->Metric(WithLabel(name, "partition", std::to_string(p)));
      EXPECT_GE(value, 0) << name;
      if (std::string(name) == "mynumber_partition_serving") EXPECT_EQ(value, 1);
      if (std::string(name) == "mynumber_claims") EXPECT_EQ(value, 1);
      if (std::string(name) == "mynumber_lag_records") EXPECT_EQ(value, 0);
    }
  }
}

TEST_F(MannersStory, TheAdminPortTellsHealthAndReadiness) {
  EXPECT_EQ(cluster_->Get("/healthz").code, 200);
  EXPECT_EQ(cluster_->Get("/readyz").code, 200);
  EXPECT_EQ(cluster_->Get("/metrics").code, 200);
  EXPECT_EQ(cluster_->Get("/residents").code, 404);
  EXPECT_THAT(cluster_->Get("/metrics").body, HasSubstr("# TYPE mynumber_commit_seconds histogram"));
}

// A loop that does not come back ends the process's claim to be alive, so that somebody starts it again.
TEST(HungLoopStory, IsNotAlive) {
  RunningCluster cluster;
  std::mutex hanging;
  cluster.options.hung_millis = 20;
  // The loops ask for the time at every step.
  cluster.options.now = [&] {
    std::lock_guard<std::mutex> lock(hanging);
    return cluster.NowMicros();
  };
  cluster.Start();
  {
    std::lock_guard<std::mutex> lock(hanging);
    while (cluster.Get("/healthz").code != 503) std::this_thread::yield();
    EXPECT_THAT(cluster.Get("/healthz").body, HasSubstr("a partition loop of issuance has not returned"));
  }
  while (cluster.Get("/healthz").code != 200) std::this_thread::yield();
}

class FullQueueStory : public MannersStory {
 protected:
  static void SetUpTestSuite() {
    cluster_ = std::make_unique<RunningCluster>();
    cluster_->options.partition_count = 1;
    cluster_->options.waiting_commands = 10;
    cluster_->Start();
  }
};

TEST_F(FullQueueStory, WhatDoesNotFitIsRefusedWithATimeToRetry) {
  std::vector<Person> people;
  for (int i = 0; i < 100; ++i) people.push_back(Somebody());
  v1::RegisterResidentsRequest batch = city_.Batch(1, people);
  std::set<std::string> names;
  int refused = 0;
  for (int times = 0; names.size() < 100 && times < 100; ++times) {
    const auto answers = client_.Load({batch});
    ASSERT_THAT(answers, IsOk());
    for (const v1::RegisteredRow& row : answers->at(0).rows()) {
      if (!row.has_error()) {
        names.insert(row.name());
        continue;
      }
      ++refused;
      ASSERT_THAT(ErrorOf(row), IsRefused(StatusCode::kResourceExhausted, "QUEUE_FULL"));
      EXPECT_EQ(ProblemOf(ErrorOf(row)).retry_millis, 200);
    }
    // As a client does that keeps the order: those that were answered are known, so the others get their turn.
    std::rotate(batch.mutable_residents()->begin(), batch.mutable_residents()->begin() + 9,
                batch.mutable_residents()->end());
  }
  EXPECT_EQ(names.size(), 100);
  EXPECT_GE(refused, 90);
  EXPECT_EQ(Refusals("QUEUE_FULL"), refused);
}

}  // namespace
}  // namespace mynumber::stories
