// An instance stops: what was accepted is finished and answered, the rest is refused with a time to retry, and after
// the next start everything is as it was answered.

#include <atomic>
#include <chrono>
#include <future>
#include <map>
#include <set>
#include <thread>

#include "tests/stories/story.h"

namespace mynumber::stories {
namespace {

// Longer than any of these tests should take: a stop that uses it up fails.
constexpr int64_t kGraceMillis = 120'000;

class StoppingStory : public Story {
 protected:
  void Stop() {
    const auto began = std::chrono::steady_clock::now();
    cluster_->Stop(kGraceMillis);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(kGraceMillis / 2))
        << "somebody was waited for until the grace was over";
  }
  void Start() {
    cluster_->Start();
    client_ = cluster_->NewClient();
  }
  static void ExpectSafeToRepeat(const absl::Status& status) {
    EXPECT_THAT(status, IsRefused(StatusCode::kUnavailable, "SHUTTING_DOWN"));
    EXPECT_EQ(ProblemOf(status).retry_millis, 200);
  }
};

// Whoever comes between the decision to stop and the closing of the port.
class RefusingStory : public StoppingStory {
 protected:
  static void SetUpTestSuite() {
    cluster_ = std::make_unique<RunningCluster>();
    // Long enough for every caller here to hear it, however slow the machine is.
    cluster_->options.refusing_millis = 3'000;
    cluster_->Start();
  }
};

TEST_F(RefusingStory, StreamsThatClientsKeepOpenEnd) {
  const auto load = client_.StartBulk();
  ASSERT_TRUE(load->Send(city_.Batch(1, {Somebody()})));
  ASSERT_TRUE(load->Next().has_value());
  const auto validation = client_.StartValidation();
  ASSERT_TRUE(validation->Send(city_.Validation({"1"})));
  ASSERT_TRUE(validation->Next().has_value());
  const auto unused = client_.StartBulk();
  Stop();
  EXPECT_FALSE(load->Next().has_value());
  ExpectSafeToRepeat(load->End());
  EXPECT_FALSE(validation->Next().has_value());
  ExpectSafeToRepeat(validation->End());
  EXPECT_FALSE(unused->Next().has_value());
  ExpectSafeToRepeat(unused->End());
  Start();
}

TEST_F(StoppingStory, EveryRowOfALoadIsAnsweredOrSafeToRepeat) {
  std::vector<v1::RegisterResidentsRequest> batches;
  for (uint64_t id = 0; id < 200; ++id) {
    std::vector<Person> people;
    for (int i = 0; i < 50; ++i) people.push_back(Somebody());
    batches.push_back(city_.Batch(id, people));
  }
  const size_t before = client_.CommandsInLog().size();
  const auto load = client_.StartBulk();
  auto sender = std::async(std::launch::async, [&] {
    for (const auto& batch : batches) {
      if (!load->Send(batch)) return;
    }
  });
  std::map<uint64_t, v1::RegisterResidentsResponse> answers;
  std::future<void> stopped;
  while (const auto answer = load->Next()) {
    answers[answer->batch_id()] = *answer;
    if (answers.size() == 5) stopped = std::async(std::launch::async, [&] { Stop(); });
  }
  ExpectSafeToRepeat(load->End());
  sender.get();
  stopped.get();
  EXPECT_LT(answers.size(), batches.size()) << "the load ended before the stop";

  Start();
  size_t accepted = 0;
  for (const auto& [id, answer] : answers) {
    for (const v1::RegisteredRow& row : answer.rows()) {
      if (!row.has_error()) ++accepted;
      if (row.has_error()) ExpectSafeToRepeat(ErrorOf(row));
    }
  }
  EXPECT_EQ(client_.CommandsInLog().size(), before + accepted) << "something was written that was not answered";
  const auto again = client_.Load(batches);
  ASSERT_THAT(again, IsOk());
  for (size_t id = 0; id < batches.size(); ++id) {
    for (int row = 0; row < 50; ++row) {
      const v1::RegisteredRow& now = again->at(id).rows(row);
      ASSERT_THAT(ErrorOf(now), IsOk());
      if (answers.count(id) == 0 || answers[id].rows(row).has_error()) continue;
      EXPECT_EQ(now.SerializeAsString(), answers[id].rows(row).SerializeAsString());
    }
  }
  EXPECT_TRUE(client_.Verify()->clean());
}

TEST_F(RefusingStory, EverySingleCallIsAnsweredOrSafeToRepeat) {
  struct Asked {
    v1::RegisterResidentRequest request;
    absl::StatusOr<v1::Resident> answer = absl::UnknownError("not asked");
  };
  constexpr int kCallers = 8;
  std::vector<std::vector<Asked>> all(kCallers);
  std::atomic<int> answered{0};
  std::vector<std::thread> callers;
  std::atomic<int64_t> next{500'000};
  for (int c = 0; c < kCallers; ++c) {
    callers.emplace_back([&, c, client = cluster_->NewClient()] {
      for (;;) {
        Asked asked{city_.Registration(MadeUp(++next)), absl::UnknownError("not asked")};
        asked.answer = client.Call(asked.request);
        all[static_cast<size_t>(c)].push_back(asked);
        if (!asked.answer.ok()) return;
        ++answered;
      }
    });
  }
  while (answered < 100) std::this_thread::yield();
  auto stopped = std::async(std::launch::async, [&] { Stop(); });
  for (std::thread& caller : callers) caller.join();
  stopped.get();
  Start();
  for (const auto& of_one : all) {
    for (const Asked& asked : of_one) {
      const auto now = client_.Call(asked.request);
      ASSERT_THAT(now, IsOk());
      if (asked.answer.ok()) {
        EXPECT_EQ(now->SerializeAsString(), asked.answer->SerializeAsString());
        continue;
      }
      ExpectSafeToRepeat(asked.answer.status());
    }
  }
}

TEST_F(StoppingStory, EverythingThatWasAnsweredIsTheSameAfterARestart) {
  const Person person = Somebody();
  const v1::RegisterResidentRequest registration = city_.Registration(person);
  const v1::Resident registered = client_.Call(registration).value();
  ASSERT_THAT(client_.Call(city_.Move({registered.name()})), IsOk());
  ASSERT_THAT(client_.Call(sapporo_.Replacement(registered.name())), IsOk());
  const v1::DiscloseNumberRequest disclosure = sapporo_.Disclosure(registered.name());
  const v1::DiscloseNumberResponse disclosed = client_.Call(disclosure).value();
  v1::Resident seen = Seen(registered.name());
  const auto disclosures = client_.Call(sapporo_.Disclosures(registered.name())).value();
  const auto digest = client_.Call(city_.Digest()).value();
  const auto list = client_.Call(sapporo_.List(1000)).value();
  const auto found = client_.Call(sapporo_.Find(person.details.full_name(), person.details.birth_date())).value();

  Stop();
  Start();
  EXPECT_EQ(client_.Call(registration)->SerializeAsString(), registered.SerializeAsString());
  EXPECT_EQ(client_.Call(disclosure)->SerializeAsString(), disclosed.SerializeAsString());
  v1::Resident after = Seen(registered.name());
  after.clear_position();
  seen.clear_position();
  EXPECT_EQ(after.SerializeAsString(), seen.SerializeAsString());
  EXPECT_EQ(client_.Call(sapporo_.Disclosures(registered.name()))->SerializeAsString(),
            disclosures.SerializeAsString());
  EXPECT_EQ(client_.Call(city_.Digest())->SerializeAsString(), digest.SerializeAsString());
  EXPECT_EQ(client_.Call(sapporo_.List(1000))->SerializeAsString(), list.SerializeAsString());
  EXPECT_EQ(found.candidates_size(), 1);
  EXPECT_EQ(client_.Call(sapporo_.Find(person.details.full_name(), person.details.birth_date()))->SerializeAsString(),
            found.SerializeAsString());
}

// Calls that come while an instance starts are refused until it has caught up, never answered from half of its rows.
TEST_F(StoppingStory, AStartIsMetWithPatience) {
  const Person person = Somebody();
  const v1::RegisterResidentRequest registration = city_.Registration(person);
  const v1::Resident registered = client_.Call(registration).value();
  Stop();
  ASSERT_THAT(cluster_->TryStart(), IsOk());
  client_ = cluster_->NewClient();
  EXPECT_EQ(client_.Health("mynumber.issuance.v1.IssuanceService"), "NOT_SERVING");
  for (;;) {
    const auto again = client_.Call(registration);
    if (again.ok()) {
      EXPECT_EQ(again->SerializeAsString(), registered.SerializeAsString());
      break;
    }
    ASSERT_THAT(again, IsRefused(StatusCode::kUnavailable, "PARTITION_NOT_SERVING"));
    EXPECT_EQ(ProblemOf(again.status()).retry_millis, 500);
    const bool serving = cluster_->standalone().Serving();
    cluster_->standalone().Refresh();
    const std::string health = client_.Health("mynumber.issuance.v1.IssuanceService");
    const int ready = cluster_->Get("/readyz").code;
    if (serving != cluster_->standalone().Serving()) continue;
    EXPECT_EQ(health, serving ? "SERVING" : "NOT_SERVING");
    EXPECT_EQ(ready, serving ? 200 : 503);
  }
  Stop();
  Start();
}

}  // namespace
}  // namespace mynumber::stories
