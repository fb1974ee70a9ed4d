// What was looked up, and what was refused: written down, and read by auditors alone.

#include <chrono>
#include <thread>

#include "tests/stories/story.h"

namespace mynumber::stories {
namespace {

class AccessRecordsStory : public Story {
 protected:
  static v1::ListAccessRecordsRequest List(const std::string& authority) {
    v1::ListAccessRecordsRequest request;
    request.mutable_actor()->set_authority("auditor");
    request.mutable_actor()->set_clerk_id("auditor-1");
    request.set_authority(authority);
    *request.mutable_month() = Today();
    return request;
  }
  static v1::FindResidentsRequest Find(const City& city, const Person& person) {
    return city.Find(person.details.full_name(), person.details.birth_date());
  }
  // "clerk service method answer count", oldest first; of attempts the reason is the answer.
  std::vector<std::string> Recorded(const std::string& authority) {
    std::vector<std::string> lines;
    const auto records = client_.Call(List(authority));
    EXPECT_THAT(records, IsOk());
    for (const auto& record : records->access_records()) {
      const std::string found = std::to_string(record.found()) + " of " + std::to_string(record.asked());
      lines.push_back(record.clerk_id() + " " + record.service() + " " + record.method() + " " +
                      (record.reason().empty() ? found : record.reason()) + " " + std::to_string(record.count()));
    }
    return lines;
  }
};

TEST_F(AccessRecordsStory, WhatWasRefusedIsCountedByClerkAndReason) {
  const v1::Resident resident = Registered(Somebody());
  for (int i = 0; i < 3; ++i) (void)client_.Call(sapporo_.Look(resident.name()));
  v1::DiscloseNumberRequest without_purpose = sapporo_.Disclosure(resident.name());
  without_purpose.clear_purpose();
  (void)client_.Call(without_purpose);
  v1::GetResidentRequest look = city_.Look(resident.name());
  look.mutable_actor()->set_authority("post-office");
  look.mutable_actor()->set_clerk_id("名前 花子");
  (void)client_.Call(look);
  // An orderly stop writes down what has not been yet.
  Restart();
  EXPECT_THAT(Recorded(sapporo_.authority()),
              ::testing::ElementsAre("clerk-s issuance DiscloseNumber PURPOSE_MISSING 1",
                                     "clerk-s issuance GetResident MUNICIPALITY_NOT_YOURS 3"));
  EXPECT_THAT(Recorded("post-office"), ::testing::ElementsAre(" issuance GetResident METHOD_NOT_ALLOWED 1"))
      << "what is no clerk's id may be a name, and is not kept";
  EXPECT_THAT(Recorded(City(kOsaka).authority()), ::testing::IsEmpty());
  EXPECT_TRUE(client_.Verify()->clean());
}

TEST_F(AccessRecordsStory, ItIsWrittenDownWithinSeconds) {
  const City osaka{kOsaka, "clerk-o"};
  (void)client_.Call(osaka.Look("residents/00000000000000000000000000000000"));
  for (int i = 0; i < 300 && Recorded(osaka.authority()).empty(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_THAT(Recorded(osaka.authority()),
              ::testing::ElementsAre("clerk-o issuance GetResident RESIDENT_UNKNOWN 1"));
}

TEST_F(AccessRecordsStory, ALookUpIsThereBeforeItsAnswer) {
  const City city{kOsaka, "clerk-l"};
  const Person person = MadeUp(700'000'001, city.code());
  const v1::Resident resident = client_.Call(city.Registration(person)).value();
  const size_t before = Recorded(city.authority()).size();
  ASSERT_THAT(client_.Call(Find(city, person)), IsOk());
  ASSERT_THAT(client_.Call(std::vector{city.Validation({resident.individual_number(), "000000000000", "12"})}), IsOk());
  std::vector<std::string> recorded = Recorded(city.authority());
  recorded.erase(recorded.begin(), recorded.begin() + static_cast<long>(before));
  EXPECT_THAT(recorded, ::testing::ElementsAre("clerk-l issuance FindResidents 1 of 1 1",
                                               "clerk-l issuance ValidateNumbers 1 of 3 1"));
}

TEST_F(AccessRecordsStory, IsForAuditorsPageByPage) {
  const City city{kChiyoda, "clerk-p"};
  for (int i = 0; i < 3; ++i) ASSERT_THAT(client_.Call(Find(city, Somebody())), IsOk());
  v1::ListAccessRecordsRequest list = List(city.authority());
  list.set_page_size(2);
  const auto first = client_.Call(list);
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->access_records_size(), 2);
  list.set_page_token(first->next_page_token());
  const auto second = client_.Call(list);
  ASSERT_THAT(second, IsOk());
  EXPECT_GE(second->access_records_size(), 1);
  EXPECT_NE(second->access_records(0).SerializeAsString(), first->access_records(0).SerializeAsString());
  list.set_page_token("12");
  EXPECT_THAT(client_.Call(list), IsRefused(StatusCode::kInvalidArgument, "PAGE_TOKEN_MALFORMED"));
  list = List("municipality/999999");
  EXPECT_THAT(client_.Call(list), IsRefused(StatusCode::kInvalidArgument, "AUTHORITY_MALFORMED"));
  list = List(city.authority());
  *list.mutable_actor() = city.Clerk();
  EXPECT_THAT(client_.Call(list), IsRefused(StatusCode::kPermissionDenied, "METHOD_NOT_ALLOWED"));
}

}  // namespace
}  // namespace mynumber::stories
