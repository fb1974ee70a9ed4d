#include "libs/mailbox/email_address.h"

#include <gtest/gtest.h>

#include <string>

namespace mynumber::mailbox {
namespace {

TEST(EmailAddressTest, PlainMailboxes) {
  for (const char* text : {"hanako@example.jp", "Hanako.Mihon+card@mail.city.example.jp", "a@b.cd", "1@2.example",
                           "x_y-z'!#$%@ex-ample.jp", "a@xn--eckwd4c7c.example"}) {
    EXPECT_TRUE(IsEmailAddress(text)) << text;
  }
}

TEST(EmailAddressTest, WhatIsNone) {
  for (const char* text :
       {"", "@", "hanako", "@example.jp", "hanako@", "hanako@example", "hanako@@example.jp", "a@b@example.jp",
        ".hanako@example.jp", "hanako.@example.jp", "ha..nako@example.jp", "hanako@.example.jp", "hanako@example..jp",
        "hanako@example.jp.", "hanako@-example.jp", "hanako@example-.jp", "hanako@exam_ple.jp", "ha nako@example.jp",
        " hanako@example.jp", "hanako@example.jp ", "\"ha nako\"@example.jp", "hanako@[127.0.0.1]", "hanako@127.0.0.1",
        "Hanako <hanako@example.jp>", "hanako(card)@example.jp", "ha,nako@example.jp", "hanako@example.jp,b@example.jp",
        "花子@example.jp", "hanako@例え.jp", "hanako＠example.jp"}) {
    EXPECT_FALSE(IsEmailAddress(text)) << text;
  }
}

TEST(EmailAddressTest, NothingThatEndsALineOrAText) {
  for (const std::string& between : {std::string("\r\n"), std::string("\n"), std::string("\r"), std::string(1, '\0'),
                                     std::string("\t"), std::string("\x7f"), std::string("\x80")}) {
    for (size_t at : {size_t{0}, size_t{3}, size_t{7}, size_t{17}}) {
      EXPECT_FALSE(IsEmailAddress(std::string("hanako@example.jp").insert(at, between))) << at;
    }
  }
  EXPECT_FALSE(IsEmailAddress("hanako@example.jp\r\nBcc: b@example.jp"));
}

TEST(EmailAddressTest, LengthsAreBounded) {
  const std::string label(63, 'a');
  EXPECT_TRUE(IsEmailAddress(std::string(64, 'a') + "@example.jp"));
  EXPECT_FALSE(IsEmailAddress(std::string(65, 'a') + "@example.jp"));
  EXPECT_TRUE(IsEmailAddress("a@" + label + ".jp"));
  EXPECT_FALSE(IsEmailAddress("a@a" + label + ".jp"));
  const std::string long_host = label + "." + label + "." + label + ".";
  EXPECT_TRUE(IsEmailAddress("a@" + long_host + std::string(252 - long_host.size(), 'a')));
  EXPECT_FALSE(IsEmailAddress("a@" + long_host + std::string(253 - long_host.size(), 'a')));
}

}  // namespace
}  // namespace mynumber::mailbox
