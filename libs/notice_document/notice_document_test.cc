#include "libs/notice_document/notice_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace mynumber::notice_document {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

NoticeForm SampleForm() {
  NoticeForm form;
  form.application_url = "https://apply.example.invalid/form?id=";
  form.enquiry_phone = "0120-00-0000";
  form.enquiry_name = "架空市役所";
  form.enquiry_hours = {"平日　9時～17時"};
  form.creation_time = absl::FromUnixSeconds(1'795'132'800);
  return form;
}

Notice SampleNotice() {
  Notice notice;
  notice.issue_date = "令和8年11月20日";
  notice.mayor_title = "架空市長";
  notice.mayor_name = "例示 花子";
  notice.number = "123456789018";
  notice.name = "見本 太郎";
  notice.birth_date = "令和2年6月1日";
  notice.application_id = "12345678901234567890123";
  notice.factory_code = "031100007";
  notice.control_codes = "202611201 120000 0000002 00000008 2/9";
  return notice;
}

std::string Repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

absl::Status RenderWithName(const std::string& name) {
  Notice notice = SampleNotice();
  notice.name = name;
  return RenderNotice(SampleForm(), notice).status();
}

TEST(RenderNoticeTest, IsAWholePdf) {
  const auto bytes = RenderNotice(SampleForm(), SampleNotice());
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  EXPECT_THAT(*bytes, StartsWith("%PDF-1.5"));
  EXPECT_THAT(*bytes, EndsWith("%%EOF\n"));
  EXPECT_THAT(*bytes, HasSubstr("/CreationDate (20261120000000Z"));
}

TEST(RenderNoticeTest, SameArgumentsGiveSameBytesInEveryThread) {
  const std::string here = *RenderNotice(SampleForm(), SampleNotice());
  std::vector<std::string> there(4);
  std::vector<std::thread> threads;
  for (std::string& bytes : there) {
    threads.emplace_back([&bytes] {
      for (int i = 0; i < 3; ++i) bytes = *RenderNotice(SampleForm(), SampleNotice());
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& bytes : there) EXPECT_TRUE(bytes == here);
}

TEST(RenderNoticeTest, AnotherFormOfTheSameThreadIsDrawnAnew) {
  const std::string before = *RenderNotice(SampleForm(), SampleNotice());
  NoticeForm other = SampleForm();
  other.enquiry_phone = "0120-11-1111";
  EXPECT_FALSE(*RenderNotice(other, SampleNotice()) == before);
  EXPECT_TRUE(*RenderNotice(SampleForm(), SampleNotice()) == before);
}

TEST(RenderNoticeTest, RareKanjiVariantsAndForeignLettersAreFound) {
  for (const char* name : {"𠮷見本 太郎", "葛\U000E0100見本 一郎", "邉\U000E0107例示 辻\U000E0101子", "神\uFE00見本",
                           "見本 か\u3099か", "ŞAMPLE NGUYỄN", "e\u0301XAMPLE", "見本　\U0002EBE0"}) {
    EXPECT_EQ(RenderWithName(name), absl::OkStatus()) << name;
  }
}

TEST(RenderNoticeTest, WhatNoFontHasIsNamedByItsCodePoint) {
  const struct {
    const char* name;
    const char* named;
  } kCases[] = {
      {"見本 \U00030000", "name holds U+30000, which no font"},
      {"見本 \uAC00", "name holds U+AC00, which no font"},
      // A variant that nobody registered: its base must not stand in for it.
      {"見\U000E01EF本", "name holds U+898B U+E01EF, which no font"},
      // Some fonts have shapes here, of their own choice.
      {"見本 \uE000", "name holds U+E000, a character for private use"},
      {"見本 \U000F0000", "name holds U+F0000, a character for private use"},
  };
  for (const auto& wrong : kCases) {
    const absl::Status status = RenderWithName(wrong.name);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << wrong.named;
    EXPECT_THAT(std::string(status.message()), HasSubstr(wrong.named));
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("見")));
  }
}

TEST(RenderNoticeTest, TheLongestNamesFit) {
  for (const char* wide : {"鬱", "W", "Ŵ", "W ", "𠮷"}) {
    Notice notice = SampleNotice();
    notice.name = Repeated(wide, wide[1] == ' ' ? 100 : 200);
    EXPECT_EQ(RenderNotice(SampleForm(), notice).status(), absl::OkStatus()) << wide;
    notice.alias = notice.name;
    notice.mayor_name = notice.name;
    EXPECT_EQ(RenderNotice(SampleForm(), notice).status(), absl::OkStatus()) << wide << " with alias";
  }
}

TEST(RenderNoticeTest, RefusesByFieldAndWithoutItsText) {
  const struct {
    std::string Notice::*field;
    const char* value;
    const char* says;
  } kCases[] = {
      {&Notice::number, "123456789012", "last digit of the Individual Number"},
      {&Notice::number, "1234 5678 9018", "twelve"},
      {&Notice::application_id, "1234567890123456789012", "application_id is not 23 digits"},
      {&Notice::application_id, "1234567890123456789012x", "application_id is not 23 digits"},
      {&Notice::name, "", "name is empty"},
      {&Notice::name, "\xE8\xA6", "name is not UTF-8"},
      {&Notice::name, "架空\n太郎", "name holds a control character"},
      {&Notice::alias, "架空\u202E太郎", "alias holds a control character"},
      {&Notice::issue_date, "", "issue_date is empty"},
      {&Notice::birth_date, "令和\u00072年", "birth_date holds a control character"},
      {&Notice::mayor_title, "", "mayor_title is empty"},
      {&Notice::control_codes, "\uE000", "control_codes holds U+E000"},
      {&Notice::factory_code, "0123456789012345678901234", "factory_code has more than 24 characters"},
  };
  for (const auto& wrong : kCases) {
    Notice notice = SampleNotice();
    notice.*wrong.field = wrong.value;
    const absl::Status status = RenderNotice(SampleForm(), notice).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << wrong.says;
    EXPECT_THAT(std::string(status.message()), HasSubstr(wrong.says));
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("架")));
  }
}

TEST(RenderNoticeTest, RefusesAFormThatCannotBePrinted) {
  NoticeForm form = SampleForm();
  form.enquiry_name = "\U00030000";
  EXPECT_THAT(std::string(RenderNotice(form, SampleNotice()).status().message()), HasSubstr("U+30000"));
  form = SampleForm();
  form.enquiry_hours.assign(5, "9時");
  EXPECT_EQ(RenderNotice(form, SampleNotice()).status().code(), absl::StatusCode::kInvalidArgument);
  form = SampleForm();
  form.enquiry_hours = {Repeated("9時", 100)};
  EXPECT_EQ(RenderNotice(form, SampleNotice()).status().code(), absl::StatusCode::kInvalidArgument);
  form = SampleForm();
  form.enquiry_phone = "\xFF";
  EXPECT_EQ(RenderNotice(form, SampleNotice()).status().code(), absl::StatusCode::kInvalidArgument);
  form = SampleForm();
  form.application_url = Repeated("x", 3000);
  EXPECT_THAT(std::string(RenderNotice(form, SampleNotice()).status().message()), HasSubstr("application_url"));
}

TEST(PrintRunTest, ARefusedNoticeIsNoPageAndTheRunGoesOn) {
  std::string bytes;
  auto run = PrintRun::Begin(SampleForm(), [&bytes](std::string_view part) {
    bytes += part;
    return absl::OkStatus();
  });
  ASSERT_TRUE(run.ok()) << run.status();
  Notice wrong = SampleNotice();
  wrong.name = "\uE000";
  EXPECT_EQ((*run)->Add(SampleNotice()), absl::OkStatus());
  EXPECT_EQ((*run)->Add(wrong).code(), absl::StatusCode::kInvalidArgument);
  // Another form in between does not change the run's.
  NoticeForm other = SampleForm();
  other.enquiry_phone = "0120-11-1111";
  EXPECT_TRUE(RenderNotice(other, SampleNotice()).ok());
  EXPECT_EQ((*run)->Add(SampleNotice()), absl::OkStatus());
  EXPECT_EQ((*run)->Finish(), absl::OkStatus());
  EXPECT_THAT(bytes, HasSubstr("/Count 2"));
  EXPECT_THAT(bytes, EndsWith("%%EOF\n"));
}

TEST(PrintRunTest, AnErrorOfWriteIsTheAnswerAndEndsTheRun) {
  int calls = 0;
  auto run = PrintRun::Begin(SampleForm(), [&calls](std::string_view) {
    ++calls;
    return absl::ResourceExhaustedError("The disk is full.");
  });
  ASSERT_TRUE(run.ok());
  (void)(*run)->Add(SampleNotice());
  EXPECT_EQ((*run)->Finish(), absl::ResourceExhaustedError("The disk is full."));
  run->reset();
  EXPECT_EQ(calls, 1);
}

TEST(PrintRunTest, WritesWhileItGrowsAndNothingWhenItIsGivenUp) {
  size_t written = 0;
  auto run = PrintRun::Begin(SampleForm(), [&written](std::string_view part) {
    written += part.size();
    return absl::OkStatus();
  });
  for (int i = 0; i < 20; ++i) ASSERT_EQ((*run)->Add(SampleNotice()), absl::OkStatus());
  EXPECT_GT(written, 20'000u);
  const size_t before = written;
  run->reset();
  EXPECT_EQ(written, before);
}

TEST(PrintRunTest, WithoutAPageThereIsNoPdf) {
  auto run = PrintRun::Begin(SampleForm(), [](std::string_view) { return absl::OkStatus(); });
  EXPECT_EQ((*run)->Finish().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace mynumber::notice_document
