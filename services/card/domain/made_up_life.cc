#include "services/card/domain/made_up_life.h"

#include "libs/calendar/date.h"

namespace mynumber::card::made_up {

void RandomLife::Live(int steps) {
  office.Register('a', Pick(2) == 0 ? Hanako() : Foreigner(Date(2031, 6, 30)));
  for (int i = 0; i < steps; ++i) Step();
}

uint32_t RandomLife::SomeCard() {
  const int cards = office.FileOf().cards_size();
  return static_cast<uint32_t>(cards == 0 || Pick(4) == 0 ? 1 + Pick(3) : cards);
}

void RandomLife::Step() {
  const uint32_t card = SomeCard();
  const int which = Pick(21);
  switch (which) {
    case 0:
      if (office.Do(Submission(events::v1::APPLICATION_WAY_COUNTER)).ok()) Finish();
      return;
    case 1:
      return (void)office.Do(OrderProduction{office.FileOf().last_application()});
    case 2:
      return (void)office.Do(RecordShipment{card, calendar::DateInTokyo(office.now_micros), Factory()});
    case 3:
      return (void)office.Do(RecordArrival{card, Clerk()});
    case 4:
      return (void)office.Do(SetUpCard{card, Clerk()});
    case 5:
      return (void)office.Do(SendIssueNotice{card, Clerk()});
    case 6:
    case 7:
      return (void)office.Do(HandOver(card));
    case 8:
    case 9:
      if (office.Do(Suspension(card)).ok()) Suspend(card);
      return;
    case 10:
      if (office.Do(ReportLoss{card, "police-1", false, Clerk()}).ok()) Suspend(card);
      return;
    case 11:
      if (office.Do(Lift(card)).ok()) is_suspended[card] = false;
      return;
    case 12:
      return office.PassTo(office.now_micros + int64_t{Pick(Pick(4) == 0 ? 900 : 40)} * 24 * 3600 * 1'000'000);
    default:
      return StepOfUse(which, card);
  }
}

void RandomLife::StepOfUse(int which, uint32_t card) {
  const type::Date today = calendar::DateInTokyo(office.now_micros);
  switch (which) {
    case 13:
      return (void)office.Do(IssueCertificate{card, events::v1::CERTIFICATE_SIGNATURE, Clerk()});
    case 14:
      if (office.Do(Renew{card, Submission(events::v1::APPLICATION_WAY_COUNTER), Clerk()}).ok()) Finish();
      return;
    case 15:
      return (void)office.Do(ExtendValidity{card, std::nullopt, Clerk()});
    case 16:
      return Move();
    case 17:
      return (void)office.Do(ContinueUse{card, today, today, today, true, Clerk()});
    case 18:
      return (void)office.Do(RecordChange{card, events::v1::CARD_CHANGE_ADDRESS, today, Clerk()});
    case 19:
      return (void)office.Do(RemindOfPickUp{card, Clerk()});
    default:
      return (void)office.Do(ReportFound{card, Clerk()});
  }
}

void RandomLife::Finish() {
  office.Must(StartReview{office.FileOf().last_application(), Clerk()});
  office.Must(ReviewPhoto{office.FileOf().last_application(), {}, Clerk()});
}

void RandomLife::Suspend(uint32_t card) {
  is_suspended[card] = true;
  ++suspensions;
}

void RandomLife::Move() {
  ChangeHolder move;
  move.change = events::v1::HOLDER_CHANGE_MOVED;
  move.person.set_address("架空町" + std::to_string(Pick(9)));
  move.person.set_municipality_code(kMunicipality);
  move.day = calendar::DateInTokyo(office.now_micros);
  (void)office.Do(move);
}

}  // namespace mynumber::card::made_up
