// The service as it is put together: its outbox beside servers that take, fail, refuse and hang, and its photographs.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "libs/mailbox/smtp_server.h"
#include "services/card/service_made_up.h"

namespace mynumber::card {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using made_up::kLinkUrl;
using mailbox::Mail;

constexpr int64_t kSecond = 1'000'000;

class AssemblyTest : public made_up::AssemblyFixture {};

TEST_F(AssemblyTest, APhotographIsOfUseAsLongAsItsApplicationNamesIt) {
  Start();
  Begin('a', "hanako@example.jp");
  Must('a', ConfirmEmail{1, 1, keys_.TokenHashFor(made_up::Resident('a'), 1, 1)});
  SubmitApplication submission = made_up::Submission(events::v1::APPLICATION_WAY_SMARTPHONE, 1);
  Must('a', submission);
  const auto is_of_use = [&](char letter, char digest) {
    const auto resident = made_up::Resident(letter);
    return assembly_->IsPhotoOfUse(resident, keys_.PhotoFileName(resident, std::string(32, digest)));
  };
  EXPECT_TRUE(is_of_use('a', 'p'));
  EXPECT_FALSE(is_of_use('a', 'q')) << "no application names it";
  EXPECT_TRUE(is_of_use('z', 'p')) << "nobody is known under this id";
  Must('a', StartReview{1, made_up::Clerk()});
  Must('a', ReviewPhoto{1, {events::v1::PHOTO_DEFECT_BLURRED}, made_up::Clerk()});
  submission.submitted.mutable_photo()->set_digest(std::string(32, 'q'));
  Must('a', submission);
  EXPECT_TRUE(is_of_use('a', 'q'));
  EXPECT_FALSE(is_of_use('a', 'p')) << "another took its place";
}

TEST_F(AssemblyTest, WhatIsNotTakenIsTriedAgainEverLater) {
  server_.Answer(absl::UnavailableError("down"));
  Start();
  Begin('a', "hanako@example.jp");
  Until([&] { return Came() == 1; });
  size_t tries = 1;
  for (const int64_t wait : {1 * kSecond, 2 * kSecond, 4 * kSecond}) {
    Settle();
    Pass(wait - 1);
    Settle();
    EXPECT_EQ(Came(), tries) << "not before " << wait << " microseconds have passed";
    Pass(1);
    Until([&] { return Came() == tries + 1; });
    ++tries;
  }
  EXPECT_EQ(StillToBeSent(), 1u);
  Settle();
  server_.Answer(absl::OkStatus());
  Pass(8 * kSecond);
  Until([&] { return StillToBeSent() == 0; });
  Pass(3600 * kSecond);
  Settle();
  const auto came = server_.came();
  ASSERT_EQ(came.size(), 5u) << "what was taken is not sent again";
  for (const Mail& mail : came) {
    EXPECT_EQ(mail.message_id, came[0].message_id);
    EXPECT_EQ(mail.text, came[0].text);
  }
  EXPECT_THAT(registry_->Text(), AllOf(HasSubstr("mynumber_mails_total{outcome=\"failed\",service=\"card\"} 4\n"),
                                       HasSubstr("mynumber_mails_total{outcome=\"sent\",service=\"card\"} 1\n")));
}

TEST_F(AssemblyTest, ARecipientWhoIsRefusedIsNotTriedAgain) {
  server_.Answer(absl::InvalidArgumentError("no such mailbox"));
  Start();
  Begin('a', "hanako@example.jp");
  Until([&] { return Came() == 1 && StillToBeSent() == 0; });
  Pass(24 * 3600 * kSecond);
  Settle();
  EXPECT_EQ(Came(), 1u);
  Restart();
  Settle();
  EXPECT_EQ(Came(), 1u);
}

TEST_F(AssemblyTest, AMailIsTheSameAfterARestart) {
  server_.Answer(absl::UnavailableError("has it, but the answer was lost"));
  Start();
  Begin('a', "hanako@example.jp");
  Until([&] { return Came() == 1; });
  End();
  server_.Answer(absl::OkStatus());
  Start();
  Until([&] { return StillToBeSent() == 0; });
  Must('a', StartApplication{1, events::v1::APPLICATION_WAY_SMARTPHONE, "hanako@example.jp"});
  Until([&] { return Came() == 3; });
  const auto came = server_.came();
  EXPECT_EQ(came[1].to, came[0].to);
  EXPECT_EQ(came[1].subject, came[0].subject);
  EXPECT_EQ(came[1].text, came[0].text);
  EXPECT_EQ(came[1].message_id, came[0].message_id);
  EXPECT_NE(came[2].message_id, came[0].message_id) << "another link is another mail";
  EXPECT_THAT(came[2].text, HasSubstr(Token('a', 2)));
}

TEST_F(AssemblyTest, AMailThatHangsKeepsNoOtherWaiting) {
  Start();
  Begin('a', "hangs@example.jp");
  Until([&] { return Came() == 1; });
  for (char letter = 'b'; letter < 'h'; ++letter) Begin(letter, std::string(1, letter) + "@example.jp");
  Until([&] { return Came() == 7 && StillToBeSent() == 1; });
  EXPECT_EQ(Recipients().size(), 7u);
}

TEST_F(AssemblyTest, AServerThatHangsHoldsUpNeitherCommandsNorAStopForAllThatWaits) {
  Start();
  for (char letter = 'a'; letter < 'm'; ++letter) Begin(letter, std::string("hangs-") + letter + "@example.jp");
  Until([&] { return Came() == 4; });
  Settle();
  Begin('m', "m@example.jp");
  EXPECT_EQ(StillToBeSent(), 13u);
  EXPECT_EQ(server_.most_at_once(), 4);
  std::thread stop([&] { outbox_->Stop(); });
  Settle();
  server_.LetGo();
  stop.join();
  EXPECT_EQ(Came(), 4u) << "only what was being handed over is waited for";
  Restart();
  Until([&] { return StillToBeSent() == 0; });
  EXPECT_EQ(Recipients().size(), 13u);
}

// Nothing of the person and the form; the address stands in `to` alone.
void ExpectNamesNobody(const Mail& mail) {
  for (const std::string& said : {mail.subject, mail.text}) {
    for (const char* word : {"見本", "花子", "ミホン", "架空町", "1000001", "5000000000", "1990", "residents/",
                             "hanako"}) {
      EXPECT_THAT(said, Not(HasSubstr(word)));
    }
  }
  EXPECT_EQ(mail.to, "hanako@example.jp");
}

TEST_F(AssemblyTest, EachKindSaysWhatItIsForAndNamesNobody) {
  Start();
  Begin('a', "hanako@example.jp");
  Until([&] { return StillToBeSent() == 0; });
  Must('a', ConfirmEmail{1, 1, keys_.TokenHashFor(made_up::Resident('a'), 1, 1)});
  Must('a', made_up::Submission(events::v1::APPLICATION_WAY_SMARTPHONE, 1));
  Until([&] { return Came() == 2 && StillToBeSent() == 0; });
  Must('a', StartReview{1, made_up::Clerk()});
  Must('a', ReviewPhoto{1, {events::v1::PHOTO_DEFECT_BLURRED, events::v1::PHOTO_DEFECT_BACKGROUND_SHADOW},
                        made_up::Clerk()});
  Until([&] { return Came() == 3 && StillToBeSent() == 0; });
  const auto came = server_.came();
  for (const Mail& mail : came) ExpectNamesNobody(mail);
  EXPECT_THAT(came[0].subject, AllOf(HasSubstr("交付申請のご案内"), HasSubstr("Your application")));
  EXPECT_THAT(came[0].text, AllOf(HasSubstr("２４時間以内"), HasSubstr("within 24 hours"), HasSubstr("お心当たり"),
                                  HasSubstr("\n" + std::string(kLinkUrl) + Token('a') + "\n")));
  EXPECT_THAT(came[1].subject, AllOf(HasSubstr("受け付けました"), HasSubstr("We have received")));
  EXPECT_THAT(came[1].text, AllOf(HasSubstr("申請書IDと生年月日"), HasSubstr("was received"), Not(HasSubstr("http"))));
  EXPECT_THAT(came[2].subject, AllOf(HasSubstr("不備"), HasSubstr("another photograph")));
  EXPECT_THAT(came[2].text, AllOf(HasSubstr("不鮮明"), HasSubstr("背景に影"), HasSubstr("blurred"), HasSubstr("shadow"),
                                  HasSubstr("apply again"), Not(HasSubstr("sunglasses")), Not(HasSubstr("http"))));
  std::set<std::string> ids;
  for (const Mail& mail : came) ids.insert(mail.message_id);
  EXPECT_EQ(ids.size(), 3u);
}

TEST_F(AssemblyTest, ByARealServerFromTheServiceAsItIsPutTogether) {
  const mailbox::SmtpServer smtp("plain");
  CardOptions cards;
  cards.smtp_url = "smtp://" + smtp.address();
  cards.smtp_needs_tls = false;
  Start(&cards);
  Begin('r', "refused@example.jp");
  Until([&] { return StillToBeSent() == 0; });
  EXPECT_EQ(smtp.Received(0), "") << "undeliverable, and out of the way";
  Begin('a', "hanako@example.jp");
  Until([&] { return StillToBeSent() == 0; });
  EXPECT_THAT(smtp.Received(0),
              AllOf(HasSubstr("to=hanako@example.jp\n"), HasSubstr("from=" + cards.mail_from + "\n"),
                    HasSubstr("subject=個人番号カード交付申請のご案内 / "), HasSubstr("\ndefects=0\n"),
                    HasSubstr("\nid=<" + keys_.MailId(made_up::Resident('a'), 1, events::v1::MAIL_KIND_LINK, 1) + "@"),
                    HasSubstr("\n" + cards.application_link_url + Token('a') + "\n")));
  EXPECT_EQ(smtp.Received(1), "");
  EXPECT_THAT(registry_->Text(), AllOf(HasSubstr("mynumber_mails_total{outcome=\"refused\",service=\"card\"} 1\n"),
                                       HasSubstr("mynumber_mails_total{outcome=\"sent\",service=\"card\"} 1\n")));
}

}  // namespace
}  // namespace mynumber::card
