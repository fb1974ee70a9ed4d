// A resident gets another resident record code: the number stays, and both codes lead to the resident.

#include "tests/stories/story.h"

namespace mynumber::stories {
namespace {

class RecordCodeStory : public Story {
 protected:
  RecordCodeStory() : person_(Somebody()), first_(Registered(person_)), new_code_(Somebody().record_code) {}

  // The certificate as it was, under another code.
  v1::RegisterResidentRequest UnderCode(const std::string& code) {
    Person person = person_;
    person.record_code = code;
    return city_.Registration(person);
  }

  const Person person_;
  const v1::Resident first_;
  const std::string new_code_;
};

TEST_F(RecordCodeStory, TheNumberStaysTheSameOne) {
  const v1::ChangeResidentRecordCodeRequest request = city_.CodeChange(first_.name(), new_code_);
  const auto changed = client_.Call(request);
  ASSERT_THAT(changed, IsOk());
  EXPECT_EQ(changed->name(), first_.name());
  EXPECT_EQ(changed->version(), 3) << "asked for, and changed";
  EXPECT_EQ(changed->masked_individual_number(), first_.masked_individual_number());
  EXPECT_EQ(client_.Call(city_.Disclosure(first_.name()))->individual_number(), first_.individual_number());
}

TEST_F(RecordCodeStory, BothCodesLeadToTheResident) {
  ASSERT_THAT(client_.Call(city_.CodeChange(first_.name(), new_code_)), IsOk());
  const auto by_new = client_.Call(UnderCode(new_code_));
  ASSERT_THAT(by_new, IsOk());
  EXPECT_EQ(by_new->name(), first_.name());
  const auto by_first = client_.Call(UnderCode(person_.record_code));
  ASSERT_THAT(by_first, IsOk());
  EXPECT_EQ(by_first->name(), first_.name());
  EXPECT_EQ(Seen(first_.name()).version(), 3) << "a look-up writes nothing";
}

TEST_F(RecordCodeStory, SomebodyElseUnderTheNewCodeIsRefused) {
  ASSERT_THAT(client_.Call(city_.CodeChange(first_.name(), new_code_)), IsOk());
  Person other = Somebody();
  other.record_code = new_code_;
  const auto refused = client_.Call(city_.Registration(other));
  ASSERT_THAT(refused, IsRefused(StatusCode::kAlreadyExists, "REGISTERED_WITH_OTHER_DETAILS"));
  EXPECT_EQ(MetadataOf(refused.status(), "resident"), first_.name());
}

TEST_F(RecordCodeStory, TheNewCodeWithAnotherLastDigitIsRefusedByName) {
  ASSERT_THAT(client_.Call(city_.CodeChange(first_.name(), new_code_)), IsOk());
  EXPECT_THAT(client_.Call(UnderCode(OtherLastDigit(new_code_))),
              IsRefused(StatusCode::kAlreadyExists, "RECORD_CODE_KNOWN_WITH_OTHER_CHECK_DIGIT"));
}

TEST_F(RecordCodeStory, ACodeThatIsTakenIsRefusedAndNothingChanges) {
  const Person other = Somebody();
  const v1::Resident owner = Registered(other);
  const auto refused = client_.Call(city_.CodeChange(first_.name(), other.record_code));
  ASSERT_THAT(refused, IsRefused(StatusCode::kAlreadyExists, "RECORD_CODE_TAKEN"));
  EXPECT_EQ(MetadataOf(refused.status(), "resident"), owner.name());
  EXPECT_EQ(client_.Call(UnderCode(person_.record_code))->name(), first_.name());
  // The way is free for another change.
  const auto changed = client_.Call(city_.CodeChange(first_.name(), new_code_));
  ASSERT_THAT(changed, IsOk());
  EXPECT_EQ(client_.Call(UnderCode(new_code_))->name(), first_.name());
}

TEST_F(RecordCodeStory, ACodeThatLeadsToSomebodyIsTakenToo) {
  ASSERT_THAT(client_.Call(city_.CodeChange(first_.name(), new_code_)), IsOk());
  const std::string other = Registered(Somebody()).name();
  const auto refused = client_.Call(city_.CodeChange(other, new_code_));
  ASSERT_THAT(refused, IsRefused(StatusCode::kAlreadyExists, "RECORD_CODE_TAKEN"));
  EXPECT_EQ(MetadataOf(refused.status(), "resident"), first_.name());
}

TEST_F(RecordCodeStory, TheSameRequestGetsTheSameAnswerAndAnotherChangeCanFollow) {
  const v1::ChangeResidentRecordCodeRequest request = city_.CodeChange(first_.name(), new_code_);
  const auto changed = client_.Call(request);
  ASSERT_THAT(changed, IsOk());
  const auto again = client_.Call(request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->version(), 3);
  const std::string third_code = Somebody().record_code;
  EXPECT_EQ(client_.Call(city_.CodeChange(first_.name(), third_code))->version(), 5);
  for (const std::string& code : {person_.record_code, new_code_, third_code}) {
    EXPECT_EQ(client_.Call(UnderCode(code))->name(), first_.name());
  }
}

TEST_F(RecordCodeStory, ChangingBackToTheFirstCodeIsAllowed) {
  ASSERT_THAT(client_.Call(city_.CodeChange(first_.name(), new_code_)), IsOk());
  const auto back = client_.Call(city_.CodeChange(first_.name(), person_.record_code));
  ASSERT_THAT(back, IsOk());
  EXPECT_EQ(back->version(), 4) << "it leads home by itself";
}

TEST_F(RecordCodeStory, AllOfItIsTheSameAfterARestart) {
  ASSERT_THAT(client_.Call(city_.CodeChange(first_.name(), new_code_)), IsOk());
  cluster_->Restart();
  Client client = cluster_->NewClient();
  const auto by_new = client.Call(UnderCode(new_code_));
  ASSERT_THAT(by_new, IsOk());
  EXPECT_EQ(by_new->name(), first_.name());
  EXPECT_EQ(by_new->version(), 3);
}

}  // namespace
}  // namespace mynumber::stories
