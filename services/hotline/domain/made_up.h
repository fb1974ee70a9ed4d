#ifndef MYNUMBER_SERVICES_HOTLINE_DOMAIN_MADE_UP_H_
#define MYNUMBER_SERVICES_HOTLINE_DOMAIN_MADE_UP_H_

// For tests: one partition of the hotline without an engine, and people who do not exist.

#include <string>

#include "absl/status/status.h"
#include "libs/testing/one_partition.h"
#include "services/hotline/domain/hotline_case.h"

namespace mynumber::hotline::made_up {

eventsourcing::SubjectId CaseId(char letter = 'c');
type::Actor Operator(const std::string& id = "operator-1");
// "residents/6161.../..." of the letter.
std::string Resident(char letter = 'h');
std::string Card(char letter = 'h', int number = 1);

OpenCase Opening(events::v1::CallerKind kind = events::v1::CALLER_KIND_HOLDER);
// Found is the resident of the letter, with one card.
RecordSearch Found(char letter = 'h',
                   events::v1::SearchKind search = events::v1::SEARCH_KIND_NAME_AND_BIRTH_DATE);
RecordSearch FoundNobody(events::v1::SearchKind search = events::v1::SEARCH_KIND_NAME_AND_BIRTH_DATE);
RecordClaim RightClaim(char letter = 'h');
RequestSuspension Suspending(const std::string& card = Card());
RecordEffect Effect(const std::string& card = Card());
RecordRefusal Refusal(const std::string& card = Card());

class Desk : public testing::OnePartition<HotlineDomain> {
 public:
  Desk() : OnePartition(HotlineDomain(), 1'794'600'000'000'000) {}

  absl::Status When(const Command& command, char letter = 'c') { return OnePartition::When(CaseId(letter), command); }
  const rows::v1::CaseState& Case(char letter = 'c') { return states[std::string(CaseId(letter).view())]; }
};

}  // namespace mynumber::hotline::made_up

#endif  // MYNUMBER_SERVICES_HOTLINE_DOMAIN_MADE_UP_H_
