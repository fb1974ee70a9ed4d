#ifndef MYNUMBER_SERVICES_CARD_DOMAIN_MADE_UP_H_
#define MYNUMBER_SERVICES_CARD_DOMAIN_MADE_UP_H_

// For tests: one partition of the card service without an engine, and people who do not exist.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libs/testing/one_partition.h"
#include "services/card/domain/card.h"
#include "services/card/domain/state_standing.h"

namespace mynumber::card::made_up {

inline constexpr char kMunicipality[] = "131016";
inline constexpr char kOtherMunicipality[] = "271004";

eventsourcing::SubjectId Resident(char letter);
// 36 years old in 2026, a Japanese national.
events::v1::Person Hanako();
// With a period of stay until that day.
events::v1::Person Foreigner(const type::Date& period_of_stay_end);
type::Actor Actor(const std::string& authority);
// At the counter of kMunicipality.
type::Actor Clerk();
type::Actor OtherTownsClerk();
type::Actor Operator();
type::Actor Factory();
type::Date Date(int year, int month, int day);
// A moment in Tokyo.
int64_t Moment(int year, int month, int day, int hour = 9, int minute = 0);

RegisterHolder Registration(const events::v1::Person& person = Hanako());
PrintForm Form(const events::v1::Person& person = Hanako(), uint32_t form = 1);
// As the way asks for it, with a photograph.
SubmitApplication Submission(events::v1::ApplicationWay way, uint32_t application = 0);
IssueCard HandOver(uint32_t card = 1);
LiftSuspension Lift(uint32_t card = 1);
SuspendCard Suspension(uint32_t card = 1);

// What the link of a mail is known by.
std::string TokenHash(uint32_t application, uint32_t link);

class Office : public testing::OnePartition<CardDomain> {
 public:
  // 27 November 2026, a Friday.
  Office();

  absl::Status Do(const Command& command, char letter = 'a') { return When(Resident(letter), command); }
  // Aborts if it is refused: what a test starts from.
  void Must(const Command& command, char letter = 'a');

  void Register(char letter = 'a', const events::v1::Person& person = Hanako());
  // By smartphone, received.
  void Apply(char letter = 'a');
  void Approve(uint32_t application, char letter = 'a');
  // From the application to the counter: a card that stands there.
  void Make(char letter = 'a');
  void BringTo(v1::Card::State state, char letter = 'a');
  // In the holder's hands.
  void Issue(char letter = 'a') { BringTo(v1::Card::STATE_IN_USE, letter); }

  const rows::v1::HolderFile& FileOf(char letter = 'a') const { return states.at(std::string(16, letter)).file(); }
  const rows::v1::Card& CardOf(char letter = 'a', int card = 1) const { return FileOf(letter).cards(card - 1); }
  v1::Card::State StateOf(char letter = 'a', int card = 1) const { return card::StateOf(CardOf(letter, card)); }
  v1::Application::State ApplicationState(char letter = 'a') const {
    return card::StateOf(*FileOf(letter).applications().rbegin());
  }
};

}  // namespace mynumber::card::made_up

#endif  // MYNUMBER_SERVICES_CARD_DOMAIN_MADE_UP_H_
