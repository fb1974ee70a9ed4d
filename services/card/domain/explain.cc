#include "services/card/domain/explain.h"

#include "google/protobuf/util/time_util.h"
#include "libs/calendar/date.h"
#include "libs/calendar/limit_day.h"
#include "services/card/domain/card.h"
#include "services/card/domain/refusals.h"
#include "services/card/domain/state_standing.h"

namespace mynumber::card {
namespace {

using State = v1::Application;

struct Words {
  const char* ja;
  const char* en;
};

// The public sees one thing from the review to the factory.
State::State PublicState(State::State state) {
  return state == State::STATE_APPROVED ? State::STATE_UNDER_REVIEW : state;
}

Words WordsFor(State::State state) {
  switch (state) {
    case State::STATE_STARTED:
      return {"まだ受け付けていません。メールの中のリンクを開いて、申請を完了してください。",
              "It has not been received yet. Open the link in the mail and complete the application."};
    case State::STATE_CONFIRMED:
      return {"まだ受け付けていません。写真と必要事項を送って、申請を完了してください。",
              "It has not been received yet. Send the photograph and the details to complete the application."};
    case State::STATE_RECEIVED:
      return {"申請を受け付けました。", "The application has been received."};
    case State::STATE_UNDER_REVIEW:
      return {"申請内容を確認しています。", "The application is being reviewed."};
    case State::STATE_DEFECT:
      return {"写真に不備がありました。同じ申請書IDで、もう一度申請してください。",
              "There is something wrong with the photograph. Apply again with the same application ID."};
    case State::STATE_IN_PRODUCTION:
      return {"カードを作成しています。", "The card is being made."};
    case State::STATE_SHIPPED:
      return {"カードを市区町村へ発送しました。交付通知書をお待ちください。",
              "The card was sent to the municipality. Wait for the notice to come and get it."};
    default:
      return {"この申請は取り下げられました。", "This application was withdrawn."};
  }
}

}  // namespace

absl::StatusOr<v1::GetApplicationStatusResponse> Explain(const rows::v1::Application& application,
                                                         int64_t now_micros) {
  v1::GetApplicationStatusResponse response;
  if (application.received_micros() != 0) {
    const calendar::Day received = calendar::DayInTokyo(application.received_micros());
    if (calendar::DayInTokyo(now_micros) > calendar::LimitDayAfterMonths(received, kStatusMonths)) {
      return refusals::StatusTooOld();
    }
    *response.mutable_receive_time() =
        google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(application.received_micros());
  }
  const State::State state = PublicState(StateOf(application));
  response.set_state(state);
  if (state == State::STATE_DEFECT) *response.mutable_defects() = application.defects();
  *response.mutable_since() = calendar::DateInTokyo(application.stage_micros());
  response.set_sentence_ja(WordsFor(state).ja);
  response.set_sentence_en(WordsFor(state).en);
  return response;
}

}  // namespace mynumber::card
