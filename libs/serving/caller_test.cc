#include "libs/serving/caller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "libs/testing/matchers.h"

namespace mynumber::serving {
namespace {

constexpr Refusals kRefusals = {"counting.mynumber", "State the clerk's id: every count has its clerk.", "OpenCounter"};

auto Refuses(std::string_view reason, std::string_view field) {
  return ::testing::AllOf(mynumber::testing::HasReason(reason), mynumber::testing::NamesField(field));
}

std::string Repeat(std::string_view text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all.append(text);
  return all;
}

type::Actor Actor(const std::string& authority, const std::string& clerk_id = "clerk-7") {
  type::Actor actor;
  actor.set_authority(authority);
  actor.set_clerk_id(clerk_id);
  return actor;
}

TEST(ValidateActorTest, TakesEveryKnownAuthority) {
  for (const char* authority : {"municipality/131016", "post-office", "hotline", "factory", "operator",
                                "service/issuance", "service/notice", "service/card", "service/hotline"}) {
    EXPECT_TRUE(ValidateActor(kRefusals, Actor(authority), true).ok()) << authority;
  }
}

TEST(ValidateActorTest, RefusesUnknownAuthorities) {
  EXPECT_THAT(ValidateActor(kRefusals, Actor(""), false), Refuses("AUTHORITY_MISSING", "actor.authority"));
  for (const char* authority : {"municipality/", "municipality/131017", "municipality/130001", "municipality/13101",
                                "Municipality/131016", "service/", "service/other", "post-office ", "police"}) {
    EXPECT_THAT(ValidateActor(kRefusals, Actor(authority), false), Refuses("AUTHORITY_MALFORMED", "actor.authority"))
        << authority;
  }
}

TEST(ValidateActorTest, AClerkIsNeededForALookOnly) {
  EXPECT_TRUE(ValidateActor(kRefusals, Actor("operator", ""), false).ok());
  EXPECT_THAT(ValidateActor(kRefusals, Actor("operator", ""), true), Refuses("CLERK_MISSING", "actor.clerk_id"));
}

TEST(ValidateActorTest, AClerkIdIsSixtyFourPlainCharactersAtMost) {
  EXPECT_TRUE(ValidateActor(kRefusals, Actor("operator", "Az09-._@/"), true).ok());
  EXPECT_TRUE(ValidateActor(kRefusals, Actor("operator", Repeat("a", 64)), true).ok());
  for (const std::string& clerk : {Repeat("a", 65), std::string("two words"), std::string("係長"), std::string("a\nb")}) {
    EXPECT_THAT(ValidateActor(kRefusals, Actor("operator", clerk), false), Refuses("CLERK_MALFORMED", "actor.clerk_id"))
        << clerk;
  }
}

TEST(ValidateActorTest, OnlyAMunicipalityHasACode) {
  EXPECT_EQ(MunicipalityOf(Actor("municipality/131016")), "131016");
  EXPECT_EQ(MunicipalityOf(Actor("operator")), "");
}

TEST(ValidateRequestIdTest, IsAUuid) {
  EXPECT_TRUE(ValidateRequestId(kRefusals, "3f2b8c1e-0d54-4c0e-9a55-7b1f6a2d9c10").ok());
  EXPECT_THAT(ValidateRequestId(kRefusals, "").status(), Refuses("REQUEST_ID_MISSING", "request_id"));
  EXPECT_THAT(ValidateRequestId(kRefusals, "request 1").status(), Refuses("REQUEST_ID_MALFORMED", "request_id"));
}

TEST(CallerTest, NoRefusalRepeatsWhatWasEntered) {
  const std::string entered = "見本太郎8765";
  for (const absl::Status& refusal :
       {ValidateRequestId(kRefusals, entered).status(), ValidateActor(kRefusals, Actor(entered), false),
        ValidateActor(kRefusals, Actor("operator", entered), false)}) {
    ASSERT_FALSE(refusal.ok());
    EXPECT_EQ(refusal.ToString().find(entered), std::string::npos) << refusal.message();
  }
}

}  // namespace
}  // namespace mynumber::serving
