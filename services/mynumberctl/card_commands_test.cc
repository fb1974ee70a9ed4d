#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "services/mynumberctl/command_fixture.h"

namespace mynumber::mynumberctl {
namespace {

using namespace card::v1;  // NOLINT: requests and answers of this file
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
namespace events = card::events::v1;

constexpr char kApplication[] = "residents/00000000000000000000000012345678/applications/1";
constexpr char kCard[] = "residents/00000000000000000000000012345678/cards/1";

class CardCommandsTest : public CommandLineTest {
 protected:
  CardCommandsTest() {
    card_.application.set_name(kApplication);
    card_.application.set_state(Application::STATE_RECEIVED);
    *card_.review.mutable_application() = card_.application;
    card_.review.set_photo("a picture");
    card_.card.set_name(kCard);
    card_.card.set_state(Card::STATE_IN_USE);
    card_.status.set_name(kCard);
    card_.status.set_state(Card::STATE_SUSPENDED);
    *card_.suspension.mutable_status() = card_.status;
  }

  // As a sheet or a table that says all of `says`, and as one JSON object.
  void ExpectShown(const std::vector<std::string>& words, const std::vector<std::string>& says,
                   const std::string& input = "") {
    auto as_json = words;
    as_json.insert(as_json.end(), {"--output", "json"});
    EXPECT_EQ(Run(as_json, input), ExitCode::kDone) << words[1] << ": " << err_;
    EXPECT_TRUE(nlohmann::json::accept(out_)) << words[1] << ": " << out_;
    EXPECT_EQ(Run(words, input), ExitCode::kDone) << words[1] << ": " << err_;
    for (const std::string& word : says) EXPECT_THAT(out_, HasSubstr(word)) << words[1];
  }
};

TEST_F(CardCommandsTest, ApplicationsAreBegunWithWhatStandardInputSays) {
  ExpectShown({"application", "start", "--way", "smartphone"}, {kApplication, "received"},
              R"({"application_id": "12345678901234567890123", "email": "hanako@example.jp"})");
  const auto started = card_.Last<StartApplicationRequest>();
  EXPECT_EQ(started.application_id(), "12345678901234567890123");
  EXPECT_EQ(started.email(), "hanako@example.jp");
  EXPECT_EQ(started.way(), events::APPLICATION_WAY_SMARTPHONE);
  EXPECT_EQ(started.actor().authority(), "application-site");
  EXPECT_FALSE(started.request_id().empty());
  ExpectShown({"application", "confirm"}, {kApplication}, R"({"token": "t-1"})");
  EXPECT_EQ(card_.Last<ConfirmEmailRequest>().token(), "t-1");
  const std::string photo = WriteFile("photo.jpg", "a picture");
  ExpectShown({"application", "submit", kApplication, "--photo", photo}, {kApplication});
  EXPECT_EQ(card_.Last<SubmitApplicationRequest>().name(), kApplication);
  EXPECT_EQ(card_.Last<SubmitApplicationRequest>().photo(), "a picture");
  EXPECT_EQ(Run({"application", "submit", kApplication, "--photo", photo + ".none"}), ExitCode::kUsage);
  EXPECT_THAT(err_, HasSubstr("--photo"));
  ExpectShown({"application", "mailed", "--received", "2026-11-20", "--photo-taken", "2026-11-01"}, {kApplication},
              R"({"application_id": "12345678901234567890123"})");
  const auto mailed = card_.Last<RecordMailedApplicationRequest>();
  EXPECT_EQ(mailed.application_id(), "12345678901234567890123");
  EXPECT_EQ(mailed.received_date().day(), 20);
  EXPECT_EQ(mailed.photo_taken_date().day(), 1);
  EXPECT_TRUE(mailed.return_envelope());
}

TEST_F(CardCommandsTest, PersonalDataIsNoOptionOfTheCommandLine) {
  for (const char* option : {"--email", "--application-id", "--token", "--birth-date"}) {
    for (const char* command : {"start", "confirm", "mailed", "status"}) {
      EXPECT_EQ(Run({"application", command, option, "x"}), ExitCode::kUsage) << command << option;
    }
  }
}

TEST_F(CardCommandsTest, ThePublicIsToldTwoSentences) {
  card_.public_answer.set_sentence_ja("審査中です。");
  card_.public_answer.set_sentence_en("It is being reviewed.");
  ExpectShown({"application", "status"}, {"審査中です。\nIt is being reviewed.\n"},
              R"({"application_id": "12345678901234567890123", "birth_date": "1987-03-01"})");
  EXPECT_EQ(card_.Last<GetApplicationStatusRequest>().birth_date().year(), 1987);
  EXPECT_EQ(Run({"application", "status"}, R"({"application_id": "1", "birth_date": "yesterday"})"), ExitCode::kUsage);
}

TEST_F(CardCommandsTest, AClerkLooksAndSaysWhatCameOfIt) {
  const std::string file = ::testing::TempDir() + "/reviewed.jpg";
  std::remove(file.c_str());
  EXPECT_EQ(Run({"application", "review", kApplication, "--photo", file}), ExitCode::kDone) << err_;
  EXPECT_EQ(card_.Last<StartReviewRequest>().name(), kApplication);
  EXPECT_EQ(ReadFile(file), "a picture");
  struct stat seen;
  ASSERT_EQ(stat(file.c_str(), &seen), 0);
  EXPECT_EQ(seen.st_mode & 0777, 0600u);
  EXPECT_THAT(out_, Not(HasSubstr("a picture")));
  ExpectShown({"application", "review", kApplication, "--good"}, {kApplication});
  EXPECT_EQ(card_.Last<ReviewPhotoRequest>().name(), kApplication);
  EXPECT_EQ(card_.Last<ReviewPhotoRequest>().defects_size(), 0);
  ExpectShown({"application", "review", kApplication, "--defect", "blurred", "--defect", "edited"}, {kApplication});
  EXPECT_THAT(card_.Last<ReviewPhotoRequest>().defects(),
              ::testing::ElementsAre(events::PHOTO_DEFECT_BLURRED, events::PHOTO_DEFECT_EDITED));
  EXPECT_EQ(Run({"application", "review", kApplication, "--good", "--defect", "blurred"}), ExitCode::kUsage);
  ExpectShown({"application", "show", kApplication, "--clerk", "clerk-1"}, {kApplication});
  EXPECT_EQ(card_.Last<GetApplicationRequest>().actor().clerk_id(), "clerk-1");
  ExpectShown({"application", "withdraw", kApplication}, {kApplication});
  EXPECT_EQ(card_.Last<WithdrawApplicationRequest>().name(), kApplication);
}

TEST_F(CardCommandsTest, ListsAreTheMunicipalitys) {
  ExpectShown({"application", "list", "--municipality", "131016", "--state", "received"},
              {"APPLICATION", kApplication});
  EXPECT_EQ(card_.Last<ListApplicationsRequest>().actor().authority(), "municipality/131016");
  EXPECT_EQ(card_.Last<ListApplicationsRequest>().state(), Application::STATE_RECEIVED);
  ExpectShown({"card", "list", "--municipality", "131016", "--state", "in-use"}, {"CARD", kCard, "in use"});
  EXPECT_EQ(card_.Last<ListCardsRequest>().state(), Card::STATE_IN_USE);
  EXPECT_EQ(card_.Last<ListCardsRequest>().municipality_code(), "131016");
  auto* due = card_.deadlines.add_deadlines();
  due->set_card(kCard);
  due->set_kind(events::DEADLINE_KIND_PICK_UP);
  ExpectShown({"card", "deadlines", "--municipality", "131016", "--until", "2027-01-31"}, {"WHAT", kCard, "pick up"});
  EXPECT_EQ(card_.Last<ListDeadlinesRequest>().until().month(), 1);
}

TEST_F(CardCommandsTest, TheFactoryListsAndShips) {
  card_.batch.add_orders()->set_card(kCard);
  card_.batch.mutable_orders(0)->set_full_name("見本 花子");
  EXPECT_EQ(Run({"card", "produce", "--date", "2026-11-27"}), ExitCode::kDone) << err_;
  EXPECT_EQ(out_, std::string(kCard) + "\n") << "no name and no picture";
  EXPECT_EQ(card_.Last<GetProductionBatchRequest>().actor().authority(), "factory");
  EXPECT_EQ(card_.Last<GetProductionBatchRequest>().batch_date().day(), 27);
  auto* answer = card_.report.add_answers();
  answer->set_card(kCard);
  answer->set_taken(true);
  EXPECT_EQ(Run({"card", "produce", "--date", "2026-11-27", "--ship"}), ExitCode::kDone) << err_;
  const auto report = card_.Last<ReportProductionRequest>();
  ASSERT_EQ(report.results_size(), 1);
  EXPECT_EQ(report.results(0).card(), kCard);
  EXPECT_EQ(report.results(0).outcome(), ProductionResult::OUTCOME_SHIPPED);
  answer->set_taken(false);
  answer->set_refused_sentence("It was shipped already.");
  EXPECT_EQ(Run({"card", "produce", "--date", "2026-11-27", "--ship"}), ExitCode::kRefused);
  EXPECT_THAT(err_, AllOf(HasSubstr("It was shipped already."), HasSubstr("0 of 1")));
}

TEST_F(CardCommandsTest, FromTheCounterToTheHolder) {
  ExpectShown({"card", "arrive", kCard}, {kCard, "in use"});
  EXPECT_EQ(card_.Last<RecordArrivalRequest>().name(), kCard);
  ExpectShown({"card", "set-up", kCard}, {kCard});
  EXPECT_EQ(card_.Last<SetUpCardRequest>().name(), kCard);
  ExpectShown({"card", "notice", kCard}, {kCard});
  EXPECT_EQ(card_.Last<SendIssueNoticeRequest>().name(), kCard);
  ExpectShown({"card", "issue", kCard, "--document", "passport"}, {kCard});
  EXPECT_EQ(card_.Last<IssueCardRequest>().documents(0), events::DOCUMENT_PASSPORT);
  EXPECT_EQ(card_.Last<IssueCardRequest>().pins_set_size(), 4);
  ExpectShown({"card", "issue", kCard, "--document", "passport", "--without-signature"}, {kCard});
  EXPECT_EQ(card_.Last<IssueCardRequest>().pins_set_size(), 3);
  EXPECT_TRUE(card_.Last<IssueCardRequest>().without_signature_certificate());
  ExpectShown({"card", "show", kCard}, {kCard});
  EXPECT_EQ(card_.Last<GetCardRequest>().name(), kCard);
}

TEST_F(CardCommandsTest, SuspendedAndLifted) {
  ExpectShown({"card", "suspend", kCard, "--reason", "stolen"}, {"Suspended\n", kCard, "NO"});
  EXPECT_EQ(card_.Last<SuspendCardRequest>().reason(), events::SUSPENSION_REASON_STOLEN);
  EXPECT_EQ(card_.Last<SuspendCardRequest>().name(), kCard);
  card_.suspension.set_was_suspended(true);
  ExpectShown({"card", "suspend", kCard, "--reason", "lost"}, {"Suspended before\n"});
  ExpectShown({"card", "status", kCard, "--stale"}, {"NO", "suspended"});
  EXPECT_TRUE(card_.Last<GetCardStatusRequest>().stale());
  EXPECT_EQ(card_.Last<GetCardStatusRequest>().actor().authority(), "terminal");
  ExpectShown({"card", "lift", kCard, "--document", "passport", "--police-receipt", "A-1"}, {kCard});
  const auto lifted = card_.Last<LiftSuspensionRequest>();
  EXPECT_EQ(lifted.name(), kCard);
  EXPECT_TRUE(lifted.person_present());
  EXPECT_EQ(lifted.police_receipt(), "A-1");
  EXPECT_FALSE(lifted.lost_at_home());
}

}  // namespace
}  // namespace mynumber::mynumberctl
