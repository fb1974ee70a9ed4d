#include "services/card/domain/state_standing.h"

#include <algorithm>

#include "libs/calendar/date.h"
#include "libs/calendar/limit_day.h"
#include "services/card/domain/card.h"

namespace mynumber::card {

using calendar::Day;
using rows::v1::Card;
using rows::v1::HolderFile;

v1::Card::State StateOf(const Card& card) {
  switch (card.stage()) {
    case rows::v1::CARD_STAGE_IN_PRODUCTION:
      return card.has_suspension() ? v1::Card::STATE_HELD : v1::Card::STATE_IN_PRODUCTION;
    case rows::v1::CARD_STAGE_SHIPPED:
      return card.has_suspension() ? v1::Card::STATE_HELD : v1::Card::STATE_SHIPPED;
    case rows::v1::CARD_STAGE_ARRIVED:
      return card.has_suspension() ? v1::Card::STATE_HELD : v1::Card::STATE_ARRIVED;
    case rows::v1::CARD_STAGE_SET_UP:
      return card.has_suspension() ? v1::Card::STATE_HELD : v1::Card::STATE_SET_UP;
    case rows::v1::CARD_STAGE_NOTICE_SENT:
      return card.has_suspension() ? v1::Card::STATE_HELD : v1::Card::STATE_NOTICE_SENT;
    case rows::v1::CARD_STAGE_REMINDED:
      return card.has_suspension() ? v1::Card::STATE_HELD : v1::Card::STATE_REMINDED;
    case rows::v1::CARD_STAGE_IN_USE:
      return card.has_suspension() ? v1::Card::STATE_SUSPENDED : v1::Card::STATE_IN_USE;
    case rows::v1::CARD_STAGE_FAILED:
      return v1::Card::STATE_FAILED;
    case rows::v1::CARD_STAGE_DESTROYED:
      return v1::Card::STATE_DESTROYED;
    case rows::v1::CARD_STAGE_REVOKED:
      return v1::Card::STATE_REVOKED;
    case rows::v1::CARD_STAGE_EXPIRED:
      return v1::Card::STATE_EXPIRED;
    case rows::v1::CARD_STAGE_RETURNED:
      return v1::Card::STATE_RETURNED;
    default:
      return v1::Card::STATE_UNSPECIFIED;
  }
}

bool IsFinal(v1::Card::State state) { return state >= v1::Card::STATE_FAILED; }

bool IsUsable(const Card& card, int64_t now_micros) {
  return StateOf(card) == v1::Card::STATE_IN_USE &&
         calendar::DayNumber(calendar::DayInTokyo(now_micros)) <= calendar::DayNumber(card.valid_until());
}

bool IsUsable(const Card& card, const rows::v1::CertificateState& certificate, int64_t now_micros) {
  return IsUsable(card, now_micros) && !certificate.is_revoked() &&
         calendar::DayNumber(calendar::DayInTokyo(now_micros)) <=
             calendar::DayNumber(certificate.validity().valid_until());
}

v1::Application::State StateOf(const rows::v1::Application& application) {
  // The public's words are those of the row; a test holds the two enums together.
  return static_cast<v1::Application::State>(application.stage());
}

bool IsUnderWay(const rows::v1::Application& application) {
  switch (application.stage()) {
    case rows::v1::APPLICATION_STAGE_RECEIVED:
    case rows::v1::APPLICATION_STAGE_UNDER_REVIEW:
    case rows::v1::APPLICATION_STAGE_APPROVED:
    case rows::v1::APPLICATION_STAGE_IN_PRODUCTION:
      return true;
    default:
      return false;
  }
}

const Card* FindCard(const HolderFile& file, uint32_t card) {
  const bool is_there = card > 0 && card <= static_cast<uint32_t>(file.cards_size());
  return is_there ? &file.cards(static_cast<int>(card) - 1) : nullptr;
}

const rows::v1::Application* FindApplication(const HolderFile& file, uint32_t application) {
  for (const auto& one : file.applications()) {
    if (one.number() == application) return &one;
  }
  return nullptr;
}

const rows::v1::Form* FindForm(const HolderFile& file, uint32_t form) {
  const bool is_there = form > 0 && form <= static_cast<uint32_t>(file.forms_size());
  // One whose printing has not been told yet is an empty place before a later one.
  return is_there && file.forms(static_cast<int>(form) - 1).has_printed() ? &file.forms(static_cast<int>(form) - 1)
                                                                          : nullptr;
}

const rows::v1::Application* ApplicationOfForm(const HolderFile& file, uint32_t form) {
  for (auto one = file.applications().rbegin(); one != file.applications().rend(); ++one) {
    if (one->form() == form) return &*one;
  }
  return nullptr;
}

bool HasCertificate(const Card& card, events::v1::Certificate certificate) {
  return std::any_of(card.certificates().begin(), card.certificates().end(), [&](const auto& one) {
    return one.validity().certificate() == certificate && !one.is_revoked();
  });
}

namespace {

bool HasPassed(const Card& card, const Due& due) {
  return std::any_of(card.passed().begin(), card.passed().end(), [&](const auto& passed) {
    return passed.kind() == due.kind && calendar::DayNumber(passed.day()) >= calendar::DayNumber(due.day);
  });
}

void AddChangeDue(const type::Date& changed, std::vector<Due>* dues) {
  if (const auto day = calendar::ToDay(changed)) {
    dues->push_back({events::v1::DEADLINE_KIND_CHANGE, calendar::LimitDay(*day, kChangeDays)});
  }
}

}  // namespace

std::optional<Day> DestroyableFrom(const Card& card) {
  const auto pick_up_by = calendar::ToDay(card.pick_up_by());
  if (card.stage() != rows::v1::CARD_STAGE_REMINDED || !pick_up_by) return std::nullopt;
  const auto keep_until = calendar::ToDay(card.keep_until());
  return std::max(*pick_up_by, keep_until.value_or(*pick_up_by)) + 1;
}

std::vector<Due> DuesOf(const Card& card) {
  std::vector<Due> dues;
  if (IsFinal(card)) return dues;
  if (const auto day = calendar::ToDay(card.valid_until())) dues.push_back({events::v1::DEADLINE_KIND_EXPIRY, *day});
  const bool waits =
      card.stage() == rows::v1::CARD_STAGE_NOTICE_SENT || card.stage() == rows::v1::CARD_STAGE_REMINDED;
  const auto pick_up_by = calendar::ToDay(card.pick_up_by());
  if (waits && pick_up_by) dues.push_back({events::v1::DEADLINE_KIND_PICK_UP, *pick_up_by});
  if (const auto from = DestroyableFrom(card)) dues.push_back({events::v1::DEADLINE_KIND_DESTRUCTION, *from - 1});
  // Of the two changes that may wait the earlier one counts.
  std::vector<Due> changes;
  AddChangeDue(card.name_changed_date(), &changes);
  AddChangeDue(card.address_changed_date(), &changes);
  if (!changes.empty()) {
    dues.push_back(*std::min_element(changes.begin(), changes.end(),
                                     [](const Due& a, const Due& b) { return a.day < b.day; }));
  }
  if (const auto day = calendar::ToDay(card.continue_by())) {
    dues.push_back({events::v1::DEADLINE_KIND_CONTINUATION, *day});
  }
  dues.erase(std::remove_if(dues.begin(), dues.end(), [&](const Due& due) { return HasPassed(card, due); }),
             dues.end());
  return dues;
}

std::optional<Due> NextDue(const Card& card) {
  const std::vector<Due> dues = DuesOf(card);
  if (dues.empty()) return std::nullopt;
  return *std::min_element(dues.begin(), dues.end(), [](const Due& a, const Due& b) { return a.day < b.day; });
}

int64_t DueMicros(const Due& due) { return calendar::StartOfDayMicros(due.day + 1); }

events::v1::MunicipalitySettings WithDefaults(events::v1::MunicipalitySettings settings) {
  if (settings.pick_up_months() == 0) settings.set_pick_up_months(kPickUpMonths);
  if (settings.reminder_months() == 0) settings.set_reminder_months(kReminderMonths);
  if (settings.keep_months() == 0) settings.set_keep_months(kKeepMonths);
  return settings;
}

}  // namespace mynumber::card
