#include "libs/mailbox/smtp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "libs/mailbox/smtp_server.h"

namespace mynumber::mailbox {
namespace {

using absl::StatusCode;
using ::testing::HasSubstr;
using ::testing::Not;

Sender TheOffice() { return {"card@office.example.jp", "架空町役場 カード係", [] { return int64_t{1'795'000'000'000'000}; }}; }

Mail ToHanako() { return {"hanako@example.jp", "交付のご案内", "見本 花子 様\n\nカードができました。\n.\n以上\n", "id-1"}; }

Mail To(const std::string& address) {
  Mail mail = ToHanako();
  mail.to = address;
  return mail;
}

SmtpOptions Plain(const SmtpServer& server) {
  SmtpOptions options;
  options.url = "smtp://" + server.address();
  options.needs_tls = false;
  return options;
}

// With TLS and the right login.
SmtpOptions Safe(const SmtpServer& server, const std::string& scheme) {
  SmtpOptions options;
  options.url = scheme + "://" + server.address();
  options.authorities_file = server.authorities_file();
  options.login_file = server.folder() + "/login";
  std::ofstream(options.login_file) << "clerk\nopen sesame\n";
  chmod(options.login_file.c_str(), 0600);
  return options;
}

absl::Status Send(const SmtpOptions& options, const Mail& mail) {
  const auto send = BySmtp(options, TheOffice());
  return send.ok() ? (*send)(mail) : send.status();
}

TEST(SmtpTest, AMailArrivesAsItWasMeant) {
  const SmtpServer server("plain");
  ASSERT_EQ(Send(Plain(server), ToHanako()), absl::OkStatus());
  EXPECT_EQ(server.Received(0),
            "tls=False\nlogin=False\nfrom=card@office.example.jp\nto=hanako@example.jp\nascii=True\n"
            "headers=From,To,Subject,Date,Message-ID,MIME-Version,Content-Type,Content-Transfer-Encoding,"
            "Auto-Submitted\n"
            "header_from=架空町役場 カード係 <card@office.example.jp>\nheader_to=hanako@example.jp\n"
            "subject=交付のご案内\ndate=2026-11-18T20:06:40+09:00\nid=<id-1@office.example.jp>\ndefects=0\n\n"
            "見本 花子 様\n\nカードができました。\n.\n以上\n");
}

TEST(SmtpTest, LongAndOddTextsArriveToo) {
  const SmtpServer server("plain");
  Mail mail = ToHanako();
  mail.subject = "a\r\nBcc: somebody@example.jp\tb\x7f";
  for (int i = 0; i < 3000; ++i) mail.text += "とても長い文。";
  ASSERT_EQ(Send(Plain(server), mail), absl::OkStatus());
  const std::string received = server.Received(0);
  EXPECT_THAT(received, HasSubstr("\nsubject=a  Bcc: somebody@example.jp b \n")) << "one line, in one header";
  EXPECT_THAT(received, HasSubstr("\nto=hanako@example.jp\n"));
  EXPECT_THAT(received, HasSubstr("\ndefects=0\n"));
  EXPECT_EQ(received.substr(received.find("\n\n") + 2), mail.text);
}

TEST(SmtpTest, WhatIsRefusedForGoodIsToldFromWhatMayBeTriedAgain) {
  const SmtpServer server("plain");
  const SmtpOptions options = Plain(server);
  EXPECT_EQ(Send(options, To("refused@example.jp")).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(Send(options, To("unwanted@example.jp")).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(Send(options, To("full@example.jp")).code(), StatusCode::kUnavailable);
  EXPECT_EQ(Send(options, To("busy@example.jp")).code(), StatusCode::kUnavailable);
  EXPECT_EQ(Send(options, To("no address")).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(Send(options, To("a@example.jp>\r\nRCPT TO:<b@example.jp")).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(server.Received(0), "") << "none of them was taken";
}

TEST(SmtpTest, NoAddressStandsInAnError) {
  const SmtpServer server("plain");
  for (const char* name : {"refused", "unwanted", "full", "busy", "no address"}) {
    const absl::Status status = Send(Plain(server), To(std::string(name) + "@example.jp"));
    EXPECT_THAT(status.ToString(), Not(HasSubstr("example.jp"))) << name;
  }
}

TEST(SmtpTest, ByTlsWithALogin) {
  for (const std::string kind : {"starttls", "smtps"}) {
    const SmtpServer server(kind);
    const SmtpOptions options = Safe(server, kind == "smtps" ? "smtps" : "smtp");
    ASSERT_EQ(Send(options, ToHanako()), absl::OkStatus()) << kind;
    EXPECT_THAT(server.Received(0), HasSubstr("tls=True\nlogin=True\n"));
  }
}

TEST(SmtpTest, NothingIsSentInClearOrToAStranger) {
  const SmtpServer plain("plain");
  SmtpOptions insists = Plain(plain);
  insists.needs_tls = true;
  EXPECT_EQ(Send(insists, ToHanako()).code(), StatusCode::kUnavailable) << "it offers no STARTTLS";
  const SmtpServer stranger("starttls");
  SmtpOptions options = Safe(stranger, "smtp");
  options.authorities_file.clear();
  EXPECT_EQ(Send(options, ToHanako()).code(), StatusCode::kUnavailable) << "nobody vouches for it";
  EXPECT_EQ(plain.Received(0) + stranger.Received(0), "");
}

TEST(SmtpTest, AWrongLoginIsNoFaultOfTheRecipient) {
  const SmtpServer server("starttls");
  const SmtpOptions options = Safe(server, "smtp");
  const auto send = BySmtp(options, TheOffice());
  ASSERT_TRUE(send.ok()) << send.status();
  std::ofstream(options.login_file) << "clerk\nwrong\n";
  const absl::Status refused = (*send)(ToHanako());
  EXPECT_EQ(refused.code(), StatusCode::kUnavailable);
  EXPECT_THAT(refused.ToString(), Not(HasSubstr("wrong")));
  std::ofstream(options.login_file) << "clerk\nopen sesame\n";
  EXPECT_EQ((*send)(ToHanako()), absl::OkStatus()) << "the file is read for each mail";
}

TEST(SmtpTest, ALoginFileIsTheOwnersAlone) {
  const SmtpServer server("starttls");
  const SmtpOptions options = Safe(server, "smtp");
  chmod(options.login_file.c_str(), 0640);
  EXPECT_THAT(std::string(BySmtp(options, TheOffice()).status().message()), HasSubstr("chmod 600"));
  std::ofstream(options.login_file, std::ios::trunc) << "clerk\n";
  EXPECT_THAT(std::string(BySmtp(options, TheOffice()).status().message()), HasSubstr("a line each"));
}

TEST(SmtpTest, AServerThatIsGoneOrSilentIsTriedAgain) {
  SmtpOptions options;
  {
    const SmtpServer server("plain");
    options = Plain(server);
  }
  EXPECT_EQ(Send(options, ToHanako()).code(), StatusCode::kUnavailable);
  const SmtpServer silent("silent");
  options = Plain(silent);
  options.mail_millis_max = 300;
  EXPECT_EQ(Send(options, ToHanako()).code(), StatusCode::kUnavailable);
}

TEST(SmtpTest, ManyThreadsMaySendAtOnce) {
  const SmtpServer server("plain");
  const auto send = BySmtp(Plain(server), TheOffice());
  ASSERT_TRUE(send.ok());
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { EXPECT_EQ((*send)(ToHanako()), absl::OkStatus()); });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_NE(server.Received(7), "");
}

TEST(SmtpTest, OtherSchemesAreRefused) {
  for (const char* url : {"", "127.0.0.1:25", "http://127.0.0.1", "file:///etc/passwd"}) {
    SmtpOptions options;
    options.url = url;
    EXPECT_EQ(BySmtp(options, TheOffice()).status().code(), StatusCode::kInvalidArgument) << url;
  }
}

}  // namespace
}  // namespace mynumber::mailbox
