#include "libs/identifiers/person_name.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace mynumber::identifiers {
namespace {

NameVerdict Verdict(std::string_view name) { return CheckName(name).verdict; }

std::string Repeat(std::string_view text, int count) {
  std::string result;
  for (int i = 0; i < count; ++i) result.append(text);
  return result;
}

TEST(CheckNameTest, RealNamesPass) {
  for (std::string_view name : {"見本 太郎", "ﾐﾎﾝ ﾀﾛｳ", "みほん　たろう", "Sample O'Neill-García",
                                "𠮷野 𣘺子", "ジャン・ポール", "渡邉󠄂 葛󠄀子",
                                "Nguyễn Thị Mẫu", "김견본", "\xEE\x80\x80見本"}) {
    EXPECT_EQ(Verdict(name), NameVerdict::kValid) << name;
  }
}

TEST(CheckNameTest, VariationSelectorsAreNotCounted) {
  EXPECT_EQ(CheckName("見本 太郎").characters, 5);
  EXPECT_EQ(CheckName("葛󠄀子").characters, 2);
  EXPECT_EQ(CheckName("𠮷野").characters, 2);
  EXPECT_EQ(CheckName("見\xEF\xB8\x80本").characters, 2);
}

TEST(CheckNameTest, TwoHundredCharactersAreTheLimit) {
  EXPECT_EQ(Verdict(Repeat("𠮷", 200)), NameVerdict::kValid);
  EXPECT_EQ(Verdict(Repeat("𠮷", 201)), NameVerdict::kTooLong);
  EXPECT_EQ(Verdict(Repeat("葛󠄀", 200)), NameVerdict::kValid);
  EXPECT_EQ(CheckName("見本", 1).verdict, NameVerdict::kTooLong);
}

TEST(CheckNameTest, BytesThatAreNotUtf8AreRefused) {
  for (std::string_view name : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80",
                                "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80",
                                "\xE8\xA6", "\xE8\xA6\x8B\xE6\x9C", "\xFF", "\x8C\xA9\x96\x7B"}) {
    EXPECT_EQ(Verdict(name), NameVerdict::kNotUtf8);
  }
}

TEST(CheckNameTest, ControlAndInvisibleCharactersAreRefused) {
  for (std::string_view character :
       {"\x01", "\t", "\n", "\x7F", "\xC2\x85", "\xC2\xAD", "\xE2\x80\x8B", "\xE2\x80\xA8",
        "\xE2\x80\xAE", "\xE2\x81\xA0", "\xE3\x85\xA4", "\xEF\xBB\xBF", "\xEF\xBF\xBD",
        "\xEF\xBF\xBE", "\xF3\xA0\x80\xA0"}) {
    EXPECT_EQ(Verdict("見" + std::string(character) + "本"), NameVerdict::kControlCharacter);
  }
  EXPECT_EQ(Verdict(std::string_view("a\0b", 3)), NameVerdict::kControlCharacter);
}

TEST(CheckNameTest, ANameOfNothingVisibleIsEmpty) {
  for (std::string_view name : {"", " ", "　　", "・", "\xEF\xB8\x80", "\xE2\x80\x8D"}) {
    EXPECT_EQ(Verdict(name), NameVerdict::kEmpty);
  }
}

TEST(MatchingFormTest, SpellingsOfOneNameMeet) {
  const std::vector<std::vector<std::string_view>> kNames = {
      {"みほん たろう", "ミホンタロウ", "ﾐﾎﾝ ﾀﾛｳ", "ミホン　タロウ", "みホン・たろウ"},
      {"がぎぐ ぱぴぷ ゔ", "ガギグパピプヴ", "ｶﾞｷﾞｸﾞﾊﾟﾋﾟﾌﾟｳﾞ",
       "か\u3099き\u3099く\u3099は\u309Aひ\u309Aふ\u309Aう\u3099"},
      {"Sample John", "SAMPLE JOHN", "ＳＡＭＰＬＥ　ｊｏｈｎ", "samplejohn"},
      {"José Größe", "JOSE\u0301 GRÖSSE", "josé　größe"},
      {"葛󠄀子", "葛󠄁子", "葛子"},
      {"神田", "\uFA19田"},
      {"ｼﾞｬﾝ･ﾎﾟｰﾙ", "ジャン・ポール", "じゃんぽーる"},
  };
  for (const auto& spellings : kNames) {
    for (std::string_view spelling : spellings)
      EXPECT_EQ(MatchingForm(spelling), MatchingForm(spellings[0])) << spelling;
  }
  EXPECT_EQ(MatchingForm("ｶﾞみほん Ｊｏ"), "ガミホンjo");
}

TEST(MatchingFormTest, OtherNamesStayApart) {
  const std::string_view kNames[] = {"高子", "髙子", "ハハ", "パパ", "ババ", "つ", "っ",
                                     "Jose", "José", "﨑",   "崎",   "𠮷",   "吉"};
  for (std::string_view one : kNames) {
    for (std::string_view other : kNames) {
      EXPECT_EQ(MatchingForm(one) == MatchingForm(other), one == other) << one << " " << other;
    }
  }
}

TEST(MatchingFormTest, BytesThatAreNotUtf8ComeBackUnchanged) {
  EXPECT_EQ(MatchingForm("\x8C\xA9\x96\x7B"), "\x8C\xA9\x96\x7B");
  EXPECT_EQ(MatchingForm("A\xE8"), "A\xE8");
  EXPECT_EQ(MatchingForm(""), "");
}

TEST(MatchingFormTest, LongExpansionsFit) {
  // U+FDFA stands for eighteen characters, three of them spaces.
  EXPECT_EQ(MatchingForm(Repeat("\uFDFA", 200)), Repeat(MatchingForm("\uFDFA"), 200));
}

std::string AppendUtf8(std::string text, uint32_t value) {
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | (value >> shift & 0x3F)); };
  if (value < 0x80) return text + static_cast<char>(value);
  if (value < 0x800) return text + static_cast<char>(0xC0 | value >> 6) + tail(0);
  if (value < 0x10000) return text + static_cast<char>(0xE0 | value >> 12) + tail(6) + tail(0);
  return text + static_cast<char>(0xF0 | value >> 18) + tail(12) + tail(6) + tail(0);
}

TEST(MatchingFormTest, EveryCharacterFoldsAsTheTablesSay) {
  for (uint32_t value = 1; value <= 0x10FFFF; ++value) {
    if (value >= 0xD800 && value <= 0xDFFF) continue;
    const std::string name = AppendUtf8("", value);
    ASSERT_EQ(MatchingForm(name), internal::MatchingFormByTables(name)) << std::hex << value;
  }
}

TEST(MatchingFormTest, EveryKanaWithASoundMarkFoldsAsTheTablesSay) {
  for (uint32_t value = 0x3040; value <= 0xFFA0; value = value == 0x30FF ? 0xFF60 : value + 1) {
    for (uint32_t mark : {0xFF9E, 0xFF9F, 0x3099, 0x309A}) {
      const std::string name = AppendUtf8(AppendUtf8("", value), mark);
      ASSERT_EQ(MatchingForm(name), internal::MatchingFormByTables(name))
          << std::hex << value << " " << mark;
    }
  }
}

RC_GTEST_PROP(MatchingFormProperty, TheFastPathAgreesWithTheTables, ()) {
  const auto values = *rc::gen::container<std::vector<uint32_t>>(rc::gen::oneOf(
      rc::gen::inRange<uint32_t>(0x20, 0x7F), rc::gen::inRange<uint32_t>(0x3000, 0x3100),
      rc::gen::inRange<uint32_t>(0xFF60, 0xFFA0), rc::gen::inRange<uint32_t>(0x4E00, 0x4E10),
      rc::gen::inRange<uint32_t>(0xA0, 0x100), rc::gen::inRange<uint32_t>(0x300, 0x310),
      rc::gen::elementOf(
          std::vector<uint32_t>{0xFF9E, 0xFF9F, 0x3099, 0xFE00, 0xE0100, 0x20BB7, 0x30AB})));
  std::string name;
  for (uint32_t value : values) name = AppendUtf8(name, value);
  RC_ASSERT(CheckName(name).verdict != NameVerdict::kNotUtf8);
  RC_ASSERT(MatchingForm(name) == internal::MatchingFormByTables(name));
}

}  // namespace
}  // namespace mynumber::identifiers
