// What holds whatever is asked, in whatever order: any sequence of requests that the edge lets through, over a few
// residents whose codes, numbers and look-alikes are likely to meet.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <ostream>
#include <set>

#include "google/rpc/status.pb.h"
#include "libs/rpc/problem.h"
#include "libs/testing/matchers.h"
#include "mynumber/issuance/v1/error_reason.pb.h"
#include "services/issuance/domain/refusals.h"
#include "services/issuance/domain/validate.h"
#include "services/issuance/projections/made_up_register.h"
#include "services/issuance/projections/tables.h"

namespace mynumber::issuance {
namespace {

using eventsourcing::SubjectId;
using events::v1::IssuanceEvent;
using events::v1::ResidentDetails;
using mynumber::testing::Differences;
using rows::v1::ResidentState;
using namespace made_up;  // NOLINT: the vocabulary of this file

// Four times ten free digits, each with two check digits; two of them skip a number.
constexpr const char* kCodes[] = {"50000000007", "60000000002", "00000000000", "12345678901",
                                  "50000000008", "60000000003", "00000000001", "12345678902"};
constexpr size_t kResidents = 4;

enum class Kind {
  kRegister,
  kMove,
  kDepart,
  kReturn,
  kDie,
  kCorrect,
  kChangeCode,
  kContinueCodeChange,
  kVoid,
  kDisclose,
  kSearch,
  kReplace,
};

// One request; numbers below are taken modulo what there is to choose from.
struct Request {
  Kind kind;
  int who;
  int other;
  int variant;
  int day;
};

std::ostream& operator<<(std::ostream& out, const Request& request) {
  return out << "{kind " << static_cast<int>(request.kind) << ", who " << request.who << ", other " << request.other
             << ", variant " << request.variant << ", day " << request.day << "}";
}

rc::Gen<std::vector<Request>> Requests() {
  const auto kind = rc::gen::weightedElement<Kind>(
      {{16, Kind::kRegister}, {6, Kind::kMove}, {6, Kind::kDepart}, {6, Kind::kReturn}, {1, Kind::kDie},
       {6, Kind::kCorrect}, {8, Kind::kChangeCode}, {12, Kind::kContinueCodeChange}, {4, Kind::kVoid},
       {6, Kind::kDisclose}, {6, Kind::kSearch}, {8, Kind::kReplace}});
  const auto one = rc::gen::construct<Request>(kind, rc::gen::inRange(0, 8), rc::gen::inRange(0, 8),
                                               rc::gen::inRange(0, 12), rc::gen::inRange(0, 60));
  return rc::gen::scale(3.0, rc::gen::container<std::vector<Request>>(one));
}

// People of whom some look alike.
ResidentDetails Person(int variant) {
  switch (variant % 5) {
    case 0:
      return Hanako();
    case 1:
      return HanakoMoved();
    case 2:
      return HanakoReturned();
    case 3:
      return Jiro();
    default: {
      ResidentDetails kana_only = Hanako();
      kana_only.set_full_name(kana_only.name_kana());
      return kana_only;
    }
  }
}

type::Date DayOf(const Request& request) {
  return calendar::DateInTokyo(RegistrationMicros() + int64_t{request.day} * 86400 * 1'000'000);
}

std::string FirstLetters(std::string_view text) { return std::string(text.substr(0, 9)); }

// Personal data in a state or command: none of it may come back in a refusal.
void CollectSecrets(const ResidentDetails& details, std::vector<std::string>* secrets) {
  for (const std::string* text : {&details.full_name(), &details.alias(), &details.name_kana(), &details.address()}) {
    if (!text->empty()) secrets->push_back(FirstLetters(*text));
  }
  secrets->push_back(details.postal_code());
}

// The edge in small: makes commands of requests and follows aliases; keeps what was answered. Laws that every single
// request must keep are checked here.
class Office {
 public:
  void Take(const Request& request);
  const Register& residents() const { return residents_; }

  // What the answer to an accepted registration said.
  struct Answer {
    SubjectId subject;
    std::string request_key;
    ResidentState state;
  };
  const std::vector<Answer>& answers() const { return answers_; }

 private:
  absl::Status Ask(const SubjectId& subject, const Command& command);
  void CheckRefusal(const absl::Status& refusal, const SubjectId& subject);
  void TakeRegistration(const Request& request);
  void TakeCodeChange(const Request& request);
  void ContinueCodeChange(const Request& request);
  std::vector<std::string> LookAlikes(const ResidentDetails& details) const;
  static SubjectId Subject(int who) { return IdOf(kCodes[who % kResidents]); }

  Register residents_;
  std::vector<Answer> answers_;
  int requests_ = 0;
};

void Office::Take(const Request& request) {
  residents_.SetTime(RegistrationMicros() + int64_t{++requests_} * 3'600'000'000);
  const SubjectId who = Subject(request.who);
  const ResidentDetails person = Person(request.variant);
  switch (request.kind) {
    case Kind::kRegister:
      return TakeRegistration(request);
    case Kind::kMove:
      (void)Ask(who, RecordMove{person.address(), person.postal_code(), person.municipality_code(), DayOf(request)});
      return;
    case Kind::kDepart:
      (void)Ask(who, RecordDeparture{DayOf(request)});
      return;
    case Kind::kReturn:
      (void)Ask(who, RecordReturn{DayOf(request), person});
      return;
    case Kind::kDie:
      (void)Ask(who, RecordDeath{DayOf(request)});
      return;
    case Kind::kCorrect:
      (void)Ask(who, CorrectResident{person, "typed wrongly", request.other == 0 ? uint64_t{3} : uint64_t{0}});
      return;
    case Kind::kChangeCode:
      return TakeCodeChange(request);
    case Kind::kContinueCodeChange:
      return ContinueCodeChange(request);
    case Kind::kVoid:
      (void)Ask(who, Voiding());
      return;
    case Kind::kDisclose:
      (void)Ask(who, Disclosure());
      return;
    case Kind::kSearch:
      (void)Ask(who, Search(static_cast<uint32_t>(request.variant % 10)));
      return;
    case Kind::kReplace: {
      ReplaceNumber command = Replacement();
      if (request.variant == 0) command.ground = v1::REPLACEMENT_GROUND_WISH;
      (void)Ask(who, command);
      return;
    }
  }
}

absl::Status Office::Ask(const SubjectId& subject, const Command& command) {
  const Issuance issuance = Service();
  Issuance::Context context;
  context.subject = subject;
  const auto first = issuance.Decide(residents_.Of(subject), command, context);
  size_t written = 0;
  const absl::Status status = residents_.Ask(subject, command, &written);
  // Deciding depends on state and command alone.
  RC_ASSERT(first.ok() == status.ok());
  if (status.ok()) RC_ASSERT(first->size() == written);
  if (!status.ok()) {
    RC_ASSERT(mynumber::testing::SameRefusal(first.status(), status));
    CheckRefusal(status, subject);
  } else if (!std::holds_alternative<DiscloseNumber>(command) && !std::holds_alternative<ReplaceNumber>(command)) {
    // Asked again right away, it is so already.
    RC_ASSERT(residents_.Ask(subject, command, &written).ok());
    RC_ASSERT(written == 0u);
  }
  return status;
}

void Office::CheckRefusal(const absl::Status& refusal, const SubjectId& subject) {
  v1::ErrorReason reason;
  RC_ASSERT(v1::ErrorReason_Parse(mynumber::testing::ReasonOf(refusal), &reason));
  std::vector<std::string> secrets = {"typed wrongly", "police receipt", "report 12", "file 34"};
  const ResidentState& state = residents_.Of(subject);
  for (int variant = 0; variant < 5; ++variant) CollectSecrets(Person(variant), &secrets);
  for (const char* code : kCodes) secrets.emplace_back(FreeDigits(code));
  if (!state.individual_number().empty()) secrets.push_back(state.individual_number());
  const std::string sent = rpc::ToRpc(refusal).SerializeAsString();
  for (const std::string& secret : secrets) RC_ASSERT(sent.find(secret) == std::string::npos);
}

std::vector<std::string> Office::LookAlikes(const ResidentDetails& details) const {
  std::set<std::string> ids;
  for (const std::string* name : {&details.full_name(), &details.name_kana()}) {
    const std::string prefix = IndexKey(kDepartedTable, NameHash(*name, details.birth_date()));
    for (const std::string& key : residents_.rows().Keys(kDepartedTable)) {
      if (!name->empty() && key.substr(0, prefix.size()) == prefix) ids.emplace(IdOfKey(key).view());
    }
  }
  return {ids.begin(), ids.end()};
}

void Office::TakeRegistration(const Request& request) {
  RegisterResident command = Registration(kCodes[request.who], Person(request.variant));
  command.request_key = "request " + std::to_string(requests_);
  command.confirmed_distinct = request.day % 2 == 0;
  command.look_alikes = LookAlikes(command.details);
  SubjectId subject = IdOf(command.resident_record_code);
  const size_t events = residents_.log().size();
  absl::Status status = Ask(subject, command);
  if (const std::string home = refusals::TakenBy(status); !home.empty()) {
    subject = SubjectId{*ValidateResidentName(home, "")};
    status = Ask(subject, command);
  }
  if (residents_.log().size() > events) answers_.push_back({subject, command.request_key, residents_.Of(subject)});
}

void Office::TakeCodeChange(const Request& request) {
  RequestRecordCodeChange command = CodeChange(kCodes[request.other]);
  command.leads_home = IdOf(command.new_resident_record_code) == Subject(request.who);
  (void)Ask(Subject(request.who), command);
}

// Now and then only half of it, as if the process had ended; what is done twice is part of it.
void Office::ContinueCodeChange(const Request& request) {
  const SubjectId home = Subject(request.who);
  const std::string code = residents_.Of(home).pending_resident_record_code();
  if (code.empty()) return;
  const absl::Status aliased = Ask(IdOf(code), AliasRecordCode{std::string(home.view()), code});
  if (request.variant == 0) return;
  if (aliased.ok()) {
    RC_ASSERT(Ask(home, CompleteRecordCodeChange{code}).ok());
  } else {
    RC_ASSERT(!refusals::TakenBy(aliased).empty());
    RC_ASSERT(Ask(home, RefuseRecordCodeChange{code, "taken"}).ok());
  }
}

// ---- The laws of a whole history

std::string NumberIn(const IssuanceEvent& event) {
  if (event.has_resident_registered()) return event.resident_registered().individual_number();
  return event.has_number_replaced() ? event.number_replaced().individual_number() : "";
}

// P1: no number is designated twice, nor one that must not be used, and each leads to its resident.
void NumbersAreDistinctAndLeadHome(const Office& office) {
  std::set<std::string> designated;
  for (const Recorded& recorded : office.residents().log()) {
    const std::string number = NumberIn(recorded.event);
    if (number.empty()) continue;
    RC_ASSERT(designated.insert(number).second);
    RC_ASSERT(identifiers::IndividualNumber::Judge(number) == identifiers::NumberVerdict::kValid);
    RC_ASSERT(IdOf(FreeDigits(number)) == recorded.meta.subject);
  }
}

// What look-ups of a number, `verify` and further replacements make of the state.
void StatesKnowAllTheirNumbers(const Office& office) {
  std::map<std::string, std::set<std::string>> designated, known;
  for (const Recorded& recorded : office.residents().log()) {
    const std::string number = NumberIn(recorded.event);
    if (!number.empty()) designated[std::string(recorded.meta.subject.view())].insert(number);
  }
  for (const auto& [id, state] : office.residents().states()) {
    if (state.individual_number().empty()) continue;
    const std::string& code = FirstRecordCode(state);
    RC_ASSERT(state.individual_number() == NumberOf(code, static_cast<int>(state.generation())));
    known[id].insert(state.individual_number());
    for (uint32_t former : state.former_generations()) known[id].insert(NumberOf(code, static_cast<int>(former)));
  }
  RC_ASSERT(designated == known);
}

// P1: one code leads to one resident.
void CodesBelongToOneResident(const Office& office) {
  std::set<std::string> taken;
  for (const auto& [id, state] : office.residents().states()) {
    if (state.status() == ResidentState::STATUS_ALIAS) {
      const ResidentState& home = office.residents().Of(SubjectId::FromBytes(state.home()));
      RC_ASSERT(home.version() > 0u);
      RC_ASSERT(home.status() != ResidentState::STATUS_ALIAS);
    } else if (state.status() != ResidentState::STATUS_VOIDED &&
               state.status() != ResidentState::STATUS_ACCESS_RECORD) {
      RC_ASSERT(taken.emplace(FreeDigits(state.resident_record_code())).second);
    }
  }
}

// P4, of one resident: folding afresh gives the state that decisions left.
void FoldingAfreshGivesTheSame(const Office& office) {
  Register afresh;
  std::map<std::string, uint64_t> versions;
  for (const Recorded& recorded : office.residents().log()) {
    RC_ASSERT(++versions[std::string(recorded.meta.subject.view())] == recorded.meta.version);
    afresh.SetTime(recorded.meta.time_micros);
    // As the log holds it.
    IssuanceEvent read;
    RC_ASSERT(read.ParseFromString(recorded.event.SerializeAsString()));
    afresh.Write(recorded.meta.subject, read);
  }
  RC_ASSERT(afresh.states().size() == office.residents().states().size());
  for (const auto& [id, state] : office.residents().states()) {
    RC_ASSERT(Differences(afresh.Of(SubjectId::FromBytes(id)), state) == "");
    RC_ASSERT(state.version() == versions[id]);
  }
  RC_ASSERT(afresh.rows().rows == office.residents().rows().rows);
}

// P4, of the tables: rows that grew event by event are those of the final states, and sums are sums over residents.
void RowsAreThoseOfTheFinalStates(const Office& office) {
  Rows expected;
  for (const auto& [id, state] : office.residents().states()) {
    std::vector<eventsourcing::RowChange> changes;
    eventsourcing::EventMeta meta;
    meta.subject = SubjectId::FromBytes(id);
    Service().Project(ResidentState(), state, IssuanceEvent(), meta, &changes);
    expected.Apply(changes);
  }
  Rows actual = office.residents().rows();
  for (const std::string& look : actual.Keys(kDisclosureTable)) actual.rows.erase(look);
  RC_ASSERT(actual.rows == expected.rows);
  for (const auto& [key, sum] : actual.sums) {
    RC_ASSERT(sum.count == expected.sums[key].count);
    RC_ASSERT(sum.total == expected.sums[key].total);
  }
}

// P8: each look at a number has its row, but for the first one of all, which stands in the state.
void EveryLookIsListed(const Office& office) {
  size_t looks = 0;
  for (const Recorded& recorded : office.residents().log()) {
    const bool designates = !NumberIn(recorded.event).empty();
    if (recorded.event.has_number_disclosed() || (designates && recorded.meta.version > 1)) ++looks;
    if (recorded.meta.version != 1 || !designates) continue;
    const ResidentState& state = office.residents().Of(recorded.meta.subject);
    RC_ASSERT(FirstDesignationMicros(state) == recorded.meta.time_micros);
    RC_ASSERT(Differences(state.designated_to(), recorded.event.resident_registered().disclosed_to()) == "");
  }
  RC_ASSERT(office.residents().rows().Keys(kDisclosureTable).size() == looks);
}

// P3: whatever came after, an accepted registration's answer can be given again.
void FirstAnswersCanBeGivenAgain(const Office& office) {
  for (const Office::Answer& answer : office.answers()) {
    const ResidentState again = AsRegistered(office.residents().Of(answer.subject), answer.request_key);
    RC_ASSERT(again.version() == answer.state.version());
    RC_ASSERT(again.generation() == answer.state.generation());
    RC_ASSERT(again.registered_micros() == answer.state.registered_micros());
    RC_ASSERT(Differences(again.details(), answer.state.details()) == "");
  }
}

TEST(LawsTest, HoldWhateverIsAsked) {
  std::set<std::string> happened;
  size_t again = 0;
  const bool held = rc::check("all laws hold after any requests", [&] {
    Office office;
    for (const Request& request : *Requests()) office.Take(request);
    NumbersAreDistinctAndLeadHome(office);
    StatesKnowAllTheirNumbers(office);
    CodesBelongToOneResident(office);
    FoldingAfreshGivesTheSame(office);
    RowsAreThoseOfTheFinalStates(office);
    EveryLookIsListed(office);
    FirstAnswersCanBeGivenAgain(office);
    for (const Recorded& recorded : office.residents().log()) happened.emplace(Issuance::EventType(recorded.event));
    for (const auto& [id, state] : office.residents().states()) again += state.voided_registrations_size();
  });
  EXPECT_TRUE(held);
  // The requests must reach what the laws are about; these have their own (erasing_laws_test.cc).
  happened.insert({"erasure_requested", "erasure_approved", "erasure_withdrawn", "resident_erased", "looked_up",
                   "attempts_refused", "access_record_erased"});
  EXPECT_EQ(happened.size(), static_cast<size_t>(IssuanceEvent::descriptor()->FindOneofByName("event")->field_count()));
  EXPECT_GT(again, 0) << "nobody was registered anew";
}

}  // namespace
}  // namespace mynumber::issuance
