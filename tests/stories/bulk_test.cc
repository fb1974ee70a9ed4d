// A municipality loads many residents: the stream of batches.

#include <atomic>
#include <chrono>
#include <future>
#include <set>
#include <thread>

#include "tests/stories/story.h"

namespace mynumber::stories {
namespace {

class BulkStory : public Story {
 protected:
  static std::vector<Person> People(int count) {
    std::vector<Person> people;
    for (int i = 0; i < count; ++i) people.push_back(Somebody());
    return people;
  }
};

TEST_F(BulkStory, EveryRowIsAnsweredInItsPlace) {
  const std::vector<Person> people = People(200);
  const auto answers = client_.Load({city_.Batch(7, people)});
  ASSERT_THAT(answers, IsOk());
  ASSERT_EQ(answers->size(), 1);
  EXPECT_EQ(answers->at(0).batch_id(), 7);
  ASSERT_EQ(answers->at(0).rows_size(), 200);
  std::set<std::string> numbers;
  for (int i = 0; i < 200; ++i) {
    const v1::RegisteredRow& row = answers->at(0).rows(i);
    ASSERT_FALSE(row.has_error()) << i;
    EXPECT_EQ(row.version(), 1);
    EXPECT_EQ(row.masked_individual_number(), "********" + row.individual_number().substr(8));
    EXPECT_EQ(Seen(row.name()).details().full_name(), people[static_cast<size_t>(i)].details.full_name());
    numbers.insert(row.individual_number());
  }
  EXPECT_EQ(numbers.size(), 200);
}

TEST_F(BulkStory, OneBadRowAmongGoodOnesIsRefusedAlone) {
  std::vector<Person> people = People(5);
  people[2].details.set_municipality_code("131017");
  people[4].record_code = people[0].record_code;
  const auto answers = client_.Load({city_.Batch(1, people), city_.Batch(2, People(1))});
  ASSERT_THAT(answers, IsOk());
  ASSERT_EQ(answers->size(), 2);
  const auto& rows = answers->at(0).rows();
  EXPECT_THAT(ErrorOf(rows[2]), IsRefused(StatusCode::kInvalidArgument, "MUNICIPALITY_CODE_WRONG_CHECK_DIGIT"));
  EXPECT_EQ(ProblemOf(ErrorOf(rows[2])).field_violations.at(0).field, "details.municipality_code");
  EXPECT_EQ(rows[2].name() + rows[2].individual_number() + rows[2].position(), "");
  EXPECT_THAT(ErrorOf(rows[4]), IsRefused(StatusCode::kAlreadyExists, "REGISTERED_WITH_OTHER_DETAILS"));
  for (int good : {0, 1, 3}) EXPECT_FALSE(rows[good].has_error()) << good;
  EXPECT_FALSE(answers->at(1).rows(0).has_error());
}

TEST_F(BulkStory, TwoThousandRowsMayBeSentAheadOfTheirAnswers) {
  std::vector<v1::RegisterResidentsRequest> batches;
  for (uint64_t id = 0; id < 20; ++id) batches.push_back(city_.Batch(id, People(100)));
  const auto load = client_.StartBulk();
  auto sender = std::async(std::launch::async, [&] {
    for (const auto& batch : batches) EXPECT_TRUE(load->Send(batch));
    load->NoMore();
  });
  std::set<std::string> names;
  for (uint64_t id = 0; id < 20; ++id) {
    const auto answer = load->Next();
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->batch_id(), id);
    for (const auto& row : answer->rows()) names.insert(row.name());
  }
  EXPECT_FALSE(load->Next().has_value());
  sender.get();
  EXPECT_THAT(load->End(), IsOk());
  EXPECT_EQ(names.size(), 2000);
}

// A client that reads no answers is not read from either, once what HTTP/2 and the server take ahead is full.
TEST_F(BulkStory, WhoDoesNotReadAnswersMustWait) {
  constexpr int kRows = 1000;
  // Long rows, so that a few batches fill the windows; they need not be right.
  std::vector<Person> people = People(kRows);
  for (Person& person : people) person.details.set_address(std::string(900, 'x'));
  const v1::RegisterResidentsRequest batch = city_.Batch(1, people);
  const auto load = client_.StartBulk();
  std::atomic<int> sent{0};
  auto sender = std::async(std::launch::async, [&] {
    for (int i = 0; i < 60; ++i) {
      if (!load->Send(batch)) break;
      ++sent;
    }
    load->NoMore();
  });
  // Nothing more moves once two looks, far apart, see the same.
  int before = -1;
  while (before != sent) {
    before = sent;
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  }
  EXPECT_LT(sent, 60) << "all of it was taken though no answer was read";
  int answers = 0;
  while (load->Next().has_value()) ++answers;
  sender.get();
  EXPECT_EQ(sent, 60);
  EXPECT_EQ(answers, 60);
  EXPECT_THAT(load->End(), IsOk());
}

TEST_F(BulkStory, RowsBeyondAThousandAreRefusedAndTheOthersAreNot) {
  const auto answers = client_.Load({city_.Batch(1, People(1002))});
  ASSERT_THAT(answers, IsOk());
  ASSERT_EQ(answers->at(0).rows_size(), 1002);
  for (int i = 0; i < 1000; ++i) ASSERT_FALSE(answers->at(0).rows(i).has_error()) << i;
  for (int i : {1000, 1001}) {
    EXPECT_THAT(ErrorOf(answers->at(0).rows(i)), IsRefused(StatusCode::kInvalidArgument, "TOO_MANY_ITEMS"));
  }
}

TEST_F(BulkStory, TheSameFileSentAgainGivesTheSameResidentsAndNumbers) {
  const v1::RegisterResidentsRequest batch = city_.Batch(1, People(50));
  const auto first = client_.Load({batch});
  ASSERT_THAT(first, IsOk());
  const auto again = client_.Load({batch});
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->at(0).SerializeAsString(), first->at(0).SerializeAsString());
  v1::RegisterResidentsRequest under_new_ids = batch;
  for (auto& row : *under_new_ids.mutable_residents()) row.set_request_id(NewRequestId());
  const auto masked = client_.Load({under_new_ids});
  ASSERT_THAT(masked, IsOk());
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(masked->at(0).rows(i).name(), first->at(0).rows(i).name());
    EXPECT_EQ(masked->at(0).rows(i).individual_number(), "");
    EXPECT_EQ(masked->at(0).rows(i).masked_individual_number(), first->at(0).rows(i).masked_individual_number());
  }
}

TEST_F(BulkStory, ARowMayNameAnActorOfItsOwn) {
  v1::RegisterResidentsRequest batch = city_.Batch(1, People(3));
  *batch.mutable_residents(1)->mutable_actor() = sapporo_.Clerk();
  batch.mutable_residents(2)->mutable_actor()->set_authority("municipality/131016");
  const auto answers = client_.Load({batch});
  ASSERT_THAT(answers, IsOk());
  EXPECT_THAT(ErrorOf(answers->at(0).rows(2)), IsRefused(StatusCode::kInvalidArgument, "CLERK_MISSING"));
  const auto disclosures = client_.Call(city_.Disclosures(answers->at(0).rows(1).name()));
  ASSERT_THAT(disclosures, IsOk());
  EXPECT_EQ(disclosures->disclosures(0).actor().authority(), sapporo_.authority());
  EXPECT_EQ(disclosures->disclosures(0).actor().clerk_id(), "clerk-s");
}

TEST_F(BulkStory, ACodeThatWasChangedLeadsToItsResident) {
  const Person person = Somebody();
  const v1::Resident first = Registered(person);
  Person under_new_code = person;
  under_new_code.record_code = Somebody().record_code;
  ASSERT_THAT(client_.Call(city_.CodeChange(first.name(), under_new_code.record_code)), IsOk());
  const auto answers = client_.Load({city_.Batch(1, {under_new_code})});
  ASSERT_THAT(answers, IsOk());
  EXPECT_THAT(ErrorOf(answers->at(0).rows(0)), IsOk());
  EXPECT_EQ(answers->at(0).rows(0).name(), first.name());
}

TEST_F(BulkStory, AnEmptyBatchAndAnEmptyStreamAreAnswered) {
  const auto answers = client_.Load({city_.Batch(3, {})});
  ASSERT_THAT(answers, IsOk());
  ASSERT_EQ(answers->size(), 1);
  EXPECT_EQ(answers->at(0).batch_id(), 3);
  EXPECT_EQ(answers->at(0).rows_size(), 0);
  EXPECT_THAT(client_.Load({}), IsOk());
}

TEST_F(BulkStory, AClientThatGoesAwayInTheMiddleLosesNothingThatWasAccepted) {
  const std::vector<Person> people = People(300);
  const v1::RegisterResidentsRequest batch = city_.Batch(1, people);
  {
    const auto load = client_.StartBulk();
    ASSERT_TRUE(load->Send(batch));
    ASSERT_TRUE(load->Next().has_value());
    ASSERT_TRUE(load->Send(city_.Batch(2, People(300))));
  }
  const auto again = client_.Load({batch});
  ASSERT_THAT(again, IsOk());
  for (const auto& row : again->at(0).rows()) EXPECT_EQ(row.version(), 1);
}

}  // namespace
}  // namespace mynumber::stories
