// The table of all refusals: none without a reason, a code and a sentence, and no reason without a refusal.

#include "services/issuance/domain/refusals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>

#include "google/rpc/status.pb.h"
#include "libs/rpc/problem.h"
#include "libs/testing/matchers.h"
#include "mynumber/issuance/v1/error_reason.pb.h"

namespace mynumber::issuance::refusals {
namespace {

using absl::StatusCode;
using v1::ErrorReason;

struct Row {
  ErrorReason reason;
  absl::Status refusal;
  // Of the first field violation.
  std::string field;
};

constexpr char kField[] = "details.some_field";
constexpr char kResident[] = "residents/00112233445566778899aabbccddeeff";

const std::map<StatusCode, std::vector<Row>>& Table() {
  static const auto* const table = new std::map<StatusCode, std::vector<Row>>{
      {StatusCode::kInvalidArgument,
       {
           {v1::REQUEST_ID_MISSING, kRefusals.RequestIdMissing(), "request_id"},
           {v1::REQUEST_ID_MALFORMED, kRefusals.RequestIdMalformed(), "request_id"},
           {v1::AUTHORITY_MISSING, kRefusals.AuthorityMissing(), "actor.authority"},
           {v1::AUTHORITY_MALFORMED, kRefusals.AuthorityMalformed(), "actor.authority"},
           {v1::CLERK_MISSING, kRefusals.ClerkMissing(), "actor.clerk_id"},
           {v1::CLERK_MALFORMED, kRefusals.ClerkMalformed(), "actor.clerk_id"},
           {v1::PURPOSE_MISSING, PurposeMissing(), "purpose"},
           {v1::REFERENCE_MISSING, ReferenceMissing(), "reference"},
           {v1::RECORD_CODE_WRONG_LENGTH, RecordCodeWrongLength(kField), kField},
           {v1::RECORD_CODE_NOT_DIGITS, RecordCodeNotDigits(kField), kField},
           {v1::RECORD_CODE_WRONG_CHECK_DIGIT, RecordCodeWrongCheckDigit(kField), kField},
           {v1::NAME_EMPTY, NameEmpty(kField), kField},
           {v1::NAME_TOO_LONG, NameTooLong(kField), kField},
           {v1::TEXT_NOT_UTF8, TextNotUtf8(kField), kField},
           {v1::TEXT_HAS_CONTROL_CHARACTERS, TextHasControlCharacters(kField), kField},
           {v1::TEXT_TOO_LONG, TextTooLong(kField, 500), kField},
           {v1::BIRTH_DATE_MISSING, BirthDateMissing(), "details.birth_date"},
           {v1::DATE_MISSING, DateMissing(kField), kField},
           {v1::DATE_IMPOSSIBLE, DateImpossible(kField), kField},
           {v1::DATE_IN_THE_FUTURE, DateInTheFuture(kField), kField},
           {v1::DATE_BEFORE_BIRTH, DateBeforeBirth(kField), kField},
           {v1::ADDRESS_EMPTY, AddressEmpty(kField), kField},
           {v1::ADDRESS_TOO_LONG, AddressTooLong(kField), kField},
           {v1::POSTAL_CODE_MALFORMED, PostalCodeMalformed(kField), kField},
           {v1::MUNICIPALITY_CODE_MALFORMED, MunicipalityCodeMalformed(kField), kField},
           {v1::MUNICIPALITY_CODE_WRONG_CHECK_DIGIT, MunicipalityCodeWrongCheckDigit(kField), kField},
           {v1::MUNICIPALITY_UNKNOWN, MunicipalityUnknown(kField), kField},
           {v1::RESIDENCE_STATUS_UNKNOWN, ResidenceStatusUnknown(kField), kField},
           {v1::PERIOD_OF_STAY_MISSING, PeriodOfStayMissing(kField), kField},
           {v1::PERIOD_OF_STAY_OVER, PeriodOfStayOver(kField), kField},
           {v1::PERIOD_OF_STAY_NOT_ALLOWED, PeriodOfStayNotAllowed(kField), kField},
           {v1::RESIDENT_NAME_MALFORMED, ResidentNameMalformed(kField), kField},
           {v1::NUMBER_WRONG_LENGTH, NumberWrongLength(kField), kField},
           {v1::NUMBER_NOT_DIGITS, NumberNotDigits(kField), kField},
           {v1::NUMBER_WRONG_CHECK_DIGIT, NumberWrongCheckDigit(kField), kField},
           {v1::EVIDENCE_MISSING, EvidenceMissing(kField), kField},
           {v1::DECISION_MISSING, DecisionMissing(), "decision"},
           {v1::ERASURE_GROUND_MISSING, ErasureGroundMissing(), "ground"},
           {v1::ERASURE_RECORD_NOT_OURS, ErasureRecordNotOurs(), "record"},
           {v1::PAGE_TOKEN_MALFORMED, kRefusals.PageTokenMalformed(), "page_token"},
           {v1::PAGE_SIZE_NEGATIVE, kRefusals.PageSizeNegative(), "page_size"},
           {v1::TOO_MANY_ITEMS, kRefusals.TooManyItems(kField, 1000), kField},
           {v1::POSITION_MALFORMED, kRefusals.PositionMalformed(), "position"},
           {v1::METHOD_UNKNOWN, kRefusals.MethodUnknown(), "method"},
           {v1::REQUEST_TOO_LARGE, kRefusals.RequestTooLarge(4 << 20), ""},
           {v1::REQUEST_MALFORMED, kRefusals.RequestMalformed(), ""},
           {v1::PARTITION_UNKNOWN, kRefusals.PartitionUnknown(4), "partitions"},
       }},
      {StatusCode::kAlreadyExists,
       {
           {v1::REGISTERED_WITH_OTHER_DETAILS, RegisteredWithOtherDetails(kResident, {"full_name", "address"}), ""},
           {v1::RECORD_CODE_KNOWN_WITH_OTHER_CHECK_DIGIT, RecordCodeKnownWithOtherCheckDigit(kResident), ""},
           {v1::REQUEST_ID_REUSED, kRefusals.RequestIdReused(), ""},
           {v1::RECORD_CODE_TAKEN, RecordCodeTaken(kResident), ""},
       }},
      {StatusCode::kFailedPrecondition,
       {
           {v1::POSSIBLE_SAME_PERSON, PossibleSamePerson({kResident, kResident}), ""},
           {v1::RESIDENT_DEPARTED, ResidentDeparted(), ""},
           {v1::RESIDENT_NOT_DEPARTED, ResidentNotDeparted(), ""},
           {v1::RESIDENT_DECEASED, ResidentDeceased(), ""},
           {v1::REGISTRATION_VOIDED, RegistrationVoided(), ""},
           {v1::DATE_BEFORE_RECORD, DateBeforeRecord(kField), kField},
           {v1::REPLACEMENT_NEEDS_LEAK, ReplacementNeedsLeak(), ""},
           {v1::REPLACEMENTS_EXHAUSTED, ReplacementsExhausted(), ""},
           {v1::RECORD_CODE_CHANGE_PENDING, RecordCodeChangePending(), ""},
           {v1::VERSION_CHANGED, VersionChanged(7), ""},
           {v1::IDENTITY_NOT_CONFIRMED, IdentityNotConfirmed(), ""},
           {v1::RESIDENT_ERASED, ResidentErased(), ""},
           {v1::ERASURE_GROUND_DOES_NOT_FIT, ErasureGroundDoesNotFit(), ""},
           {v1::ERASURE_PENDING, ErasurePending(), ""},
           {v1::ERASURE_NOT_REQUESTED, ErasureNotRequested(), ""},
           {v1::ERASURE_NEEDS_SECOND_PERSON, ErasureNeedsSecondPerson(), ""},
       }},
      {StatusCode::kPermissionDenied,
       {
           {v1::MUNICIPALITY_NOT_YOURS, MunicipalityNotYours(), ""},
           {v1::METHOD_NOT_ALLOWED, kRefusals.MethodNotAllowed(), ""},
           {v1::AUTHORITY_NOT_YOURS, kRefusals.AuthorityNotYours(), ""},
       }},
      {StatusCode::kUnauthenticated, {{v1::NOT_IDENTIFIED, kRefusals.NotIdentified(), ""}}},
      {StatusCode::kNotFound,
       {
           {v1::RESIDENT_UNKNOWN, ResidentUnknown(), ""},
           {v1::NUMBER_NOT_ISSUED, NumberNotIssued(), ""},
           {v1::ANSWER_ERASED, kRefusals.AnswerErased(), ""},
       }},
      {StatusCode::kUnavailable,
       {
           {v1::PARTITION_NOT_SERVING, kRefusals.PartitionNotServing(), ""},
           {v1::OUTCOME_UNKNOWN, kRefusals.OutcomeUnknown(), ""},
           {v1::SHUTTING_DOWN, kRefusals.ShuttingDown(), ""},
           {v1::STORAGE_FULL, kRefusals.StorageFull(), ""},
           {v1::PARTITION_STOPPED, kRefusals.PartitionStopped(), ""},
       }},
      {StatusCode::kResourceExhausted,
       {
           {v1::QUEUE_FULL, kRefusals.QueueFull(), ""},
           {v1::LIMIT_REACHED, kRefusals.LimitReached(1000), ""},
       }},
      {StatusCode::kDeadlineExceeded, {{v1::DEADLINE_PASSED, kRefusals.DeadlinePassed(), ""}}},
  };
  return *table;
}

void ForEach(const std::function<void(StatusCode, const Row&)>& check) {
  for (const auto& [code, rows] : Table()) {
    for (const Row& row : rows) check(code, row);
  }
}

TEST(RefusalsTest, EachHasItsReasonCodeAndField) {
  ForEach([](StatusCode code, const Row& row) {
    EXPECT_THAT(row.refusal, mynumber::testing::HasReason(row.reason));
    EXPECT_THAT(row.refusal, mynumber::testing::HasCode(code));
    EXPECT_THAT(row.refusal, mynumber::testing::NamesField(row.field));
    EXPECT_EQ(rpc::ProblemOf(row.refusal)->domain, "issuance.mynumber");
  });
}

TEST(RefusalsTest, EveryReasonIsSomeRefusals) {
  std::set<int> reasons;
  ForEach([&](StatusCode, const Row& row) { reasons.insert(row.reason); });
  for (int i = 0; i < v1::ErrorReason_descriptor()->value_count(); ++i) {
    const auto* reason = v1::ErrorReason_descriptor()->value(i);
    if (reason->number() == v1::ERROR_REASON_UNSPECIFIED) continue;
    EXPECT_EQ(reasons.count(reason->number()), 1) << reason->name() << " has no refusal in this table";
  }
}

TEST(RefusalsTest, EachSaysInASentenceWhatToDo) {
  ForEach([](StatusCode, const Row& row) {
    const std::string sentence(row.refusal.message());
    EXPECT_GE(sentence.size(), 15) << sentence;
    EXPECT_LE(sentence.size(), 250) << sentence;
    EXPECT_EQ(sentence.back(), '.') << sentence;
    EXPECT_TRUE(sentence.front() >= 'A' && sentence.front() <= 'Z') << sentence;
  });
}

TEST(RefusalsTest, TheSentenceStandsWithTheFieldToo) {
  ForEach([](StatusCode, const Row& row) {
    if (row.field.empty()) return;
    EXPECT_EQ(rpc::ProblemOf(row.refusal)->field_violations.front().description, row.refusal.message());
  });
}

TEST(RefusalsTest, WhateverIsSafeToSendAgainSaysWhen) {
  ForEach([](StatusCode code, const Row& row) {
    const bool again = code == StatusCode::kUnavailable || code == StatusCode::kResourceExhausted ||
                       code == StatusCode::kDeadlineExceeded;
    EXPECT_EQ(rpc::ProblemOf(row.refusal)->retry_millis.has_value(), again) << row.refusal.message();
  });
}

TEST(RefusalsTest, NoneIsCutOnItsWayToTheClient) {
  ForEach([](StatusCode, const Row& row) {
    const auto problem = rpc::ProblemOf(row.refusal);
    const auto arrived = rpc::ProblemOf(rpc::FromRpc(rpc::ToRpc(row.refusal)));
    ASSERT_TRUE(arrived.has_value());
    EXPECT_EQ(arrived->sentence, problem->sentence);
    EXPECT_EQ(arrived->metadata.size(), problem->metadata.size());
  });
}

TEST(RefusalsTest, TheVariablePartsAreMetadata) {
  const auto of = [](const absl::Status& status) { return rpc::ProblemOf(status)->metadata; };
  using ::testing::Pair;
  using ::testing::UnorderedElementsAre;
  EXPECT_THAT(of(RegisteredWithOtherDetails(kResident, {"full_name", "address"})),
              UnorderedElementsAre(Pair("resident", kResident), Pair("fields", "full_name, address")));
  EXPECT_THAT(of(PossibleSamePerson({kResident, "residents/1"})),
              UnorderedElementsAre(Pair("residents", std::string(kResident) + " residents/1")));
  EXPECT_THAT(of(VersionChanged(7)), UnorderedElementsAre(Pair("version", "7")));
  EXPECT_THAT(of(NameEmpty(kField)), UnorderedElementsAre(Pair("field", kField)));
}

TEST(RefusalsTest, OnlyATakenCodeTellsByWhom) {
  EXPECT_EQ(TakenBy(RecordCodeTaken(kResident)), kResident);
  EXPECT_EQ(TakenBy(RecordCodeKnownWithOtherCheckDigit(kResident)), "");
  EXPECT_EQ(TakenBy(ResidentUnknown()), "");
  EXPECT_EQ(TakenBy(absl::AlreadyExistsError("of another make")), "");
  EXPECT_EQ(TakenBy(absl::OkStatus()), "");
}

}  // namespace
}  // namespace mynumber::issuance::refusals
