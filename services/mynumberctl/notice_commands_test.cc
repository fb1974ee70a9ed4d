#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "services/mynumberctl/command_fixture.h"

namespace mynumber::mynumberctl {
namespace {

namespace events = mynumber::notice::events::v1;
using notice::v1::Notice;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kName[] = "residents/00000000000000000000012345678901/notices/1";

void SetDate(int year, int month, int day, mynumber::type::Date* date) {
  date->set_year(year);
  date->set_month(month);
  date->set_day(day);
}

class NoticeCommandsTest : public CommandLineTest {
 protected:
  NoticeCommandsTest() {
    Notice& held = notice_.notices.emplace_back();
    held.set_name(kName);
    held.set_state(Notice::STATE_HELD);
    held.set_municipality_code("131016");
    held.set_tracking_number("30100123454");
    SetDate(2026, 12, 8, held.mutable_due_date());
    held.set_due_kind(events::DEADLINE_KIND_STORAGE);
    SetDate(2026, 12, 8, held.mutable_held_until());
    auto* report = held.add_reports();
    SetDate(2026, 12, 1, report->mutable_day());
    report->set_minute_of_day(605);
    report->set_status("ご不在のため持ち戻り");
    report->set_office("見本郵便局");
    auto& work = notice_.work.emplace_back();
    work.set_notice(kName);
    work.set_kind(events::WORK_KIND_IN_CUSTODY);
    work.mutable_claimed_by()->set_clerk_id("clerk-7");
  }

  void AddChange(uint32_t partition, uint64_t number) {
    auto& change = notice_.changes.emplace_back();
    change.set_partition(partition);
    change.add_changes()->set_number(number);
    change.mutable_changes(0)->set_notice(kName);
    change.mutable_changes(0)->set_event_type("notice_posted");
  }

  // As JSON too: whatever is shown comes as one object.
  void ExpectShown(const std::vector<std::string>& words, const std::string& input = "") {
    EXPECT_EQ(Run(words, input), ExitCode::kDone) << words[1] << ": " << err_;
    EXPECT_THAT(out_, AllOf(HasSubstr("State            held"), HasSubstr("2026-12-08 storage"),
                            HasSubstr("2026-12-01 10:05  ご不在のため持ち戻り  見本郵便局")))
        << words[1];
    auto in_json = words;
    in_json.insert(in_json.end(), {"--output", "json"});
    EXPECT_EQ(Run(in_json, input), ExitCode::kDone) << words[1] << ": " << err_;
    EXPECT_EQ(nlohmann::json::parse(out_)["state"], "STATE_HELD");
  }
};

TEST_F(NoticeCommandsTest, GetsOne) {
  ExpectShown({"notice", "get", kName});
  notice_.notices[0].set_forwarded(true);
  notice_.notices[0].set_unknown_words(2);
  EXPECT_EQ(Run({"notice", "get", kName}), ExitCode::kDone);
  EXPECT_THAT(out_, HasSubstr("forwarded, though it must not be; 2 reports in words that nobody knows"));
  notice_.next_answer = FakeRefusal(absl::StatusCode::kNotFound, "NOTICE_UNKNOWN", "There is no such notice.");
  EXPECT_EQ(Run({"notice", "get", kName}), ExitCode::kRefused);
  EXPECT_EQ(err_, "mynumberctl: There is no such notice. (NOTICE_UNKNOWN)\n");
}

TEST_F(NoticeCommandsTest, ListsPageByPage) {
  notice_.notices.resize(120, notice_.notices[0]);
  EXPECT_EQ(Run({"notice", "list", "--municipality", "131016", "--state", "in-custody"}), ExitCode::kDone) << err_;
  EXPECT_EQ(std::count(out_.begin(), out_.end(), '\n'), 51);
  EXPECT_THAT(err_, HasSubstr("There are more"));
  EXPECT_EQ(notice_.last_list.state(), Notice::STATE_IN_CUSTODY);
  EXPECT_EQ(notice_.last_list.actor().authority(), "municipality/131016");
  EXPECT_EQ(Run({"notice", "list", "--municipality", "131016", "--limit", "0", "--due-until", "2026-12-31", "--output",
                 "json"}),
            ExitCode::kDone);
  EXPECT_EQ(std::count(out_.begin(), out_.end(), '\n'), 120);
  EXPECT_EQ(notice_.last_list.due_until().day(), 31);
  EXPECT_EQ(Run({"notice", "list", "--municipality", "131016", "--state", "astray"}), ExitCode::kUsage);
  EXPECT_EQ(Run({"notice", "list", "--municipality", "131016", "--due-until", "soon"}), ExitCode::kUsage);
}

TEST_F(NoticeCommandsTest, Explains) {
  auto& explanation = notice_.explanation;
  explanation.set_state(Notice::STATE_HELD);
  explanation.add_choices(notice::v1::ExplainNoticeResponse::CHOICE_REQUEST_RESEND);
  explanation.set_sentence_ja("郵便局で保管しています。");
  explanation.set_sentence_en("The post office holds it.");
  EXPECT_EQ(Run({"notice", "explain", kName}), ExitCode::kDone);
  EXPECT_THAT(out_, AllOf(HasSubstr("request resend"), HasSubstr("郵便局で保管しています。\nThe post office holds it.\n")));
}

TEST_F(NoticeCommandsTest, RendersIntoAFileAlone) {
  const std::string path = WriteFile("notice.pdf", "an earlier one");
  const std::vector<std::string> words = {"notice", "render", kName, "--file", path, "--mayor-title", "千代田区長",
                                          "--mayor-name", "見本 花子"};
  notice_.next_answer = FakeRefusal(absl::StatusCode::kFailedPrecondition, "NOTICE_NEVER_REISSUED", "It is posted.");
  EXPECT_EQ(Run(words), ExitCode::kRefused);
  EXPECT_EQ(ReadFile(path), "an earlier one");
  ExpectShown(words);
  EXPECT_THAT(out_, Not(HasSubstr("PDF")));
  EXPECT_EQ(ReadFile(path), "%PDF-1.5 a drawing");
  struct stat found {};
  ASSERT_EQ(stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
  EXPECT_EQ(notice_.last_render.mayor_name(), "見本 花子");
  EXPECT_EQ(Run({"notice", "render", kName, "--mayor-title", "千代田区長", "--mayor-name", "見本 花子"}),
            ExitCode::kUsage);
}

TEST_F(NoticeCommandsTest, AsksForWhatTheContactFormOffers) {
  ExpectShown({"notice", "resend", kName, "--tracking-number", "301-00-12345-4", "--day", "2026-12-03", "--window",
               "18-20"});
  EXPECT_EQ(notice_.last_resend.way(), events::RESEND_WAY_DELIVERY);
  EXPECT_EQ(notice_.last_resend.window(), events::RESEND_WINDOW_18_TO_20);
  EXPECT_EQ(notice_.last_resend.day().day(), 3);
  EXPECT_EQ(notice_.last_resend.name(), kName);
  EXPECT_NE(notice_.last_resend.request_id(), "");
  ExpectShown({"notice", "pick-up", kName, "--tracking-number", "301-00-12345-4", "--day", "2026-12-04"});
  EXPECT_EQ(notice_.last_resend.way(), events::RESEND_WAY_PICK_UP);
  EXPECT_EQ(notice_.last_resend.window(), events::RESEND_WINDOW_UNSPECIFIED);
  EXPECT_EQ(Run({"notice", "resend", kName, "--tracking-number", "1", "--day", "2026-12-03", "--window", "3-4"}),
            ExitCode::kUsage);
}

TEST_F(NoticeCommandsTest, RecordsWhatBecameOfIt) {
  ExpectShown({"notice", "handover", kName, "--identity-check", "agent"});
  EXPECT_EQ(notice_.last_handover.identity_check(), events::IDENTITY_CHECK_AGENT_WITH_POWER_OF_ATTORNEY);
  ExpectShown({"notice", "mail-again", kName});
  EXPECT_EQ(notice_.last_mail_again.name(), kName);
  ExpectShown({"notice", "destroy", kName, "--record", "R-1"});
  EXPECT_EQ(notice_.last_destruction.record(), "R-1");
  ExpectShown({"notice", "dispute", kName}, R"({"statement":"届いていない"})");
  EXPECT_EQ(notice_.last_dispute.statement(), "届いていない");
  ExpectShown({"notice", "investigate", kName, "--outcome", "lost", "--record", "C-9"});
  EXPECT_EQ(notice_.last_investigation.outcome(), events::INVESTIGATION_OUTCOME_LOST);
}

TEST_F(NoticeCommandsTest, AnUnknownOutcomeIsRepeated) {
  notice_.next_answer = FakeRefusal(absl::StatusCode::kUnavailable, "OUTCOME_UNKNOWN", "No answer came.");
  EXPECT_EQ(Run({"notice", "mail-again", kName, "--request-id", "00000000-0000-4000-8000-000000000001"}),
            ExitCode::kUnknown);
  EXPECT_THAT(err_, AllOf(HasSubstr("repeat it with --request-id 00000000-0000-4000-8000-000000000001"),
                          Not(HasSubstr("mynumberctl outcome"))));
}

TEST_F(NoticeCommandsTest, ListsClaimsAndResolvesWork) {
  EXPECT_EQ(Run({"notice", "work", "list", "--municipality", "131016"}), ExitCode::kDone) << err_;
  EXPECT_THAT(out_, AllOf(HasSubstr(kName), HasSubstr("in custody"), HasSubstr("clerk-7")));
  EXPECT_EQ(Run({"notice", "work", "claim", kName, "--kind", "in-custody", "--minutes", "30"}), ExitCode::kDone)
      << err_;
  EXPECT_EQ(notice_.last_claim.minutes(), 30);
  EXPECT_EQ(notice_.last_claim.kind(), events::WORK_KIND_IN_CUSTODY);
  EXPECT_EQ(Run({"notice", "work", "resolve", kName, "--kind", "in-custody", "--record", "R-2", "--output", "json"}),
            ExitCode::kDone)
      << err_;
  EXPECT_EQ(nlohmann::json::parse(out_)["notice"], kName);
  EXPECT_EQ(notice_.last_resolve.record(), "R-2");
  notice_.work.clear();
  EXPECT_EQ(Run({"notice", "work", "list", "--municipality", "131016"}), ExitCode::kDone);
  EXPECT_EQ(err_, "Nothing needs a person.\n");
}

TEST_F(NoticeCommandsTest, WatchesWithACursorThatShowsGaps) {
  AddChange(0, 3);
  AddChange(2, 1);
  AddChange(0, 4);
  EXPECT_EQ(Run({"notice", "watch", "--municipality", "131016", "--cursor", "2,7", "--until-now"}), ExitCode::kDone)
      << err_;
  EXPECT_THAT(out_, AllOf(HasSubstr("0:3  " + std::string(kName)), HasSubstr("2:1"), HasSubstr("0:4")));
  EXPECT_EQ(err_, "Go on from here with --cursor 4,7,1\n");
  EXPECT_EQ(notice_.last_watch.cursor_size(), 2);
  EXPECT_TRUE(notice_.last_watch.until_now());
  AddChange(0, 6);
  EXPECT_EQ(Run({"notice", "watch", "--municipality", "131016", "--cursor", "2,7"}), ExitCode::kRefused);
  EXPECT_THAT(err_, AllOf(HasSubstr("changes are wanting before 0:6"), HasSubstr("--cursor 4,7,1")));
}

}  // namespace
}  // namespace mynumber::mynumberctl
