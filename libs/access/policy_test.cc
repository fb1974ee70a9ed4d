#include "libs/access/policy.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/access/live_policy.h"

// Counts what this program allocates.
static std::atomic<int64_t> allocations{0};
void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace mynumber::access {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<std::string> kMethods = {"made.up.Library/Read", "made.up.Library/Write", "made.up.Library/Find"};

constexpr char kGood[] = R"(
roles {
  name: "municipality"
  limits { calls_per_second: 10 burst: 20 disclosures_per_hour: 30 look_ups_per_hour: 40 }
  clerk_limits { calls_per_second: 1 burst: 2 disclosures_per_hour: 3 look_ups_per_hour: 4 }
  grants { service: "made.up.Library" methods: ["Read"] scope: SCOPE_OWN purposes_required: true }
  grants { service: "made.up.Library" methods: ["Find"] scope: SCOPE_ALL is_look_up: true }
}
roles {
  name: "hotline"
  limits { calls_per_second: 10 burst: 20 }
  grants { service: "made.up.Library" methods: ["Read", "Write"] scope: SCOPE_OWN_ACTS exempt_from_limits: true }
})";

Policy Good() { return *Policy::Parse(kGood, kMethods); }
Identity Who(std::string_view authority) { return *Identity::FromAuthority(authority); }

// One role as it should be, with this instead of its grants.
std::string WithGrants(const std::string& grants) {
  return "roles {\n name: \"hotline\"\n limits { calls_per_second: 1 burst: 1 }\n" + grants + "\n}";
}

void ExpectWrong(const std::string& text, const std::string& sentence) {
  const auto policy = Policy::Parse(text, kMethods);
  ASSERT_FALSE(policy.ok()) << text;
  EXPECT_EQ(policy.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(policy.status().message()), HasSubstr(sentence));
  EXPECT_EQ(std::string(policy.status().message()).find('\n'), std::string::npos);
}

TEST(Policy, DecidesByRoleAndMethod) {
  const Policy policy = Good();
  const Decision read = policy.Decide(Who("municipality/131016"), "/made.up.Library/Read");
  EXPECT_TRUE(read.allowed);
  EXPECT_EQ(read.scope, Scope::kOwn);
  EXPECT_TRUE(read.purposes_required);
  EXPECT_FALSE(read.is_look_up);
  EXPECT_EQ(read.reason, Reason::kGranted);
  EXPECT_TRUE(policy.Decide(Who("municipality/131016"), "/made.up.Library/Find").is_look_up);
  const Decision write = policy.Decide(Who("hotline"), "made.up.Library/Write");
  EXPECT_EQ(write.scope, Scope::kOwnActs);
  EXPECT_TRUE(write.exempt_from_limits);
}

TEST(Policy, RefusesWhatIsNotListed) {
  const Policy policy = Good();
  const Decision not_granted = policy.Decide(Who("municipality/131016"), "/made.up.Library/Write");
  EXPECT_FALSE(not_granted.allowed);
  EXPECT_EQ(not_granted.scope, Scope::kNone);
  EXPECT_EQ(not_granted.reason, Reason::kNotGranted);
  // A role that the file does not name.
  EXPECT_FALSE(policy.Decide(Who("operator"), "/made.up.Library/Read").allowed);
  for (const char* method : {"", "/", "//made.up.Library/Read", "/made.up.Library/read", "/made.up.Library/Read/",
                             "/made.up.Library", "Read", "/made.up.Library/Erase"}) {
    const Decision unknown = policy.Decide(Who("hotline"), method);
    EXPECT_FALSE(unknown.allowed) << method;
    EXPECT_EQ(unknown.reason, Reason::kUnknownMethod) << method;
  }
}

TEST(Policy, LimitsOfAClerkAreTheIdentitysUnlessTheyAreSaid) {
  const Policy policy = Good();
  EXPECT_EQ(policy.LimitsOf(Role::kMunicipality).of_identity.look_ups_per_hour(), 40);
  EXPECT_EQ(policy.LimitsOf(Role::kMunicipality).of_clerk.burst(), 2);
  EXPECT_EQ(policy.LimitsOf(Role::kHotline).of_clerk.burst(), 20);
  EXPECT_EQ(policy.LimitsOf(Role::kFactory).of_identity.burst(), 0);
}

TEST(Policy, TellsWhatNobodyMayCallAndWhoMayCallNothing) {
  EXPECT_THAT(Good().warnings(), IsEmpty());
  const auto policy =
      Policy::Parse(WithGrants("grants { service: \"made.up.Library\" methods: \"Read\" scope: SCOPE_ALL }") +
                        "\nroles { name: \"factory\" limits { calls_per_second: 1 burst: 1 } }",
                    kMethods);
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_THAT(policy->warnings(),
              ElementsAre("The role factory may call nothing.", "No role may call made.up.Library/Write.",
                          "No role may call made.up.Library/Find."));
}

TEST(Policy, NamesTheLineAndTheMethodOfAWrongGrant) {
  ExpectWrong(WithGrants("grants { service: \"made.up.Library\"\n methods: \"Erase\" scope: SCOPE_ALL }"),
              "in line 5: the role hotline is granted made.up.Library/Erase, and there is no such method.");
  ExpectWrong(WithGrants("grants { service: \"made.up.Library\" methods: [\"Read\", \"Erase\"] scope: SCOPE_ALL }"),
              "in line 4: the role hotline is granted made.up.Library/Erase, and there is no such method.");
  ExpectWrong(WithGrants("grants { service: \"made.up.Library\" methods: \"Read\" }"),
              "in line 4: the role hotline has no scope for made.up.Library/Read.");
  ExpectWrong(WithGrants("grants { service: \"made.up.Library\" scope: SCOPE_ALL }"),
              "in line 4: the role hotline is granted no method of made.up.Library.");
  ExpectWrong(WithGrants("grants { service: \"made.up.Library\" methods: [\"Read\", \"Read\"] scope: SCOPE_ALL }"),
              "in line 4: the role hotline is granted made.up.Library/Read a second time.");
  ExpectWrong(WithGrants("grants { service: \"made.up.Library\" methods: \"Read\" scope: SCOPE_OWN }"),
              "in line 4: the role hotline is no municipality");
}

TEST(Policy, ACountedGrantNeedsItsLimit) {
  ExpectWrong(
      WithGrants("grants { service: \"made.up.Library\" methods: \"Read\" scope: SCOPE_ALL purposes_required: true }"),
      "has no disclosures_per_hour");
  ExpectWrong(WithGrants("grants { service: \"made.up.Library\" methods: \"Read\" scope: SCOPE_ALL is_look_up: true }"),
              "has no look_ups_per_hour");
  std::string no_clerk = kGood;
  no_clerk.replace(no_clerk.find("disclosures_per_hour: 3 "), 24, "");
  ExpectWrong(no_clerk, "in line 6: the role municipality has no disclosures_per_hour in its limits");
  std::string both = kGood;
  both.replace(both.find("is_look_up: true"), 16, "is_look_up: true exempt_from_limits: true");
  ExpectWrong(both, "in line 7: the role municipality cannot have made.up.Library/Find both counted and exempt");
}

TEST(Policy, NamesTheLineAndTheRoleOfAWrongRole) {
  ExpectWrong(WithGrants("") + "\n" + WithGrants(""), "in line 6: the role hotline stands here a second time.");
  ExpectWrong("\nroles { name: \"hot-line\" }", "in line 2: there is no role \"hot-line\".");
  ExpectWrong("roles { name: \"hotline\" }", "in line 1: the role hotline has no limits.");
  ExpectWrong("roles { name: \"hotline\" limits { burst: 1 } }", "the role hotline needs calls_per_second");
  ExpectWrong("roles { name: \"hotline\" limits { calls_per_second: 1 } }", "the role hotline needs a burst");
  ExpectWrong("", "in line 1: it has no role");
}

TEST(Policy, NamesTheLineOfWhatCannotBeRead) {
  ExpectWrong("roles {\n  name: \"hotline\"\n  colour: \"red\"\n}", "in line 3: ");
  ExpectWrong("roles {\n  name: \"hotline\"\n  colour: \"red\"\n}", "\"colour\"");
  ExpectWrong(WithGrants("grants { scope: SCOPE_SOME }"), "in line 4: ");
  ExpectWrong("roles {\n name: \"hotline\"", "in line ");
}

TEST(Policy, DecidesWithoutAllocatingAndInLessThan200Nanoseconds) {
  const Policy policy = Good();
  const Identity who = Who("municipality/131016");
  constexpr int kCalls = 10'000;
  double least_nanos = 1e9;
  int allowed = 0;
  const int64_t before = allocations;
  // The machine may have other things to do: the best of many rounds is what the code takes.
  for (int round = 0; round < 50; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < kCalls; ++i) {
      allowed += policy.Decide(who, i % 2 ? "/made.up.Library/Read" : "/no/thing").allowed;
    }
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
    least_nanos = std::min(least_nanos, took.count() / kCalls);
  }
  EXPECT_EQ(allocations, before);
  EXPECT_EQ(allowed, 50 * kCalls / 2);
  EXPECT_LT(least_nanos, 200);
  RecordProperty("nanoseconds", std::to_string(least_nanos));
}

TEST(LivePolicy, ABrokenFileChangesNothingAndAGoodOneTakesItsPlace) {
  LivePolicy live(Good(), kMethods);
  const auto first = live.Now();
  EXPECT_FALSE(live.Reload("roles { nonsense }").ok());
  EXPECT_EQ(live.Now(), first);
  const std::string other = WithGrants("grants { service: \"made.up.Library\" methods: \"Find\" scope: SCOPE_ALL }");
  ASSERT_TRUE(live.Reload(other).ok());
  EXPECT_TRUE(live.Now()->Decide(Who("hotline"), "/made.up.Library/Find").allowed);
  EXPECT_FALSE(live.Now()->Decide(Who("hotline"), "/made.up.Library/Read").allowed);
  // Whoever has the former one keeps it.
  EXPECT_TRUE(first->Decide(Who("hotline"), "/made.up.Library/Read").allowed);
}

TEST(LivePolicy, IsExchangedWhileCallsAreDecided) {
  LivePolicy live(Good(), kMethods);
  std::atomic<bool> stop{false};
  std::atomic<int64_t> odd{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 2; ++i) {
    callers.emplace_back([&] {
      while (!stop) {
        const auto policy = live.Now();
        // Either file grants exactly one of the two.
        odd += policy->Decide(Who("hotline"), "/made.up.Library/Read").allowed ==
               policy->Decide(Who("hotline"), "/made.up.Library/Find").allowed;
      }
    });
  }
  const std::string other = WithGrants("grants { service: \"made.up.Library\" methods: \"Find\" scope: SCOPE_ALL }");
  for (int i = 0; i < 500; ++i) EXPECT_TRUE(live.Reload(i % 2 ? std::string(kGood) : other).ok());
  stop = true;
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(odd, 0);
}

}  // namespace
}  // namespace mynumber::access
