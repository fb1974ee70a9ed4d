#include "libs/serving/gate.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "libs/rpc/tls_for_tests.h"
#include "libs/testing/matchers.h"

namespace mynumber::serving {
namespace {

using mynumber::testing::ReasonOf;

constexpr Refusals kWords = {"counting.mynumber", "", "OpenCounter"};
constexpr char kOpen[] = "counting.v1.Counting/Open";
constexpr char kLook[] = "counting.v1.Counting/Look";
constexpr char kHurry[] = "counting.v1.Counting/Hurry";
constexpr char kConfirm[] = "counting.v1.Counting/Confirm";

constexpr char kPolicy[] = R"(
  roles {
    name: "municipality"
    limits { calls_per_second: 1 burst: 3 disclosures_per_hour: 2 }
    clerk_limits { calls_per_second: 1 burst: 2 disclosures_per_hour: 1 }
    grants { service: "counting.v1.Counting" methods: ["Open"] scope: SCOPE_OWN }
    grants { service: "counting.v1.Counting" methods: ["Look"] scope: SCOPE_OWN purposes_required: true }
    grants { service: "counting.v1.Counting" methods: ["Hurry"] scope: SCOPE_ALL exempt_from_limits: true }
  }
  roles {
    name: "service/standalone"
    limits { calls_per_second: 1 burst: 1 }
    grants { service: "counting.v1.Counting" methods: ["Confirm"] scope: SCOPE_ALL }
  }
)";

type::Actor Clerk(const std::string& authority, const std::string& clerk = "clerk-7") {
  type::Actor actor;
  actor.set_authority(authority);
  actor.set_clerk_id(clerk);
  return actor;
}

// A gate before a real server, whose calls ask it what the test wants to know.
class GateTest : public rpc::TlsTest {
 protected:
  using Ask = std::function<absl::Status(const grpc::CallbackServerContext&)>;

  GateTest() {
    service_.Observe([this](const grpc::CallbackServerContext& call) { said_ = ask_(call); });
  }

  absl::Status Through(const std::shared_ptr<grpc::Channel>& channel, const Ask& ask) {
    ask_ = ask;
    said_ = absl::InternalError("nobody asked");
    EXPECT_TRUE(Call(channel).ok());
    return said_;
  }
  absl::Status Admit(const std::shared_ptr<grpc::Channel>& channel, const char* method, const type::Actor& actor) {
    return Through(channel, [&](const auto& call) { return gate_.Admit(kWords, call, method, actor); });
  }
  std::string Reason(const std::shared_ptr<grpc::Channel>& channel, const char* method, const type::Actor& actor) {
    const absl::Status status = Admit(channel, method, actor);
    return status.ok() ? "" : ReasonOf(status);
  }
  std::shared_ptr<grpc::Channel> Plain() {
    Start(nullptr);
    return Channel(grpc::InsecureChannelCredentials());
  }
  std::shared_ptr<grpc::Channel> As(const std::string& uri) {
    if (!server_) StartTls();
    return Channel(rpc::TlsChannelCredentials({Folder("as-" + std::to_string(++folders_), {{uri}}), 1}).value());
  }

  int64_t now_micros_ = 1'000'000'000;
  access::LivePolicy policy_{
      access::Policy::Parse(kPolicy, {kOpen, kLook, kHurry, kConfirm}).value(), {kOpen, kLook, kHurry, kConfirm}};
  Gate gate_{&policy_, [this] { return now_micros_; }};
  Ask ask_;
  absl::Status said_;
  int folders_ = 0;
};

TEST_F(GateTest, InPlainTextTheActorIsBelieved) {
  const auto channel = Plain();
  EXPECT_EQ(Reason(channel, kOpen, Clerk("municipality/131016")), "");
  EXPECT_EQ(Reason(channel, kOpen, Clerk("post-office")), "METHOD_NOT_ALLOWED");
  EXPECT_EQ(Reason(channel, kConfirm, Clerk("municipality/131016")), "METHOD_NOT_ALLOWED");
  EXPECT_EQ(Reason(channel, "counting.v1.Counting/Unheard", Clerk("municipality/131016")), "METHOD_NOT_ALLOWED");
  EXPECT_EQ(Reason(channel, kOpen, type::Actor()), "") << "whoever has no actor is on this machine";
}

TEST_F(GateTest, ACertificateCountsAndNotTheActor) {
  const auto channel = As("spiffe://mynumber/municipality/131016");
  EXPECT_EQ(Reason(channel, kOpen, Clerk("municipality/131016")), "");
  EXPECT_EQ(Reason(channel, kOpen, Clerk("municipality/271004")), "AUTHORITY_NOT_YOURS");
  EXPECT_EQ(Reason(channel, kConfirm, Clerk("service/standalone")), "METHOD_NOT_ALLOWED");
  EXPECT_EQ(Reason(As("spiffe://mynumber/post-office"), kOpen, Clerk("municipality/131016")), "METHOD_NOT_ALLOWED");
  EXPECT_EQ(Reason(As("spiffe://mynumber/municipality/999999"), kOpen, Clerk("municipality/131016")),
            "NOT_IDENTIFIED");
}

TEST_F(GateTest, WithoutAnActorTheCertificateStillCounts) {
  const auto ask = [&](const auto& call) { return gate_.AdmitConnection(kWords, call, kConfirm); };
  EXPECT_EQ(ReasonOf(Through(As("spiffe://mynumber/municipality/131016"), ask)), "METHOD_NOT_ALLOWED");
  EXPECT_TRUE(Through(As("spiffe://mynumber/service/standalone"), ask).ok());
}

TEST_F(GateTest, AServiceVouchesForWhomItNames) {
  EXPECT_EQ(Reason(As("spiffe://mynumber/service/standalone"), kConfirm, Clerk("hotline")), "");
  const auto within = server_->InProcessChannel();
  EXPECT_EQ(Reason(within, kConfirm, Clerk("hotline")), "") << "and so does whoever is in this process";
  EXPECT_EQ(Reason(within, kOpen, Clerk("municipality/131016")), "METHOD_NOT_ALLOWED");
}

TEST_F(GateTest, AServiceWithinAProcessOfPlainTextDoes) {
  Plain();
  const auto within = server_->InProcessChannel();
  EXPECT_EQ(Reason(within, kConfirm, Clerk("hotline")), "");
  EXPECT_EQ(Reason(within, kOpen, Clerk("municipality/131016")), "METHOD_NOT_ALLOWED");
}

TEST_F(GateTest, LimitsHoldForClerksAndForTheirAuthority) {
  const auto channel = As("spiffe://mynumber/municipality/131016");
  const auto open = [&](const std::string& clerk) {
    return Admit(channel, kOpen, Clerk("municipality/131016", clerk));
  };
  EXPECT_TRUE(open("clerk-1").ok());
  EXPECT_TRUE(open("clerk-1").ok());
  const absl::Status third = open("clerk-1");
  ASSERT_EQ(ReasonOf(third), "LIMIT_REACHED");
  EXPECT_NEAR(static_cast<double>(rpc::ProblemOf(third)->retry_millis.value()), 1000, 2);
  EXPECT_TRUE(open("clerk-2").ok()) << "another clerk";
  EXPECT_EQ(ReasonOf(open("clerk-3")), "LIMIT_REACHED") << "three for all of them";
  EXPECT_EQ(Reason(channel, kHurry, Clerk("municipality/131016", "clerk-1")), "") << "this one never waits";
  now_micros_ += 1'000'000;
  EXPECT_TRUE(open("clerk-1").ok());
}

TEST_F(GateTest, LooksAtNumbersAreCountedForAnHour) {
  const auto channel = As("spiffe://mynumber/municipality/131016");
  const auto look = [&](const std::string& clerk) {
    now_micros_ += 60'000'000;
    return Reason(channel, kLook, Clerk("municipality/131016", clerk));
  };
  EXPECT_EQ(look("clerk-1"), "");
  EXPECT_EQ(look("clerk-1"), "LIMIT_REACHED");
  EXPECT_EQ(look("clerk-2"), "");
  EXPECT_EQ(look("clerk-3"), "LIMIT_REACHED");
  now_micros_ += int64_t{3'600} * 1'000'000;
  EXPECT_EQ(look("clerk-1"), "");
}

// "authority: clerk service method reason count", in the order of the alphabet.
std::vector<std::string> Noted(Gate* gate) {
  std::vector<std::string> lines;
  for (const RefusedOf& refused : gate->attempts()->Take()) {
    for (const auto& [kind, tally] : refused.attempts) {
      lines.push_back(refused.authority + ": " + kind.clerk_id + " " + kind.service + " " + kind.method + " " +
                      kind.reason + " " + std::to_string(tally.count));
    }
  }
  return lines;
}

TEST_F(GateTest, WhatIsRefusedIsNotedByWhomAndWhy) {
  const auto note = [this](const std::string& uri, const type::Actor& actor, const absl::Status& refusal) {
    (void)Through(As(uri), [&](const auto& call) {
      gate_.NoteRefused(kWords, call, "Open", actor, refusal);
      return absl::OkStatus();
    });
  };
  const std::string tokyo = "spiffe://mynumber/municipality/131016";
  note(tokyo, Clerk("municipality/131016"), kWords.MethodNotAllowed());
  note(tokyo, Clerk("municipality/131016"), kWords.MethodNotAllowed());
  note(tokyo, Clerk("municipality/271004", "a name"), kWords.AuthorityNotYours());
  note(tokyo, Clerk("municipality/131016"), kWords.LimitReached(100));
  note("spiffe://mynumber/service/standalone", Clerk("hotline"), kWords.MethodNotAllowed());
  note("spiffe://mynumber/municipality/999999", Clerk("municipality/131016"), kWords.NotIdentified());
  EXPECT_EQ(Noted(&gate_),
            (std::vector<std::string>{"hotline: clerk-7 counting Open METHOD_NOT_ALLOWED 1",
                                      "municipality/131016:  counting Open AUTHORITY_NOT_YOURS 1",
                                      "municipality/131016: clerk-7 counting Open LIMIT_REACHED 1",
                                      "municipality/131016: clerk-7 counting Open METHOD_NOT_ALLOWED 2",
                                      "unidentified: clerk-7 counting Open NOT_IDENTIFIED 1"}));
}

TEST_F(GateTest, WhatMaySimplyBeSentAgainIsNoAttempt) {
  (void)Through(Plain(), [&](const auto& call) {
    for (const absl::Status& refusal : {kWords.QueueFull(), kWords.ShuttingDown(), kWords.DeadlinePassed(),
                                        absl::InternalError("ours"), absl::CancelledError("gone")}) {
      gate_.NoteRefused(kWords, call, "Open", Clerk("hotline"), refusal);
    }
    return absl::OkStatus();
  });
  EXPECT_TRUE(gate_.attempts()->IsEmpty());
}

}  // namespace
}  // namespace mynumber::serving
