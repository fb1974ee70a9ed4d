// Request ids: the same request gets the same answer, another payload under its id is refused, and GetOutcome tells
// what became of it. The trace and the clerk of a request stand in the log.

#include <map>

#include "tests/stories/story.h"

namespace mynumber::stories {
namespace {

constexpr int64_t kDayMicros = int64_t{24} * 3600 * 1'000'000;
using Response = v1::GetOutcomeResponse;

class RequestStory : public Story {
 protected:
  // A resident in another partition than `name`'s.
  std::string Elsewhere(const v1::Resident& other) {
    for (;;) {
      const v1::Resident resident = Registered(Somebody());
      if (PartitionOf(resident) != PartitionOf(other)) return resident.name();
    }
  }
  static std::string PartitionOf(const v1::Resident& resident) {
    return resident.position().substr(0, resident.position().find('@'));
  }
  v1::GetOutcomeResponse Outcome(const std::string& request_id, const std::string& method) {
    return client_.Call(city_.Outcome(request_id, method)).value();
  }
};

TEST_F(RequestStory, EveryWritingCallGetsTheSameAnswerAgain) {
  const Person person = Somebody();
  const v1::Resident first = Registered(person);
  events::ResidentDetails corrected = person.details;
  corrected.set_full_name("例示 再送");
  const auto correction = city_.Correction(first.name(), corrected);
  const auto departure = city_.Departure(first.name());
  const auto back = city_.Return(first.name(), corrected);
  const auto disclosure = city_.Disclosure(first.name());
  const auto death = city_.Death(first.name());
  const auto corrected_answer = client_.Call(correction).value().SerializeAsString();
  const auto departure_answer = client_.Call(departure).value().SerializeAsString();
  const auto back_answer = client_.Call(back).value().SerializeAsString();
  const auto disclosure_answer = client_.Call(disclosure).value().SerializeAsString();
  const auto death_answer = client_.Call(death).value().SerializeAsString();
  for (const bool after_restart : {false, true}) {
    if (after_restart) {
      cluster_->Restart();
      client_ = cluster_->NewClient();
    }
    EXPECT_EQ(client_.Call(correction).value().SerializeAsString(), corrected_answer);
    EXPECT_EQ(client_.Call(departure).value().SerializeAsString(), departure_answer);
    EXPECT_EQ(client_.Call(back).value().SerializeAsString(), back_answer);
    EXPECT_EQ(client_.Call(disclosure).value().SerializeAsString(), disclosure_answer);
    EXPECT_EQ(client_.Call(death).value().SerializeAsString(), death_answer);
    EXPECT_EQ(Seen(first.name()).version(), 5) << "a look is no change of the resident";
  }
}

TEST_F(RequestStory, TheSameIdWithAnotherPayloadIsRefused) {
  const v1::Resident resident = Registered(Somebody());
  v1::RecordMoveRequest move = city_.Move({resident.name()});
  ASSERT_THAT(client_.Call(move), IsOk());
  move.set_address("別の町3番");
  EXPECT_THAT(ErrorOf(client_.Call(move)->results(0)), IsRefused(StatusCode::kAlreadyExists, "REQUEST_ID_REUSED"));
  v1::DiscloseNumberRequest disclosure = sapporo_.Disclosure(resident.name());
  ASSERT_THAT(client_.Call(disclosure), IsOk());
  disclosure.set_reference("another file");
  EXPECT_THAT(client_.Call(disclosure), IsRefused(StatusCode::kAlreadyExists, "REQUEST_ID_REUSED"));
  EXPECT_EQ(Seen(resident.name()).version(), 2);
}

TEST_F(RequestStory, AlsoForAResidentOfAnotherPartition) {
  const v1::Resident resident = Registered(Somebody());
  const std::string elsewhere = Elsewhere(resident);
  v1::DiscloseNumberRequest disclosure = city_.Disclosure(resident.name());
  ASSERT_THAT(client_.Call(disclosure), IsOk());
  disclosure.set_name(elsewhere);
  EXPECT_THAT(client_.Call(disclosure), IsRefused(StatusCode::kAlreadyExists, "REQUEST_ID_REUSED"));
  v1::RecordMoveRequest move = city_.Move({resident.name()});
  ASSERT_THAT(client_.Call(move), IsOk());
  *move.mutable_names() = {};
  move.add_names(elsewhere);
  EXPECT_THAT(ErrorOf(client_.Call(move)->results(0)), IsRefused(StatusCode::kAlreadyExists, "REQUEST_ID_REUSED"));
  EXPECT_EQ(Seen(elsewhere).version(), 1);
}

TEST_F(RequestStory, AlsoForAnotherRegistration) {
  const Person person = Somebody();
  const v1::RegisterResidentRequest first = city_.Registration(person);
  ASSERT_THAT(client_.Call(first), IsOk());
  for (int i = 0; i < 8; ++i) {
    v1::RegisterResidentRequest other = city_.Registration(Somebody());
    other.set_request_id(first.request_id());
    EXPECT_THAT(client_.Call(other), IsRefused(StatusCode::kAlreadyExists, "REQUEST_ID_REUSED"));
  }
  v1::RegisterResidentRequest confirmed = first;
  confirmed.set_confirmed_distinct(true);
  EXPECT_THAT(client_.Call(confirmed), IsRefused(StatusCode::kAlreadyExists, "REQUEST_ID_REUSED"));
}

TEST_F(RequestStory, AnIdIsScopedToCallerAndMethod) {
  const v1::Resident resident = Registered(Somebody());
  v1::DiscloseNumberRequest disclosure = city_.Disclosure(resident.name());
  v1::ReplaceNumberRequest replacement = city_.Replacement(resident.name());
  v1::DiscloseNumberRequest of_another = sapporo_.Disclosure(resident.name());
  replacement.set_request_id(disclosure.request_id());
  of_another.set_request_id(disclosure.request_id());
  EXPECT_THAT(client_.Call(disclosure), IsOk());
  EXPECT_THAT(client_.Call(replacement), IsOk());
  ASSERT_THAT(client_.Call(city_.Move({resident.name()})), IsOk());
  EXPECT_THAT(client_.Call(of_another), IsOk());
}

TEST_F(RequestStory, TheOutcomeOfAnAcceptedRequestIsItsFirstAnswer) {
  const Person person = Somebody();
  const v1::RegisterResidentRequest registration = city_.Registration(person);
  v1::Resident first = client_.Call(registration).value();
  const v1::RecordMoveRequest move = city_.Move({first.name()});
  const v1::Resident moved = client_.Call(move)->results(0).resident();
  ASSERT_THAT(client_.Call(sapporo_.Replacement(first.name())), IsOk());

  const v1::GetOutcomeResponse registered = Outcome(registration.request_id(), "RegisterResident");
  EXPECT_EQ(registered.outcome(), Response::OUTCOME_ACCEPTED);
  ASSERT_EQ(registered.residents_size(), 1);
  first.clear_individual_number();
  EXPECT_EQ(registered.residents(0).SerializeAsString(), first.SerializeAsString()) << "all but the number itself";
  EXPECT_EQ(registered.position(), first.position());
  const v1::GetOutcomeResponse moved_outcome = Outcome(move.request_id(), "RecordMove");
  ASSERT_EQ(moved_outcome.residents_size(), 1);
  EXPECT_EQ(moved_outcome.residents(0).SerializeAsString(), moved.SerializeAsString());
}

TEST_F(RequestStory, TheOutcomeOfAHouseholdsMoveIsAllOfIt) {
  std::map<std::string, uint64_t> household;
  std::vector<std::string> names;
  for (int i = 0; i < 7; ++i) names.push_back(Registered(Somebody()).name());
  const v1::RecordMoveRequest move = city_.Move(names);
  ASSERT_THAT(client_.Call(move), IsOk());
  const v1::GetOutcomeResponse outcome = Outcome(move.request_id(), "RecordMove");
  EXPECT_EQ(outcome.outcome(), Response::OUTCOME_ACCEPTED);
  for (const auto& resident : outcome.residents()) household[resident.name()] = resident.version();
  EXPECT_EQ(household.size(), 7);
  for (const std::string& name : names) EXPECT_EQ(household[name], 2);
}

TEST_F(RequestStory, TheOutcomeOfARowOfABulkLoadIsARegistrations) {
  const v1::RegisterResidentsRequest batch = city_.Batch(1, {Somebody(), Somebody()});
  const auto loaded = client_.Load({batch}).value();
  const v1::GetOutcomeResponse outcome = Outcome(batch.residents(1).request_id(), "RegisterResident");
  ASSERT_EQ(outcome.residents_size(), 1);
  EXPECT_EQ(outcome.residents(0).name(), loaded.at(0).rows(1).name());
}

TEST_F(RequestStory, WhatWasNotAcceptedIsSafeToSendAgain) {
  EXPECT_EQ(Outcome(NewRequestId(), "RecordMove").outcome(), Response::OUTCOME_NOT_ACCEPTED);
  v1::RegisterResidentRequest refused = city_.Registration(Somebody());
  refused.mutable_details()->clear_full_name();
  ASSERT_FALSE(client_.Call(refused).ok());
  EXPECT_EQ(Outcome(refused.request_id(), "RegisterResident").outcome(), Response::OUTCOME_NOT_ACCEPTED);
  // Another caller's request of the same id is not this one's.
  const v1::Resident there = client_.Call(sapporo_.Registration(Somebody(kSapporo))).value();
  const v1::DiscloseNumberRequest disclosure = sapporo_.Disclosure(there.name());
  ASSERT_THAT(client_.Call(disclosure), IsOk());
  EXPECT_EQ(Outcome(disclosure.request_id(), "DiscloseNumber").outcome(), Response::OUTCOME_NOT_ACCEPTED);
  EXPECT_EQ(client_.Call(sapporo_.Outcome(disclosure.request_id(), "DiscloseNumber"))->outcome(),
            Response::OUTCOME_ACCEPTED);
}

TEST_F(RequestStory, AnOutcomeMayBeAskedForOneResidentOnly) {
  const v1::Resident resident = Registered(Somebody());
  const v1::DiscloseNumberRequest disclosure = city_.Disclosure(resident.name());
  ASSERT_THAT(client_.Call(disclosure), IsOk());
  v1::GetOutcomeRequest request = city_.Outcome(disclosure.request_id(), "DiscloseNumber");
  request.set_name(resident.name());
  EXPECT_EQ(client_.Call(request)->outcome(), Response::OUTCOME_ACCEPTED);
  request.set_name(Elsewhere(resident));
  EXPECT_EQ(client_.Call(request)->outcome(), Response::OUTCOME_NOT_ACCEPTED);
}

TEST_F(RequestStory, TheTraceOfACallStandsWithItsEvents) {
  const std::string trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
  client_.traceparent = "00-" + trace_id + "-00f067aa0ba902b7-01";
  const v1::Resident resident = Registered(Somebody());
  ASSERT_THAT(client_.Call(city_.Move({resident.name()})), IsOk());
  ASSERT_THAT(client_.Load({city_.Batch(1, {Somebody(), Somebody()})}), IsOk());
  int found = 0;
  for (const auto& command : client_.CommandsInLog()) {
    if (command.traceparent().find(trace_id) == std::string::npos) continue;
    ++found;
    EXPECT_EQ(command.traceparent().size(), 55);
    EXPECT_EQ(command.traceparent().find("00f067aa0ba902b7"), std::string::npos) << "a span of its own";
    EXPECT_EQ(command.traceparent().substr(53), "01");
    EXPECT_EQ(command.caller(), city_.authority());
    EXPECT_EQ(command.clerk_id(), "clerk-7");
  }
  EXPECT_EQ(found, 4);
  client_.traceparent = "00-nonsense";
  const double before = cluster_->Metric("mynumber_malformed_traces_total{service=\"issuance\"}");
  EXPECT_THAT(client_.Call(city_.Registration(Somebody())), IsOk());
  EXPECT_EQ(cluster_->Metric("mynumber_malformed_traces_total{service=\"issuance\"}"), before + 1);
}

// A cluster of their own, since time does not go back.
class ReceiptAgeStory : public RequestStory {};

TEST_F(ReceiptAgeStory, ASevenDayOldReceiptIsForgottenAndARegistrationIsNot) {
  const Person person = Somebody();
  const v1::RegisterResidentRequest registration = city_.Registration(person);
  const v1::Resident first = client_.Call(registration).value();
  const std::string elsewhere = Elsewhere(first);
  v1::DiscloseNumberRequest disclosure = city_.Disclosure(first.name());
  const auto shown = client_.Call(disclosure);
  ASSERT_THAT(shown, IsOk());
  cluster_->AdvanceClock(6 * kDayMicros);
  EXPECT_EQ(client_.Call(disclosure)->position(), shown->position());
  EXPECT_EQ(Outcome(disclosure.request_id(), "DiscloseNumber").outcome(), Response::OUTCOME_ACCEPTED);
  cluster_->AdvanceClock(2 * kDayMicros);
  EXPECT_EQ(Outcome(disclosure.request_id(), "DiscloseNumber").outcome(), Response::OUTCOME_NOT_ACCEPTED);
  EXPECT_NE(client_.Call(disclosure)->position(), shown->position()) << "another look by now";
  const auto again = client_.Call(registration);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->name(), first.name());
  EXPECT_EQ(again->individual_number(), first.individual_number()) << "the same caller, the same id";
  cluster_->AdvanceClock(8 * kDayMicros);
  disclosure.set_name(elsewhere);
  EXPECT_THAT(client_.Call(disclosure), IsOk()) << "the id is free again, in the other partitions too";
  EXPECT_TRUE(client_.Verify()->clean());
}

}  // namespace
}  // namespace mynumber::stories
