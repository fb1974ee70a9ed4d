#include "libs/log/log.h"

#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mynumber::log {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

// Lines go to a vector, and time stands still until it is moved.
class LogTest : public ::testing::Test {
 protected:
  LogTest() { ConfigureWith(Options{}); }
  ~LogTest() override { Configure(Options{}); }

  void ConfigureWith(Options options) {
    options.sink = [this](std::string_view line) { lines_.emplace_back(line); };
    options.now_micros = [this] { return now_micros_; };
    Configure(std::move(options));
  }

  int64_t now_micros_ = 1'775'001'600'123'456;  // 2026-04-01T00:00:00.123456Z
  std::vector<std::string> lines_;
};

TEST_F(LogTest, WritesOneLineOfJson) {
  Warn("claim_lost", {{"partition", 7},
                      {"ratio", 0.25},
                      {"serving", true},
                      {"lag", uint64_t{18}},
                      {"why", std::string("newer claim")}});
  EXPECT_THAT(lines_, ElementsAre("{\"time\":\"2026-04-01T00:00:00.123456Z\",\"level\":\"warn\","
                                  "\"event\":\"claim_lost\",\"partition\":7,\"ratio\":0.25,\"serving\":true,"
                                  "\"lag\":18,\"why\":\"newer claim\"}"));
}

TEST_F(LogTest, EscapesWhateverAValueHolds) {
  Info("odd", {{"text", "a\"b\\c\nd\te\x01\x7F"},
               {"utf8", "\xE5\xB1\xB1 \xF0\xA0\xAE\xB7"},
               {"not_utf8", "\xFFx\xC0\xAFy\xED\xA0\x80z\xE5\xB1"},
               {"line_end", "\xE2\x80\xA8|"}});
  ASSERT_THAT(lines_, SizeIs(1));
  EXPECT_THAT(lines_[0], HasSubstr(R"("text":"a\"b\\c\nd\te\u0001\u007f")"));
  EXPECT_THAT(lines_[0], HasSubstr("\"utf8\":\"\xE5\xB1\xB1 \xF0\xA0\xAE\xB7\""));
  EXPECT_THAT(lines_[0],
              HasSubstr(R"("not_utf8":"\ufffdx\ufffd\ufffdy\ufffd\ufffd\ufffdz\ufffd\ufffd")"));
  EXPECT_THAT(lines_[0], HasSubstr(R"("line_end":"\u2028|")"));
}

TEST_F(LogTest, MasksLongRunsOfDigitsAndCountsThem) {
  const uint64_t before = RedactedCount();
  Error("slip", {{"text", "number 123456789018 and 12345678901, but 1234567890"},
                 {"grouped", "1234 5678 9018 / 090-1234-5678"},
                 {"full_width", "\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x93\xEF\xBC\x94\xEF\xBC\x95\xEF\xBC\x96"
                                "\xEF\xBC\x97\xEF\xBC\x98\xEF\xBC\x99\xEF\xBC\x90\xEF\xBC\x91\xEF\xBC\x92"},
                 {"number", int64_t{123456789018}},
                 {"offset", int64_t{1234567890}}});
  ASSERT_THAT(lines_, SizeIs(1));
  EXPECT_THAT(lines_[0], HasSubstr("\"text\":\"number [digits] and [digits], but 1234567890\""));
  EXPECT_THAT(lines_[0], HasSubstr("\"grouped\":\"[digits] / [digits]\""));
  EXPECT_THAT(lines_[0], HasSubstr("\"full_width\":\"[digits]\""));
  EXPECT_THAT(lines_[0], HasSubstr("\"number\":\"[digits]\""));
  EXPECT_THAT(lines_[0], HasSubstr("\"offset\":1234567890"));
  EXPECT_EQ(RedactedCount() - before, 6u);
}

TEST_F(LogTest, LeavesAddressesDatesAndIdsMadeByChance) {
  const uint64_t before = RedactedCount();
  Info("fine", {{"address", "192.168.100.100:50051"},
                {"when", "2026-11-23 08:43:42"},
                {"trace", "4bf92f3577b34da6a3ce929012345678"},
                {"span", "00f067aa01234567"},
                {"request", "550e8400-e29b-41d4-a716-446655440000"}});
  EXPECT_THAT(lines_[0], Not(HasSubstr("[digits]")));
  EXPECT_EQ(RedactedCount(), before);
}

TEST_F(LogTest, AUuidMadeOfANumberIsNoChance) {
  EXPECT_EQ(Redact("00000000-0000-4000-8000-123456789018"), "[digits]");
}

TEST_F(LogTest, CutsLongValuesBetweenCharactersAndAfterTheGuard) {
  const std::string character = "\xE5\xB1\xB1";
  std::string text = "x";
  while (text.size() < 3000) text += character;
  Info("long", {{"text", text}});
  EXPECT_THAT(lines_[0], Not(HasSubstr("\\ufffd")));
  EXPECT_THAT(lines_[0], EndsWith(character + "…\"}"));

  Info("number_at_the_cut", {{"text", std::string(1990, 'x') + "123456789018"}});
  EXPECT_THAT(lines_[1], HasSubstr("x[digits]"));
}

TEST_F(LogTest, LeavesOutRepeatedLinesAndSaysHowMany) {
  Options options;
  options.lines_per_second = 2;
  ConfigureWith(options);
  for (int i = 0; i < 5; ++i) Warn("broker_lost", {{"i", i}});
  Info("other");
  EXPECT_THAT(lines_, SizeIs(3));  // the other event is not silenced

  now_micros_ += 1'000'000;
  Warn("broker_lost", {{"i", 5}});
  ASSERT_THAT(lines_, SizeIs(5));
  EXPECT_THAT(lines_[3], HasSubstr("\"event\":\"lines_left_out\",\"of\":\"broker_lost\",\"count\":3}"));
  EXPECT_THAT(lines_[4], HasSubstr("\"i\":5}"));
}

TEST_F(LogTest, AnEventThatFallsSilentIsToldWithTheNextLineOrByFlush) {
  Options options;
  options.lines_per_second = 1;
  ConfigureWith(options);
  Warn("a");
  Warn("a");
  Warn("b");
  Warn("b");
  now_micros_ += 2'000'000;
  Info("c");
  EXPECT_THAT(lines_, ElementsAre(HasSubstr("\"a\""), HasSubstr("\"b\""), HasSubstr("\"of\":\"a\",\"count\":1"),
                                  HasSubstr("\"of\":\"b\",\"count\":1"), HasSubstr("\"c\"")));
  Info("c");
  Flush();
  EXPECT_THAT(lines_, SizeIs(6));
  EXPECT_THAT(lines_[5], HasSubstr("\"of\":\"c\",\"count\":1"));
  Flush();
  EXPECT_THAT(lines_, SizeIs(6));
}

TEST_F(LogTest, AClockSetBackDoesNotSilence) {
  Options options;
  options.lines_per_second = 1;
  ConfigureWith(options);
  Info("a");
  now_micros_ -= 3'600'000'000;
  Info("a");
  EXPECT_THAT(lines_, SizeIs(2));
}

TEST_F(LogTest, TheLevelComesFromAFlag) {
  Options options;
  std::string error;
  ASSERT_TRUE(AbslParseFlag("warn", &options.lowest, &error));
  EXPECT_EQ(AbslUnparseFlag(options.lowest), "warn");
  ConfigureWith(options);
  Info("quiet");
  Warn("loud");
  EXPECT_THAT(lines_, ElementsAre(HasSubstr("\"loud\"")));
  EXPECT_FALSE(AbslParseFlag("debug", &options.lowest, &error));
  EXPECT_EQ(error, "use info, warn, error or none");
}

TEST_F(LogTest, LinesOfManyThreadsStayWhole) {
  Options options;
  options.lines_per_second = 1'000'000;
  ConfigureWith(options);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 250; ++i) Info("tick", {{"text", "abc"}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(lines_, SizeIs(1000));
  for (const std::string& line : lines_) EXPECT_THAT(line, EndsWith("\"event\":\"tick\",\"text\":\"abc\"}"));
}

TEST(LogStderrTest, LinesGoToStandardErrorByDefault) {
  Configure(Options{});
  ::testing::internal::CaptureStderr();
  Info("started", {{"port", 50051}});
  const std::string line = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(line, HasSubstr("\"event\":\"started\",\"port\":50051}\n"));
}

}  // namespace
}  // namespace mynumber::log
