// Whatever is wrong with a request is said by name: code, reason, field and a sentence; nothing is written, and a bulk
// load goes on with the next row.

#include <functional>

#include "libs/identifiers/individual_number.h"
#include "tests/stories/story.h"

namespace mynumber::stories {
namespace {

std::string Repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

class BadInputStory : public Story {
 protected:
  static void SetUpTestSuite() {
    cluster_ = std::make_unique<RunningCluster>();
    cluster_->options.issuance.record_code_rule = identifiers::CheckDigitRule::kRefuse;
    cluster_->Start();
  }
  void ExpectNamed(const absl::Status& status, StatusCode code, const std::string& reason, const std::string& field) {
    EXPECT_THAT(status, IsRefused(code, reason));
    const rpc::Problem problem = ProblemOf(status);
    EXPECT_EQ(problem.domain, "issuance.mynumber");
    EXPECT_EQ(problem.field_violations.empty() ? "" : problem.field_violations[0].field, field);
    EXPECT_THAT(problem.sentence, ::testing::MatchesRegex("[A-Z].*[.]"));
    EXPECT_EQ(problem.sentence, status.message());
  }
};

// ---- What is wrong with a registration, alone and as one row among good ones.

struct BadRegistration {
  const char* reason;
  const char* field;
  std::function<void(v1::RegisterResidentRequest*)> spoil;
};

void AsForeigner(v1::RegisterResidentRequest* request, events::ResidenceStatus status) {
  request->mutable_details()->set_residence_status(status);
}

const std::vector<BadRegistration>& BadRegistrations() {
  using Request = v1::RegisterResidentRequest;
  static const auto* const table = new std::vector<BadRegistration>{
      {"REQUEST_ID_MISSING", "request_id", [](Request* r) { r->clear_request_id(); }},
      {"REQUEST_ID_MALFORMED", "request_id", [](Request* r) { r->set_request_id("17"); }},
      {"REQUEST_ID_MALFORMED", "request_id", [](Request* r) { r->set_request_id("\xFF\xFE"); }},
      {"AUTHORITY_MISSING", "actor.authority", [](Request* r) { r->mutable_actor()->clear_authority(); }},
      {"AUTHORITY_MALFORMED", "actor.authority",
       [](Request* r) { r->mutable_actor()->set_authority("municipality/999999"); }},
      {"AUTHORITY_MALFORMED", "actor.authority", [](Request* r) { r->mutable_actor()->set_authority("everybody"); }},
      {"CLERK_MISSING", "actor.clerk_id", [](Request* r) { r->mutable_actor()->clear_clerk_id(); }},
      {"CLERK_MALFORMED", "actor.clerk_id", [](Request* r) { r->mutable_actor()->set_clerk_id("見本 花子"); }},
      {"CLERK_MALFORMED", "actor.clerk_id", [](Request* r) { r->mutable_actor()->set_clerk_id(std::string(65, 'c')); }},
      {"RECORD_CODE_WRONG_LENGTH", "resident_record_code", [](Request* r) { r->clear_resident_record_code(); }},
      {"RECORD_CODE_WRONG_LENGTH", "resident_record_code",
       [](Request* r) { r->set_resident_record_code("123456789012"); }},
      {"RECORD_CODE_NOT_DIGITS", "resident_record_code",
       [](Request* r) { r->set_resident_record_code("1234567890O"); }},
      {"RECORD_CODE_WRONG_CHECK_DIGIT", "resident_record_code",
       [](Request* r) { r->set_resident_record_code(OtherLastDigit(r->resident_record_code())); }},
      {"NAME_EMPTY", "details.full_name", [](Request* r) { r->mutable_details()->clear_full_name(); }},
      {"NAME_EMPTY", "details.full_name", [](Request* r) { r->clear_details(); }},
      {"NAME_EMPTY", "details.full_name", [](Request* r) { r->mutable_details()->set_full_name(" 　"); }},
      {"NAME_TOO_LONG", "details.full_name",
       [](Request* r) { r->mutable_details()->set_full_name(Repeated("見", 201)); }},
      {"NAME_TOO_LONG", "details.alias", [](Request* r) { r->mutable_details()->set_alias(Repeated("𠮷", 201)); }},
      {"TEXT_NOT_UTF8", "details.full_name",
       [](Request* r) { r->mutable_details()->set_full_name("\x8C\xA9\x96\x7B"); }},
      {"TEXT_NOT_UTF8", "details.address", [](Request* r) { r->mutable_details()->set_address("\xE8\xA6"); }},
      {"TEXT_HAS_CONTROL_CHARACTERS", "details.full_name",
       [](Request* r) { r->mutable_details()->set_full_name("見本\n花子"); }},
      {"TEXT_HAS_CONTROL_CHARACTERS", "details.name_kana",
       [](Request* r) { r->mutable_details()->set_name_kana("ミホン\u202E"); }},
      {"BIRTH_DATE_MISSING", "details.birth_date", [](Request* r) { r->mutable_details()->clear_birth_date(); }},
      {"DATE_IMPOSSIBLE", "details.birth_date",
       [](Request* r) { *r->mutable_details()->mutable_birth_date() = Day(2001, 2, 29); }},
      {"DATE_IMPOSSIBLE", "details.birth_date",
       [](Request* r) { *r->mutable_details()->mutable_birth_date() = Day(2001, 0, 1); }},
      {"DATE_IMPOSSIBLE", "details.birth_date",
       [](Request* r) { *r->mutable_details()->mutable_birth_date() = Day(2147483647, 1, 1); }},
      {"DATE_IN_THE_FUTURE", "details.birth_date",
       [](Request* r) { *r->mutable_details()->mutable_birth_date() = Today(2); }},
      {"ADDRESS_EMPTY", "details.address", [](Request* r) { r->mutable_details()->clear_address(); }},
      {"ADDRESS_TOO_LONG", "details.address",
       [](Request* r) { r->mutable_details()->set_address(Repeated("町", 301)); }},
      {"POSTAL_CODE_MALFORMED", "details.postal_code",
       [](Request* r) { r->mutable_details()->set_postal_code("100-0001"); }},
      {"MUNICIPALITY_CODE_MALFORMED", "details.municipality_code",
       [](Request* r) { r->mutable_details()->clear_municipality_code(); }},
      {"MUNICIPALITY_CODE_WRONG_CHECK_DIGIT", "details.municipality_code",
       [](Request* r) { r->mutable_details()->set_municipality_code("131017"); }},
      {"MUNICIPALITY_UNKNOWN", "details.municipality_code",
       [](Request* r) { r->mutable_details()->set_municipality_code("130001"); }},
      {"RESIDENCE_STATUS_UNKNOWN", "details.residence_status",
       [](Request* r) { AsForeigner(r, static_cast<events::ResidenceStatus>(77)); }},
      {"PERIOD_OF_STAY_MISSING", "details.period_of_stay_end",
       [](Request* r) { AsForeigner(r, events::RESIDENCE_STATUS_MID_TO_LONG_TERM); }},
      {"PERIOD_OF_STAY_OVER", "details.period_of_stay_end",
       [](Request* r) {
         AsForeigner(r, events::RESIDENCE_STATUS_PROVISIONAL_STAY);
         *r->mutable_details()->mutable_period_of_stay_end() = Today(-2);
       }},
      {"PERIOD_OF_STAY_NOT_ALLOWED", "details.period_of_stay_end",
       [](Request* r) { *r->mutable_details()->mutable_period_of_stay_end() = Day(2099, 1, 1); }},
      {"DATE_IMPOSSIBLE", "details.period_of_stay_end",
       [](Request* r) {
         AsForeigner(r, events::RESIDENCE_STATUS_MID_TO_LONG_TERM);
         *r->mutable_details()->mutable_period_of_stay_end() = Day(2099, 2, 30);
       }},
  };
  return *table;
}

TEST_F(BadInputStory, ARegistrationIsRefusedByNameAndNothingIsWritten) {
  const size_t before = client_.CommandsInLog().size();
  for (const BadRegistration& bad : BadRegistrations()) {
    SCOPED_TRACE(bad.reason);
    v1::RegisterResidentRequest request = city_.Registration(Somebody());
    bad.spoil(&request);
    ExpectNamed(client_.Call(request).status(), StatusCode::kInvalidArgument, bad.reason, bad.field);
  }
  EXPECT_EQ(client_.CommandsInLog().size(), before);
}

TEST_F(BadInputStory, ABulkLoadGoesOnWithTheNextRow) {
  v1::RegisterResidentsRequest batch;
  *batch.mutable_actor() = city_.Clerk();
  for (const BadRegistration& bad : BadRegistrations()) {
    *batch.add_residents() = city_.Registration(Somebody());
    *batch.add_residents() = city_.Registration(Somebody());
    bad.spoil(batch.mutable_residents(batch.residents_size() - 1));
  }
  *batch.add_residents() = city_.Registration(Somebody());
  const size_t before = client_.CommandsInLog().size();
  const auto answers = client_.Load({batch, city_.Batch(2, {Somebody()})});
  ASSERT_THAT(answers, IsOk());
  ASSERT_EQ(answers->size(), 2) << "the stream ended early";
  ASSERT_EQ(answers->at(0).rows_size(), batch.residents_size());
  int good = 0;
  for (int row = 0; row < batch.residents_size(); ++row) {
    if (row % 2 == 0) {
      EXPECT_THAT(ErrorOf(answers->at(0).rows(row)), IsOk()) << row;
      ++good;
      continue;
    }
    const BadRegistration& bad = BadRegistrations().at(static_cast<size_t>(row / 2));
    SCOPED_TRACE(bad.reason);
    ExpectNamed(ErrorOf(answers->at(0).rows(row)), StatusCode::kInvalidArgument, bad.reason, bad.field);
  }
  EXPECT_THAT(ErrorOf(answers->at(1).rows(0)), IsOk());
  EXPECT_EQ(client_.CommandsInLog().size(), before + static_cast<size_t>(good) + 1);
}

// ---- The other calls.

constexpr char kNobody[] = "residents/00112233445566778899aabbccddeeff";

struct BadCall {
  const char* reason;
  const char* field;
  // `name`: of a resident who is registered.
  std::function<absl::Status(const Client&, const City&, const std::string& name)> call;
};

// A request of the city's, spoiled.
template <class Make, class Spoil>
auto Bad(Make make, Spoil spoil) {
  return [=](const Client& client, const City& city, const std::string& name) {
    auto request = (city.*make)(name);
    spoil(&request);
    return client.Call(request).status();
  };
}

const std::vector<BadCall>& BadCalls() {
  const auto disclosure = [](auto spoil) { return Bad(&City::Disclosure, spoil); };
  const auto search = [](auto spoil) { return Bad(&City::Search, spoil); };
  const auto replacement = [](auto spoil) { return Bad(&City::Replacement, spoil); };
  const auto voiding = [](auto spoil) { return Bad(&City::Voiding, spoil); };
  const auto death = [](auto spoil) { return Bad(&City::Death, spoil); };
  const auto look = [](auto spoil) { return Bad(&City::Look, spoil); };
  const auto move = [](auto spoil) {
    return [=](const Client& client, const City& city, const std::string& name) {
      v1::RecordMoveRequest request = city.Move({name});
      spoil(&request);
      return client.Call(request).status();
    };
  };
  const auto back = [](auto spoil) {
    return [=](const Client& client, const City& city, const std::string& name) {
      v1::RecordReturnRequest request = city.Return(name, Hanako().details);
      spoil(&request);
      return client.Call(request).status();
    };
  };
  const auto correction = [](auto spoil) {
    return [=](const Client& client, const City& city, const std::string& name) {
      v1::CorrectResidentRequest request = city.Correction(name, Hanako().details);
      spoil(&request);
      return client.Call(request).status();
    };
  };
  const auto code_change = [](auto spoil) {
    return [=](const Client& client, const City& city, const std::string& name) {
      v1::ChangeResidentRecordCodeRequest request = city.CodeChange(name, RecordCode("7000000001"));
      spoil(&request);
      return client.Call(request).status();
    };
  };
  const auto outcome = [](auto spoil) {
    return [=](const Client& client, const City& city, const std::string&) {
      v1::GetOutcomeRequest request = city.Outcome(NewRequestId(), "RecordMove");
      spoil(&request);
      return client.Call(request).status();
    };
  };
  const auto find = [](auto spoil) {
    return [=](const Client& client, const City& city, const std::string&) {
      v1::FindResidentsRequest request = city.Find("見本 花子", Day(1987, 5, 25));
      spoil(&request);
      return client.Call(request).status();
    };
  };
  const auto list = [](auto spoil) {
    return [=](const Client& client, const City& city, const std::string&) {
      v1::ListResidentsRequest request = city.List();
      spoil(&request);
      return client.Call(request).status();
    };
  };
  static const auto* const table = new std::vector<BadCall>{
      {"REQUEST_ID_MISSING", "request_id", disclosure([](auto* r) { r->clear_request_id(); })},
      {"REQUEST_ID_MALFORMED", "request_id", move([](auto* r) { r->set_request_id("once"); })},
      {"REQUEST_ID_MISSING", "request_id", outcome([](auto* r) { r->clear_request_id(); })},
      {"AUTHORITY_MISSING", "actor.authority", death([](auto* r) { r->clear_actor(); })},
      {"CLERK_MISSING", "actor.clerk_id", disclosure([](auto* r) { r->mutable_actor()->clear_clerk_id(); })},
      {"CLERK_MISSING", "actor.clerk_id", replacement([](auto* r) { r->mutable_actor()->clear_clerk_id(); })},
      {"CLERK_MISSING", "actor.clerk_id", search([](auto* r) {
         r->set_individual_number("123456789018");
         r->mutable_actor()->clear_clerk_id();
       })},
      {"CLERK_MISSING", "actor.clerk_id",
       [](const Client& client, const City& city, const std::string& name) {
         v1::ListDisclosuresRequest request = city.Disclosures(name);
         request.mutable_actor()->clear_clerk_id();
         return client.Call(request).status();
       }},
      {"PURPOSE_MISSING", "purpose", disclosure([](auto* r) { r->clear_purpose(); })},
      {"PURPOSE_MISSING", "purpose", disclosure([](auto* r) { r->set_purpose(static_cast<events::Purpose>(9)); })},
      {"PURPOSE_MISSING", "purpose", search([](auto* r) {
         r->set_individual_number(std::string(identifiers::IndividualNumber::FromBody(7).digits()));
         r->clear_purpose();
       })},
      {"REFERENCE_MISSING", "reference", disclosure([](auto* r) { r->clear_reference(); })},
      {"TEXT_TOO_LONG", "reference", disclosure([](auto* r) { r->set_reference(Repeated("証", 501)); })},
      {"TEXT_NOT_UTF8", "reference", disclosure([](auto* r) { r->set_reference("\xFE"); })},
      {"RESIDENT_NAME_MALFORMED", "name", disclosure([](auto* r) { r->set_name("resident 7"); })},
      {"RESIDENT_NAME_MALFORMED", "name", look([](auto* r) { r->set_name("residents/ABCD"); })},
      {"RESIDENT_NAME_MALFORMED", "names", move([](auto* r) { r->set_names(0, "\xFF"); })},
      {"RESIDENT_NAME_MALFORMED", "name", outcome([](auto* r) { r->set_name("7"); })},
      {"NUMBER_WRONG_LENGTH", "individual_number", search([](auto* r) { r->set_individual_number("1234"); })},
      {"NUMBER_NOT_DIGITS", "individual_number", search([](auto* r) { r->set_individual_number("12345678901x"); })},
      {"NUMBER_WRONG_CHECK_DIGIT", "individual_number",
       search([](auto* r) { r->set_individual_number("123456789019"); })},
      {"EVIDENCE_MISSING", "evidence", voiding([](auto* r) { r->clear_evidence(); })},
      {"EVIDENCE_MISSING", "reason", voiding([](auto* r) { r->clear_reason(); })},
      {"EVIDENCE_MISSING", "reason", correction([](auto* r) { r->clear_reason(); })},
      {"EVIDENCE_MISSING", "evidence", code_change([](auto* r) { r->clear_evidence(); })},
      {"RECORD_CODE_WRONG_LENGTH", "new_resident_record_code",
       code_change([](auto* r) { r->set_new_resident_record_code("7"); })},
      {"RECORD_CODE_WRONG_CHECK_DIGIT", "new_resident_record_code",
       code_change([](auto* r) { r->set_new_resident_record_code(OtherLastDigit(r->new_resident_record_code())); })},
      {"DECISION_MISSING", "decision", replacement([](auto* r) { r->clear_decision(); })},
      {"NAME_EMPTY", "details.full_name", correction([](auto* r) { r->mutable_details()->clear_full_name(); })},
      {"DATE_IN_THE_FUTURE", "details.birth_date",
       back([](auto* r) { *r->mutable_details()->mutable_birth_date() = Today(2); })},
      {"DATE_MISSING", "move_date", move([](auto* r) { r->clear_move_date(); })},
      {"DATE_IN_THE_FUTURE", "move_date", move([](auto* r) { *r->mutable_move_date() = Today(2); })},
      {"DATE_IMPOSSIBLE", "death_date", death([](auto* r) { *r->mutable_death_date() = Day(2026, 4, 31); })},
      {"DATE_MISSING", "return_date", back([](auto* r) { r->clear_return_date(); })},
      {"ADDRESS_EMPTY", "address", move([](auto* r) { r->clear_address(); })},
      {"POSTAL_CODE_MALFORMED", "postal_code", move([](auto* r) { r->set_postal_code("1000001x"); })},
      {"MUNICIPALITY_UNKNOWN", "municipality_code", move([](auto* r) { r->set_municipality_code("141011"); })},
      {"TOO_MANY_ITEMS", "names", move([](auto* r) { r->clear_names(); })},
      {"TOO_MANY_ITEMS", "names", move([](auto* r) { for (int i = 0; i < 50; ++i) r->add_names(kNobody); })},
      {"METHOD_UNKNOWN", "method", outcome([](auto* r) { r->set_method("GetResident"); })},
      {"NAME_EMPTY", "full_name", find([](auto* r) { r->clear_full_name(); })},
      {"DATE_MISSING", "birth_date", find([](auto* r) { r->clear_birth_date(); })},
      {"MUNICIPALITY_CODE_MALFORMED", "municipality_code", list([](auto* r) { r->clear_municipality_code(); })},
      {"PAGE_SIZE_NEGATIVE", "page_size", list([](auto* r) { r->set_page_size(-1); })},
      {"PAGE_TOKEN_MALFORMED", "page_token", list([](auto* r) { r->set_page_token("next"); })},
  };
  return *table;
}

TEST_F(BadInputStory, EveryOtherCallIsRefusedByNameToo) {
  const std::string name = Registered(Somebody()).name();
  const size_t before = client_.CommandsInLog().size();
  for (const BadCall& bad : BadCalls()) {
    SCOPED_TRACE(std::string(bad.reason) + " " + bad.field);
    ExpectNamed(bad.call(client_, city_, name), StatusCode::kInvalidArgument, bad.reason, bad.field);
  }
  EXPECT_EQ(client_.CommandsInLog().size(), before);
  EXPECT_EQ(Seen(name).version(), 1);
}

TEST_F(BadInputStory, AResidentWhomNobodyKnowsIsNotFound) {
  const size_t before = client_.CommandsInLog().size();
  const auto expect_unknown = [&](const auto& answer) {
    ExpectNamed(StatusOf(answer), StatusCode::kNotFound, "RESIDENT_UNKNOWN", "");
  };
  expect_unknown(client_.Call(city_.Look(kNobody)));
  expect_unknown(client_.Call(city_.Departure(kNobody)));
  expect_unknown(client_.Call(city_.Return(kNobody, Hanako().details)));
  expect_unknown(client_.Call(city_.Death(kNobody)));
  expect_unknown(client_.Call(city_.Correction(kNobody, Hanako().details)));
  expect_unknown(client_.Call(city_.CodeChange(kNobody, RecordCode("7000000001"))));
  expect_unknown(client_.Call(city_.Voiding(kNobody)));
  expect_unknown(client_.Call(city_.Replacement(kNobody)));
  expect_unknown(client_.Call(city_.Disclosures(kNobody)));
  expect_unknown(ErrorOf(client_.Call(city_.Move({kNobody}))->results(0)));
  EXPECT_EQ(client_.CommandsInLog().size(), before);
}

TEST_F(BadInputStory, ARequestThatIsTooLargeOrNoMessageIsRefusedByName) {
  v1::RegisterResidentRequest large = city_.Registration(Somebody());
  large.mutable_details()->set_full_name(std::string(5 << 20, 'x'));
  ExpectNamed(client_.Call(large).status(), StatusCode::kInvalidArgument, "REQUEST_TOO_LARGE", "");
  ExpectNamed(client_.SendBytes("GetResident", "\x0A\x7F"), StatusCode::kInvalidArgument, "REQUEST_MALFORMED", "");
  // Beyond that gRPC itself refuses, and knows no reason.
  large.mutable_details()->set_full_name(std::string(17 << 20, 'x'));
  EXPECT_THAT(client_.Call(large), IsRefused(StatusCode::kResourceExhausted, ""));
  EXPECT_THAT(client_.Call(city_.Registration(Somebody())), IsOk()) << "the connection is still well";
}

TEST_F(BadInputStory, ABatchThatIsTooLargeEndsItsStreamAfterTheAnswersBeforeIt) {
  const auto load = client_.StartBulk();
  ASSERT_TRUE(load->Send(city_.Batch(1, {Somebody()})));
  v1::RegisterResidentsRequest large = city_.Batch(2, {Somebody()});
  large.mutable_residents(0)->mutable_details()->set_full_name(std::string(5 << 20, 'x'));
  load->Send(large);
  const auto first = load->Next();
  ASSERT_TRUE(first.has_value());
  EXPECT_THAT(ErrorOf(first->rows(0)), IsOk());
  EXPECT_FALSE(load->Next().has_value());
  EXPECT_THAT(load->End(), IsRefused(StatusCode::kInvalidArgument, "REQUEST_TOO_LARGE"));
}

TEST_F(BadInputStory, AnItemInAnotherEncodingDoesNotEndAValidation) {
  const std::vector<std::string> numbers = {"\xFF\xFE", "123456789018"};
  const auto answers = client_.Call(std::vector{city_.Validation(numbers), city_.Validation({"1"})});
  ASSERT_THAT(answers, IsOk());
  ASSERT_EQ(answers->size(), 2);
  EXPECT_EQ(answers->at(0).verdicts_size(), 2);
}

}  // namespace
}  // namespace mynumber::stories
