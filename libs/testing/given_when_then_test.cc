#include "libs/testing/given_when_then.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include "google/protobuf/wrappers.pb.h"
#include "google/rpc/code.pb.h"
#include "libs/rpc/problem.h"

namespace mynumber::testing {
namespace {

using google::protobuf::StringValue;

// A word that is said once; google.rpc.Code stands in for a service's reasons.
struct Echo {
  struct State {
    uint64_t version() const { return said_version; }
    void set_version(uint64_t version) { said_version = version; }
    uint64_t said_version = 0;
    int64_t time_micros = 0;
    std::string said;
  };
  using Event = StringValue;
  struct Say {
    std::string word;
  };
  using Command = Say;

  absl::StatusOr<std::vector<Event>> Decide(const State& state, const Say& say,
                                            const eventsourcing::DecideContext& context) const {
    if (say.word.empty()) {
      return rpc::ToStatus(
          {absl::StatusCode::kInvalidArgument, "ABORTED", "test", "Say something.", {}, {{"word", ""}}});
    }
    if (say.word == state.said) return std::vector<Event>{};
    StringValue event;
    event.set_value(say.word == "again" && ++decided % 2 == 0 ? "otherwise" : say.word);
    return std::vector<Event>{event};
  }
  void Evolve(const Event& event, const eventsourcing::EventMeta& meta, State* state) const {
    state->said = event.value();
    state->time_micros = meta.time_micros;
  }

  mutable int decided = 0;
};

StringValue Said(const char* word) {
  StringValue event;
  event.set_value(word);
  return event;
}

TEST(GivenWhenThenTest, TellsAStory) {
  Given story{Echo()};
  story.At(5).Events({Said("good")}).When({"day"}).Then({Said("day")}).When({"day"}).ThenNothing();
  story.When({""}).ThenRefused(google::rpc::ABORTED, "word");
  EXPECT_EQ(story.state().said, "day");
  EXPECT_EQ(story.state().version(), 2);
  EXPECT_EQ(story.state().time_micros, 5);
  EXPECT_THAT(story.outcome().status(), ::testing::AllOf(HasReason(google::rpc::ABORTED), NamesField("word"),
                                                         HasCode(absl::StatusCode::kInvalidArgument)));
}

TEST(GivenWhenThenTest, OtherEventsFail) {
  EXPECT_NONFATAL_FAILURE(Given(Echo()).When({"day"}).Then({Said("night")}), "\"night\" -> \"day\"");
  EXPECT_NONFATAL_FAILURE(Given(Echo()).When({"day"}).ThenNothing(), "1 events instead of 0");
  EXPECT_NONFATAL_FAILURE(Given(Echo()).When({""}).ThenNothing(), "Say something.");
}

TEST(GivenWhenThenTest, OtherRefusalsFail) {
  EXPECT_NONFATAL_FAILURE(Given(Echo()).When({"day"}).ThenRefused(google::rpc::ABORTED, "word"), "not refused");
  EXPECT_NONFATAL_FAILURE(Given(Echo()).When({""}).ThenRefused(google::rpc::ABORTED), "expected ABORTED of field ''");
  EXPECT_NONFATAL_FAILURE(Given(Echo()).When({""}).ThenRefused(google::rpc::INTERNAL, "word"), "expected INTERNAL");
}

TEST(GivenWhenThenTest, ThenWithoutWhenFails) {
  EXPECT_NONFATAL_FAILURE(Given(Echo()).Then({}), "needs a When");
  EXPECT_NONFATAL_FAILURE(Given(Echo()).ThenRefused(google::rpc::ABORTED), "needs a When");
}

TEST(GivenWhenThenTest, ADecisionThatDependsOnMoreThanItsArgumentsFails) {
  EXPECT_NONFATAL_FAILURE(Given(Echo()).When({"again"}), "two outcomes");
}

TEST(EqualsProtoTest, NamesTheFieldsThatDiffer) {
  EXPECT_THAT(Said("day"), EqualsProto(Said("day")));
  EXPECT_THAT(Said("day"), ::testing::Not(EqualsProto(Said("night"))));
  EXPECT_EQ(Differences(Said("day"), Said("night")), "modified: value: \"night\" -> \"day\"\n");
}

}  // namespace
}  // namespace mynumber::testing
