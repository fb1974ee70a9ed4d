#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "services/mynumberctl/command_fixture.h"

namespace mynumber::mynumberctl {
namespace {

using hotline::v1::Case;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr char kCase[] = "cases/00000000000000000000000012345678";
constexpr char kResident[] = "residents/00000000000000000000000012345678";
constexpr char kCard[] = "residents/00000000000000000000000012345678/cards/1";

class HotlineCommandsTest : public CommandLineTest {
 protected:
  HotlineCommandsTest() {
    Case& shown = hotline_.shown;
    shown.set_name(kCase);
    shown.set_state(Case::STATE_SUSPENSION_PENDING);
    shown.set_caller_kind(hotline::events::v1::CALLER_KIND_HOLDER);
    shown.set_language("ja");
    shown.add_cards(kCard);
    auto* suspension = shown.add_suspensions();
    suspension->set_card(kCard);
    suspension->set_state(hotline::v1::Suspension::STATE_NOT_YET_IN_EFFECT);
    auto* note = shown.add_notes();
    note->set_clerk_id("operator-1");
    note->set_text("電車で");
  }

  // As JSON too: whatever is shown comes as one object.
  void ExpectCase(const std::vector<std::string>& words, const std::string& input = "") {
    EXPECT_EQ(Run(words, input), ExitCode::kDone) << words[1] << ": " << err_;
    EXPECT_THAT(out_, AllOf(HasSubstr(kCase), HasSubstr("suspension pending"), HasSubstr("not yet in effect"),
                            HasSubstr("電車で")))
        << words[1];
    auto as_json = words;
    as_json.insert(as_json.end(), {"--output", "json"});
    EXPECT_EQ(Run(as_json, input), ExitCode::kDone);
    EXPECT_EQ(nlohmann::json::parse(out_)["name"], kCase) << words[1];
  }
};

TEST_F(HotlineCommandsTest, CasesAreOpenedWrittenToAndShown) {
  ExpectCase({"hotline", "open", "--caller", "finder", "--language", "en"});
  EXPECT_EQ(hotline_.last_open.caller_kind(), hotline::events::v1::CALLER_KIND_FINDER);
  EXPECT_EQ(hotline_.last_open.language(), "en");
  EXPECT_EQ(hotline_.last_open.actor().authority(), "hotline");
  EXPECT_FALSE(hotline_.last_open.request_id().empty());
  ExpectCase({"hotline", "police-report", kCase, "--receipt", "A-1"});
  EXPECT_EQ(hotline_.last_police_report.receipt_number(), "A-1");
  ExpectCase({"hotline", "note", kCase}, R"({"text": "折り返し"})");
  EXPECT_EQ(hotline_.last_note.text(), "折り返し");
  ExpectCase({"hotline", "close", kCase});
  EXPECT_EQ(hotline_.last_close.name(), kCase);
  ExpectCase({"hotline", "show", kCase, "--clerk", "operator-1"});
  EXPECT_EQ(hotline_.last_get.actor().clerk_id(), "operator-1");
}

TEST_F(HotlineCommandsTest, CallersAreSearchedAndCheckedWithoutTheCommandLine) {
  auto* candidate = hotline_.identification.add_candidates();
  candidate->set_resident(kResident);
  candidate->set_masked_name("見* 花*");
  candidate->add_cards()->set_name(kCard);
  EXPECT_EQ(Run({"hotline", "identify", kCase, "--by", "name"},
                R"({"name": "ミホン ハナコ", "birth_date": "1987-03-01"})"),
            ExitCode::kDone)
      << err_;
  EXPECT_THAT(out_, AllOf(HasSubstr(kResident), HasSubstr("見* 花*"), HasSubstr(kCard)));
  EXPECT_EQ(hotline_.last_identify.search().name(), "ミホン ハナコ");
  EXPECT_EQ(hotline_.last_identify.search().birth_date().year(), 1987);
  hotline_.identification.Clear();
  *hotline_.identification.mutable_case_() = hotline_.shown;
  hotline_.identification.set_failure(hotline::events::v1::IDENTIFICATION_FAILURE_ADDRESS);
  EXPECT_EQ(Run({"hotline", "identify", kCase, "--resident", kResident},
                R"({"birth_date": "1987-03-01", "address": "架空町1-2", "code_word": "さくら"})"),
            ExitCode::kRefused);
  EXPECT_THAT(err_, HasSubstr("Do not tell the caller"));
  EXPECT_EQ(hotline_.last_identify.claim().address(), "架空町1-2");
  EXPECT_EQ(hotline_.last_identify.claim().code_word(), "さくら");
  EXPECT_EQ(Run({"hotline", "identify", kCase}), ExitCode::kUsage) << "neither a search nor a claim";
  EXPECT_EQ(Run({"hotline", "identify", kCase, "--by", "name"}, R"({"name": "x", "birth_date": "yesterday"})"),
            ExitCode::kUsage);
}

TEST_F(HotlineCommandsTest, WhetherASuspensionIsInEffectIsTheFirstLine) {
  const std::vector<std::string> words = {"hotline", "suspend", kCase, "--card", kCard, "--reason", "stolen"};
  hotline_.suspension.set_state(hotline::v1::Suspension::STATE_NOT_YET_IN_EFFECT);
  hotline_.suspension.set_sentence_en("It is taken down.");
  EXPECT_EQ(Run(words), ExitCode::kDone);
  EXPECT_THAT(out_, AllOf(::testing::StartsWith("NOT YET IN EFFECT\n"), HasSubstr("It is taken down.")));
  hotline_.suspension.set_in_effect(true);
  EXPECT_EQ(Run(words), ExitCode::kDone);
  EXPECT_THAT(out_, ::testing::StartsWith("IN EFFECT\n"));
  EXPECT_EQ(hotline_.last_suspend.reason(), card::events::v1::SUSPENSION_REASON_STOLEN);
  EXPECT_EQ(hotline_.last_suspend.card(), kCard);
}

TEST_F(HotlineCommandsTest, ListsAndLines) {
  EXPECT_EQ(Run({"hotline", "list", "--state", "suspension-pending"}), ExitCode::kDone) << err_;
  EXPECT_THAT(out_, HasSubstr(kCase));
  EXPECT_EQ(hotline_.last_list.state(), Case::STATE_SUSPENSION_PENDING);
  auto* line = hotline_.lines.add_lines();
  line->set_number("0120-0178-27");
  line->set_takes(hotline::v1::Line::TAKES_SUSPENSIONS_ONLY);
  hotline_.lines.set_sentence_en("Suspensions are taken now.");
  EXPECT_EQ(Run({"hotline", "lines", "--language", "th", "--time", "2026-11-14T23:40:00+09:00"}), ExitCode::kDone);
  EXPECT_THAT(out_, AllOf(HasSubstr("0120-0178-27"), HasSubstr("suspensions only"), HasSubstr("are taken now")));
  EXPECT_EQ(hotline_.last_lines.time(), "2026-11-14T23:40:00+09:00");
  EXPECT_EQ(hotline_.last_lines.language(), "th");
}

}  // namespace
}  // namespace mynumber::mynumberctl
