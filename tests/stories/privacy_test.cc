// Names, addresses, codes and numbers stand in no file, log line, metric or refusal in plain text, whatever is asked
// (P7).

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "tests/stories/story.h"

namespace mynumber::stories {
namespace {

namespace fs = std::filesystem;

class PrivacyStory : public ::testing::Test {
 protected:
  // Everything personal that is said in the story, and all that is heard in refusals.
  std::set<std::string> secrets_;
  std::string refusals_;
  RunningCluster cluster_;

  void Keep(const Person& person) {
    const events::ResidentDetails& d = person.details;
    for (const std::string& text : {person.record_code, d.full_name(), d.alias(), d.name_kana(), d.address()}) {
      if (!text.empty()) secrets_.insert(text);
    }
  }
  void Note(const absl::Status& status) {
    ASSERT_FALSE(status.ok());
    refusals_ += status.ToString(absl::StatusToStringMode::kWithEverything);
    const rpc::Problem problem = ProblemOf(status);
    for (const auto& [key, value] : problem.metadata) refusals_ += key + value + "\n";
    for (const auto& field : problem.field_violations) refusals_ += field.field + field.description + "\n";
    for (const auto& unmet : problem.unmet_conditions) refusals_ += unmet.subject + unmet.description + "\n";
    if (problem.resource) refusals_ += problem.resource->name + problem.resource->description + "\n";
  }

  // Every call that there is, accepted and refused.
  void TellAWholeLife(const Client& client) {
    const City city;
    const City sapporo(kSapporo, "clerk-s");
    for (const Person& person : {Hanako(), Taro(), Alex()}) Keep(person);
    const v1::Resident hanako = client.Call(city.Registration(Hanako())).value();
    const auto loaded = client.Load({city.Batch(1, {Taro(), Alex()})}).value();
    secrets_.insert(hanako.individual_number());
    for (const auto& row : loaded.at(0).rows()) secrets_.insert(row.individual_number());
    const std::string taro = loaded.at(0).rows(0).name();

    const v1::RecordMoveRequest move = city.Move({hanako.name(), taro});
    secrets_.insert(move.address());
    ASSERT_THAT(client.Call(move), IsOk());
    events::ResidentDetails corrected = Hanako().details;
    corrected.set_full_name("訂正後 花子");
    secrets_.insert(corrected.full_name());
    ASSERT_THAT(client.Call(sapporo.Correction(hanako.name(), corrected)), IsOk());
    const Person code_only = MadeUp(77);
    secrets_.insert(code_only.record_code);
    ASSERT_THAT(client.Call(city.CodeChange(hanako.name(), code_only.record_code)), IsOk());
    v1::DiscloseNumberRequest disclosure = city.Disclosure(hanako.name());
    disclosure.set_reference("tax file of the story");
    secrets_.insert(disclosure.reference());
    ASSERT_THAT(client.Call(disclosure), IsOk());
    ASSERT_THAT(client.Call(city.Search(hanako.individual_number())), IsOk());
    const v1::Resident replaced = client.Call(city.Replacement(hanako.name())).value();
    secrets_.insert(replaced.individual_number());
    ASSERT_THAT(client.Call(sapporo.Departure(taro)), IsOk());
    ASSERT_THAT(client.Call(city.Return(taro, Taro().details)), IsOk());
    ASSERT_THAT(client.Call(city.Departure(taro)), IsOk());
    ASSERT_THAT(client.Call(city.Death(loaded.at(0).rows(1).name())), IsOk());
    ASSERT_THAT(client.Call(city.Voiding(hanako.name())), IsOk());
    for (const City& of : {city, sapporo}) {
      ASSERT_THAT(client.Call(of.List()), IsOk());
      ASSERT_THAT(client.Call(of.Stream()), IsOk());
      ASSERT_THAT(client.Call(of.Digest()), IsOk());
      ASSERT_THAT(client.Call(of.Find(corrected.full_name(), corrected.birth_date())), IsOk());
    }
    ASSERT_THAT(client.Call(std::vector{city.Validation({hanako.individual_number(), "12345678901x"})}), IsOk());
    ASSERT_THAT(client.Call(city.Disclosures(hanako.name())), IsOk());
    ASSERT_THAT(client.Call(city.Outcome(move.request_id(), "RecordMove")), IsOk());
    TellWhatIsRefused(client, taro, hanako);
  }

  void TellWhatIsRefused(const Client& client, const std::string& departed, const v1::Resident& voided) {
    const City city;
    Person look_alike = Taro();
    look_alike.record_code = RecordCode("7777777777");
    Keep(look_alike);
    Note(client.Call(city.Registration(look_alike)).status());
    Person other_details = Taro();
    other_details.details.set_address("食い違う住所5番");
    Keep(other_details);
    Note(client.Call(city.Registration(other_details)).status());
    other_details.record_code = OtherLastDigit(other_details.record_code);
    Keep(other_details);
    Note(client.Call(city.Registration(other_details)).status());
    for (const char* name : {"不正な\n名前", "不正な\xFF名前"}) {
      Person bad = MadeUp(78);
      bad.details.set_full_name(name);
      Keep(bad);
      secrets_.insert("不正な");
      Note(client.Call(city.Registration(bad)).status());
      const auto loaded = client.Load({city.Batch(2, {bad})}).value();
      Note(ErrorOf(loaded.at(0).rows(0)));
    }
    v1::GetResidentRequest look = city.Look("residents/見本 花子");
    Note(client.Call(look).status());
    Note(client.Call(city.Disclosure(voided.name())).status());
    Note(client.Call(city.Search(voided.individual_number().substr(0, 11))).status());
    Note(client.Call(city.CodeChange(departed, Alex().record_code)).status());
    v1::RegisterResidentRequest reused = city.Registration(Taro());
    reused.mutable_actor()->set_clerk_id("見本 花子");
    Note(client.Call(reused).status());
  }

  void ExpectNoSecretIn(const std::string& text, const std::string& where) {
    for (const std::string& secret : secrets_) {
      EXPECT_EQ(text.find(secret), std::string::npos) << "'" << secret << "' stands in " << where;
    }
  }
};

TEST_F(PrivacyStory, NothingPersonalStandsAnywhereInPlainText) {
  ::testing::internal::CaptureStderr();
  cluster_.Start();
  TellAWholeLife(cluster_.NewClient());
  const std::string metrics = cluster_.Get("/metrics").body;
  EXPECT_EQ(cluster_.Metric("mynumber_log_redactions"), 0);
  cluster_.Restart();
  EXPECT_TRUE(cluster_.NewClient().Verify()->clean());
  // Rows folded afresh, too.
  cluster_.Stop();
  fs::remove_all(cluster_.data() + "/issuance");
  cluster_.Start();
  cluster_.Stop();
  const std::string lines = ::testing::internal::GetCapturedStderr();

  EXPECT_GT(secrets_.size(), 20);
  EXPECT_GT(refusals_.size(), 1000);
  ExpectNoSecretIn(lines, "the process's own lines");
  ExpectNoSecretIn(metrics, "/metrics");
  ExpectNoSecretIn(refusals_, "a refusal");
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(cluster_.data())) {
    if (!entry.is_regular_file()) continue;
    ++files;
    std::ifstream in(entry.path(), std::ios::binary);
    ExpectNoSecretIn(std::string(std::istreambuf_iterator<char>(in), {}), entry.path().string());
  }
  EXPECT_GT(files, 20);
}

}  // namespace
}  // namespace mynumber::stories
