// Every command in every state that a resident can be in: what follows, or why not.

#include <gtest/gtest.h>

#include <array>
#include <set>

#include "libs/testing/given_when_then.h"
#include "services/issuance/domain/made_up.h"

namespace mynumber::issuance {
namespace {

using events::v1::IssuanceEvent;
using mynumber::testing::Given;
using namespace made_up;  // NOLINT: the vocabulary of this file

constexpr char kAlready[] = "already";

struct State {
  const char* name;
  std::vector<IssuanceEvent> events;
};

const std::array<State, 7>& States() {
  static const auto* const states = new std::array<State, 7>{{
      {"unknown", {}},
      {"registered", {Registered(Registration())}},
      {"departed", {Registered(Registration()), Departed()}},
      {"deceased", {Registered(Registration()), Died()}},
      {"voided", {Registered(Registration()), Voided()}},
      {"alias", {CodeAliased(kCode, kOtherCode)}},
      {"access record", {LookedUp()}},
  }};
  return *states;
}

struct Row {
  const char* name;
  Command command;
  // In the order of States(): the event that follows, kAlready, or the reason of the refusal.
  std::array<std::string, 7> outcomes;
};

RecordDeparture DepartureOnAnotherDay() { return {Day(2027, 1, 1)}; }
RecordDeath DeathOnAnotherDay() { return {Day(2027, 3, 1)}; }
RequestRecordCodeChange ChangeThatLeadsHome() {
  RequestRecordCodeChange change = CodeChange(kCodeOtherCheckDigit);
  change.leads_home = true;
  return change;
}
ReplaceNumber Wish() {
  ReplaceNumber wish = Replacement();
  wish.ground = v1::REPLACEMENT_GROUND_WISH;
  return wish;
}

std::vector<Row> RowsOfRegistrations() {
  return {
      {"register, as before", Registration(),
       {"resident_registered", kAlready, kAlready, kAlready, "resident_registered", "RECORD_CODE_TAKEN",
        "RESIDENT_UNKNOWN"}},
      {"register with other details", Registration(kCode, Jiro()),
       {"resident_registered", "REGISTERED_WITH_OTHER_DETAILS", "REGISTERED_WITH_OTHER_DETAILS",
        "REGISTERED_WITH_OTHER_DETAILS", "resident_registered", "RECORD_CODE_TAKEN", "RESIDENT_UNKNOWN"}},
      {"register with another check digit", Registration(kCodeOtherCheckDigit),
       {"resident_registered", "RECORD_CODE_KNOWN_WITH_OTHER_CHECK_DIGIT", "RECORD_CODE_KNOWN_WITH_OTHER_CHECK_DIGIT",
        "RECORD_CODE_KNOWN_WITH_OTHER_CHECK_DIGIT", "resident_registered", "RECORD_CODE_KNOWN_WITH_OTHER_CHECK_DIGIT",
        "RESIDENT_UNKNOWN"}},
      {"void", Voiding(),
       {"RESIDENT_UNKNOWN", "registration_voided", "registration_voided", "registration_voided", kAlready,
        "RESIDENT_UNKNOWN", "RESIDENT_UNKNOWN"}},
  };
}

std::vector<Row> RowsOfRecords() {
  return {
      {"move", Move(),
       {"RESIDENT_UNKNOWN", "resident_moved", "RESIDENT_DEPARTED", "RESIDENT_DECEASED", "REGISTRATION_VOIDED",
        "RESIDENT_UNKNOWN", "RESIDENT_UNKNOWN"}},
      {"depart", Departure(),
       {"RESIDENT_UNKNOWN", "resident_departed", kAlready, "RESIDENT_DECEASED", "REGISTRATION_VOIDED",
        "RESIDENT_UNKNOWN", "RESIDENT_UNKNOWN"}},
      {"depart on another day", DepartureOnAnotherDay(),
       {"RESIDENT_UNKNOWN", "resident_departed", "RESIDENT_DEPARTED", "RESIDENT_DECEASED", "REGISTRATION_VOIDED",
        "RESIDENT_UNKNOWN", "RESIDENT_UNKNOWN"}},
      {"return", Return(),
       {"RESIDENT_UNKNOWN", "RESIDENT_NOT_DEPARTED", "resident_returned", "RESIDENT_DECEASED", "REGISTRATION_VOIDED",
        "RESIDENT_UNKNOWN", "RESIDENT_UNKNOWN"}},
      {"die", Death(),
       {"RESIDENT_UNKNOWN", "resident_died", "resident_died", kAlready, "REGISTRATION_VOIDED", "RESIDENT_UNKNOWN",
        "RESIDENT_UNKNOWN"}},
      {"die on another day", DeathOnAnotherDay(),
       {"RESIDENT_UNKNOWN", "resident_died", "resident_died", "RESIDENT_DECEASED", "REGISTRATION_VOIDED",
        "RESIDENT_UNKNOWN", "RESIDENT_UNKNOWN"}},
      {"correct", Correction(),
       {"RESIDENT_UNKNOWN", "resident_corrected", "resident_corrected", "resident_corrected", "REGISTRATION_VOIDED",
        "RESIDENT_UNKNOWN", "RESIDENT_UNKNOWN"}},
  };
}

std::vector<Row> RowsOfRecordCodes() {
  return {
      {"ask for another code", CodeChange(),
       {"RESIDENT_UNKNOWN", "record_code_change_requested", "record_code_change_requested",
        "record_code_change_requested", "REGISTRATION_VOIDED", "RESIDENT_UNKNOWN", "RESIDENT_UNKNOWN"}},
      {"ask for a code that leads here", ChangeThatLeadsHome(),
       {"RESIDENT_UNKNOWN", "record_code_changed", "record_code_changed", "record_code_changed", "REGISTRATION_VOIDED",
        "RESIDENT_UNKNOWN", "RESIDENT_UNKNOWN"}},
      {"alias", AliasRecordCode{RawIdOf(kOtherCode), kCode},
       {"record_code_aliased", "RECORD_CODE_TAKEN", "RECORD_CODE_TAKEN", "RECORD_CODE_TAKEN", "RECORD_CODE_TAKEN",
        kAlready, "RECORD_CODE_TAKEN"}},
      {"alias of a third resident", AliasRecordCode{RawIdOf(kCodeReservedFirst), kCode},
       {"record_code_aliased", "RECORD_CODE_TAKEN", "RECORD_CODE_TAKEN", "RECORD_CODE_TAKEN", "RECORD_CODE_TAKEN",
        "RECORD_CODE_TAKEN", "RECORD_CODE_TAKEN"}},
      {"complete what is not pending", CompleteRecordCodeChange{kOtherCode},
       {kAlready, kAlready, kAlready, kAlready, kAlready, kAlready, kAlready}},
      {"refuse what is not pending", RefuseRecordCodeChange{kOtherCode, "taken"},
       {kAlready, kAlready, kAlready, kAlready, kAlready, kAlready, kAlready}},
  };
}

std::vector<Row> RowsOfNumbers() {
  return {
      {"disclose", Disclosure(),
       {"RESIDENT_UNKNOWN", "number_disclosed", "number_disclosed", "number_disclosed", "REGISTRATION_VOIDED",
        "RESIDENT_UNKNOWN", "RESIDENT_UNKNOWN"}},
      {"search by the number", Search(0),
       {"RESIDENT_UNKNOWN", "number_disclosed", "number_disclosed", "number_disclosed", "REGISTRATION_VOIDED",
        "RESIDENT_UNKNOWN", "RESIDENT_UNKNOWN"}},
      {"search by a number that was never given", Search(3),
       {"NUMBER_NOT_ISSUED", "NUMBER_NOT_ISSUED", "NUMBER_NOT_ISSUED", "NUMBER_NOT_ISSUED", "NUMBER_NOT_ISSUED",
        "NUMBER_NOT_ISSUED", "NUMBER_NOT_ISSUED"}},
      {"replace", Replacement(),
       {"RESIDENT_UNKNOWN", "number_replaced", "number_replaced", "RESIDENT_DECEASED", "REGISTRATION_VOIDED",
        "RESIDENT_UNKNOWN", "RESIDENT_UNKNOWN"}},
      {"replace at the resident's wish", Wish(),
       {"RESIDENT_UNKNOWN", "REPLACEMENT_NEEDS_LEAK", "REPLACEMENT_NEEDS_LEAK", "RESIDENT_DECEASED",
        "REGISTRATION_VOIDED", "RESIDENT_UNKNOWN", "RESIDENT_UNKNOWN"}},
  };
}

// With the erased, nothing can be done: decide_erasure_test.cc.
std::vector<Row> RowsOfErasures() {
  return {
      {"ask for the erasure", RequestErasure{events::v1::ERASURE_GROUND_ORDERED, "order 7", Clerk()},
       {"RESIDENT_UNKNOWN", "erasure_requested", "erasure_requested", "erasure_requested", "erasure_requested",
        "RESIDENT_UNKNOWN", "RESIDENT_UNKNOWN"}},
      {"approve what nobody asked for", ApproveErasure{Clerk()},
       {"RESIDENT_UNKNOWN", "ERASURE_NOT_REQUESTED", "ERASURE_NOT_REQUESTED", "ERASURE_NOT_REQUESTED",
        "ERASURE_NOT_REQUESTED", "RESIDENT_UNKNOWN", "RESIDENT_UNKNOWN"}},
      {"withdraw what nobody asked for", WithdrawErasure{"mistake", Clerk()},
       {"RESIDENT_UNKNOWN", kAlready, kAlready, kAlready, kAlready, "RESIDENT_UNKNOWN", "RESIDENT_UNKNOWN"}},
      {"erase what nobody approved", EraseResident{},
       {kAlready, kAlready, kAlready, kAlready, kAlready, kAlready, kAlready}},
      {"erase again, by the record", EraseAgain{},
       {"RESIDENT_UNKNOWN", "resident_erased", "resident_erased", "resident_erased", "resident_erased",
        "RESIDENT_UNKNOWN", "RESIDENT_UNKNOWN"}},
  };
}

// What was looked up, and refused, is written down whatever else is known.
std::vector<Row> RowsOfAccess() {
  const auto always = [](const std::string& outcome) {
    std::array<std::string, 7> outcomes;
    outcomes.fill(outcome);
    return outcomes;
  };
  return {
      {"note a look-up", LookingUp(), always("looked_up")},
      {"note attempts", Attempts(), always("attempts_refused")},
      {"erase an access record that is not due", EraseAccessRecord{}, always(kAlready)},
  };
}

std::vector<Row> AllRows() {
  std::vector<Row> all;
  for (auto rows : {RowsOfRegistrations(), RowsOfRecords(), RowsOfRecordCodes(), RowsOfNumbers(), RowsOfErasures(),
                    RowsOfAccess()}) {
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

Given<Issuance> ResidentIn(const State& state) {
  Given resident(Service());
  resident.Of(IdOf(kCode)).At(RegistrationMicros()).Events(state.events);
  return resident;
}

std::string InWords(const absl::StatusOr<std::vector<IssuanceEvent>>& outcome) {
  if (!outcome.ok()) return mynumber::testing::ReasonOf(outcome.status());
  return outcome->empty() ? kAlready : std::string(Issuance::EventType(outcome->front()));
}

TEST(EveryCommandInEveryState, EndsAsTheTableSays) {
  for (const Row& row : AllRows()) {
    for (size_t i = 0; i < States().size(); ++i) {
      Given resident = ResidentIn(States()[i]);
      EXPECT_EQ(InWords(resident.When(row.command).outcome()), row.outcomes[i])
          << "'" << row.name << "' while " << States()[i].name;
    }
  }
}

TEST(EveryCommandInEveryState, TheTableLeavesNoCommandOut) {
  std::set<size_t> kinds;
  for (const Row& row : AllRows()) kinds.insert(row.command.index());
  EXPECT_EQ(kinds.size(), std::variant_size_v<Command>);
}

// Each look and each leak; a repeated call is known by its request id.
bool IsEachOneOfItsOwn(const Command& command) {
  return std::holds_alternative<DiscloseNumber>(command) || std::holds_alternative<ReplaceNumber>(command) ||
         std::holds_alternative<RecordLookUp>(command) || std::holds_alternative<RecordAttempts>(command);
}

TEST(EveryCommandInEveryState, AskedAgainWritesNothing) {
  for (const Row& row : AllRows()) {
    if (IsEachOneOfItsOwn(row.command)) continue;
    for (const State& state : States()) {
      Given resident = ResidentIn(state);
      if (!resident.When(row.command).outcome().ok()) continue;
      EXPECT_EQ(InWords(resident.When(row.command).outcome()), kAlready) << "'" << row.name << "' while " << state.name;
    }
  }
}

}  // namespace
}  // namespace mynumber::issuance
