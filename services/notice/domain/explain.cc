#include "services/notice/domain/explain.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "libs/calendar/date.h"
#include "libs/calendar/day.h"
#include "services/notice/domain/notice.h"
#include "services/notice/domain/state_standing.h"

namespace mynumber::notice {
namespace {

using calendar::Day;
using v1::ExplainNoticeResponse;
using v1::Notice;

struct Words {
  std::string ja;
  std::string en;
};

std::string Weekday(std::string_view name) { return std::string(name); }

// "11月27日（金曜日）" and "Friday 27 November 2026".
Words InWords(Day day) {
  static const char* const kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                        "July",    "August",   "September", "October", "November", "December"};
  return {absl::StrCat(day.month(), "月", day.day(), "日（", Weekday(calendar::WeekdayName(day)), "）"),
          absl::StrCat(Weekday(calendar::WeekdayNameInEnglish(day)), " ", day.day(), " ", kMonths[day.month() - 1], " ",
                       day.year())};
}

Words Held(const rows::v1::Notice& notice) {
  const Words until = InWords(*HeldUntil(notice));
  return {absl::StrCat("ご不在のため、郵便局で", until.ja,
                       "まで保管しています。ご不在連絡票の番号で、再配達を申し込むか、郵便局の窓口で受け取れます。"),
          absl::StrCat("Nobody was at home, so the post office holds the notice until ", until.en,
                       ". With the number on the contact form the resident can have it brought again, or pick it up at "
                       "the post office.")};
}

Words Requested(const rows::v1::Notice& notice) {
  const auto& resend = CurrentPiece(notice)->resend();
  const Words day = InWords(*calendar::ToDay(resend.day()));
  if (resend.way() == events::v1::RESEND_WAY_PICK_UP) {
    return {absl::StrCat(day.ja, "まで、郵便局の窓口で受け取れます。本人確認書類とご不在連絡票をお持ちください。"),
            absl::StrCat("It waits at the post office's counter until ", day.en,
                         ". The resident brings the contact form and proof of identity.")};
  }
  return {absl::StrCat(day.ja, "に再配達の予定です。"), absl::StrCat("It will be brought again on ", day.en, ".")};
}

Words InCustody(const rows::v1::Notice& notice) {
  const Words until = InWords(*CustodyUntil(notice));
  return {absl::StrCat("郵便局から市区町村に戻り、", until.ja,
                       "まで窓口で保管しています。窓口で受け取るか、もう一度郵送するよう申し出てください。"),
          absl::StrCat("It came back to the municipality, which keeps it until ", until.en,
                       ". The resident can pick it up at the counter, or ask to have it mailed again.")};
}

Words Sentence(const rows::v1::Notice& notice) {
  switch (StateOf(notice)) {
    case Notice::STATE_PREPARED:
    case Notice::STATE_RENDERED:
      return {"通知書は準備中です。住民票ができてから2～3週間で届きます。",
              "The notice is being made. It arrives two to three weeks after the residence record was made."};
    case Notice::STATE_POSTED:
      return {"通知書は郵便局に引き渡され、配達の途中です。", "The notice is with the post office, on its way."};
    case Notice::STATE_HELD:
      return Held(notice);
    case Notice::STATE_RESEND_REQUESTED:
    case Notice::STATE_PICK_UP_REQUESTED:
      return Requested(notice);
    case Notice::STATE_DELIVERED:
      return {"郵便局によると、配達済みです。届いていないときは、市区町村が郵便局に調査を求めます。",
              "The post office says that it was delivered. If it has not come, the municipality asks the post office "
              "to look into it."};
    case Notice::STATE_RETURNING:
      return {"保管期間が過ぎ、市区町村に戻る途中です。戻りしだい、窓口での受取り又は再郵送ができます。",
              "The days at the post office are over, and it is on its way back to the municipality. Once it is there "
              "it can be picked up or mailed again."};
    case Notice::STATE_IN_CUSTODY:
      return InCustody(notice);
    case Notice::STATE_HANDED_OVER:
      return {"市区町村の窓口でお渡ししました。", "It was handed over at the municipality's counter."};
    case Notice::STATE_UNDER_INVESTIGATION:
      return {"郵便局が行方を調べています。", "The post office is looking for it."};
    default:
      return {"通知書はお渡しできません。通知書は再発行されません。番号の証明には、個人番号入りの住民票の写しをお使いください。",
              "The notice cannot be had, and is never reissued. A copy of the residence record with the number takes "
              "its place."};
  }
}

void FillChoices(const rows::v1::Notice& notice, ExplainNoticeResponse* response) {
  switch (StateOf(notice)) {
    case Notice::STATE_HELD:
    case Notice::STATE_RESEND_REQUESTED:
    case Notice::STATE_PICK_UP_REQUESTED:
      response->add_choices(ExplainNoticeResponse::CHOICE_REQUEST_RESEND);
      return response->add_choices(ExplainNoticeResponse::CHOICE_PICK_UP_AT_POST_OFFICE);
    case Notice::STATE_DELIVERED:
      return response->add_choices(ExplainNoticeResponse::CHOICE_DISPUTE_DELIVERY);
    case Notice::STATE_IN_CUSTODY:
      response->add_choices(ExplainNoticeResponse::CHOICE_PICK_UP_AT_MUNICIPALITY);
      return response->add_choices(ExplainNoticeResponse::CHOICE_HAVE_IT_MAILED_AGAIN);
    case Notice::STATE_HANDED_OVER:
    case Notice::STATE_LOST:
    case Notice::STATE_DESTROYED:
    case Notice::STATE_CANCELLED:
    case Notice::STATE_SUPERSEDED:
      response->add_choices(ExplainNoticeResponse::CHOICE_ASK_MUNICIPALITY);
      return response->add_choices(ExplainNoticeResponse::CHOICE_RECORD_COPY_WITH_NUMBER);
    default:
      return response->add_choices(ExplainNoticeResponse::CHOICE_WAIT);
  }
}

}  // namespace

ExplainNoticeResponse Explain(const rows::v1::Notice& notice, int64_t now_micros) {
  ExplainNoticeResponse response;
  response.set_state(StateOf(notice));
  const rows::v1::Piece* piece = CurrentPiece(notice);
  if (piece != nullptr && piece->fold().has_since_day()) *response.mutable_since() = piece->fold().since_day();
  FillChoices(notice, &response);
  const bool can_ask = !response.choices().empty() &&
                       response.choices(0) == ExplainNoticeResponse::CHOICE_REQUEST_RESEND;
  if (can_ask) {
    *response.mutable_held_until() = calendar::ToDate(*HeldUntil(notice));
    const Day after_form = *calendar::ToDay(piece->fold().last_absent_day()) + 1;
    *response.mutable_resend_from() = calendar::ToDate(std::max(after_form, calendar::DayInTokyo(now_micros)));
    *response.mutable_resend_until() = calendar::ToDate(*StorageLimitMax(notice));
  }
  if (const auto until = CustodyUntil(notice)) *response.mutable_custody_until() = calendar::ToDate(*until);
  const Words words = Sentence(notice);
  response.set_sentence_ja(words.ja);
  response.set_sentence_en(words.en);
  return response;
}

}  // namespace mynumber::notice
