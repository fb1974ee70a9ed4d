#include "libs/simulated_post_office/route.h"

#include <algorithm>
#include <numeric>

#include "libs/calendar/date.h"
#include "libs/calendar/limit_day.h"
#include "libs/simulated_post_office/draws.h"

namespace mynumber::simulated_post_office {
namespace {

constexpr int kHour = 60;
constexpr int kDay = 24 * kHour;

struct Office {
  const char* name;
  const char* prefecture;
  const char* postal_code;
};
constexpr std::array<Office, 2> kSorting = {{{"架空中央郵便局", "東京都", "000-0001"},
                                             {"絵空事郵便局", "大阪府", "000-0002"}}};
constexpr std::array<Office, 4> kDelivering = {{{"見本郵便局", "東京都", "000-0011"},
                                                {"雛形郵便局", "神奈川県", "000-0012"},
                                                {"仮名郵便局", "北海道", "000-0013"},
                                                {"例示郵便局", "沖縄県", "000-0014"}}};
constexpr std::array<const char*, 3> kUnknownWords = {"配達順路を調整中", "区分機を通過", "お届け予定を連絡"};

// One piece on its way; minutes since its posting day began.
class Way {
 public:
  Way(const Settings& settings, const Piece& piece)
      : piece_(piece),
        draws_(settings.seed, piece.tracking_number, "way"),
        accepted_at_(kSorting[draws_.Between(0, kSorting.size() - 1)]),
        delivered_by_(kDelivering[draws_.Between(0, kDelivering.size() - 1)]) {
    minute_ = draws_.Between(10 * kHour, 18 * kHour);
    Tell("引受", accepted_at_);
    first_attempt_ = At(draws_.Between(1, 3), 9, 17);
  }

  void Deliver() {
    minute_ = first_attempt_;
    Tell("お届け先にお届け済み", delivered_by_);
  }

  void FindNobody() {
    minute_ = first_attempt_;
    Tell("ご不在のため持ち戻り", delivered_by_);
    minute_ = At(minute_ / kDay, 18, 20);
    Tell("保管", delivered_by_);
  }

  void HandOverAtCounter() {
    minute_ = At(AttemptDay() + draws_.Between(1, calendar::kStorageDays), 9, 18);
    Tell("窓口でお渡し", delivered_by_);
  }

  // A day can be chosen from the second one after the attempt on.
  void BringAgain() {
    const int asked = AttemptDay() + draws_.Between(1, calendar::kStorageDays - 1);
    minute_ = At(asked, 8, 16);
    Tell("配達希望受付", delivered_by_);
    minute_ = At(std::max(asked + 1, AttemptDay() + 2), 9, 20);
    Tell("お届け先にお届け済み", delivered_by_);
  }

  void SendBack(int from_day) {
    minute_ = At(from_day, 9, 17);
    Tell("差出人に返送", delivered_by_);
    minute_ = At(from_day + draws_.Between(1, 3), 9, 17);
    Tell("差出人に返送済み", accepted_at_);
  }

  void ReturnAfterStorage() { SendBack(AttemptDay() + calendar::kStorageDays + 1); }

  void LookForIt() {
    minute_ = At(AttemptDay() + draws_.Between(5, 15), 9, 17);
    Tell("調査中", delivered_by_);
    minute_ = At(minute_ / kDay + draws_.Between(3, 10), 9, 17);
    Tell("差出人に返送済み", accepted_at_);
  }

  // Between acceptance and the first attempt.
  void TellFurther(const char* status, int minutes_after_acceptance) {
    minute_ = told_.front().minute + minutes_after_acceptance;
    Tell(status, accepted_at_);
  }

  std::vector<Happening> Told() && {
    std::stable_sort(told_.begin(), told_.end(),
                     [](const Happening& a, const Happening& b) { return a.minute < b.minute; });
    return std::move(told_);
  }

 private:
  int AttemptDay() const { return first_attempt_ / kDay; }
  int At(int day, int first_hour, int last_hour) {
    return day * kDay + draws_.Between(first_hour * kHour, last_hour * kHour);
  }

  void Tell(const char* status, const Office& office) {
    Happening happening;
    happening.minute = minute_;
    auto& report = happening.report;
    *report.mutable_day() = calendar::ToDate(piece_.posting_day + minute_ / kDay);
    report.set_minute_of_day(static_cast<uint32_t>(minute_ % kDay));
    report.set_status(status);
    report.set_office(office.name);
    report.set_prefecture(office.prefecture);
    report.set_postal_code(office.postal_code);
    told_.push_back(std::move(happening));
  }

  const Piece& piece_;
  Draws draws_;
  const Office& accepted_at_;
  const Office& delivered_by_;
  int minute_ = 0;
  int first_attempt_ = 0;
  std::vector<Happening> told_;
};

void Walk(Route route, Way* way) {
  switch (route) {
    case Route::kDelivered:
      return way->Deliver();
    case Route::kPickedUp:
      way->FindNobody();
      return way->HandOverAtCounter();
    case Route::kBroughtAgain:
      way->FindNobody();
      return way->BringAgain();
    case Route::kReturned:
      way->FindNobody();
      return way->ReturnAfterStorage();
    case Route::kLost:
      return;
    case Route::kWrongHousehold:
      way->Deliver();
      return way->LookForIt();
  }
}

}  // namespace

Route DrawRoute(const Settings& settings, const Piece& piece) {
  const auto& weights = settings.weights;
  const int sum = static_cast<int>(std::accumulate(weights.begin(), weights.end(), uint64_t{0}));
  int64_t drawn = Draws(settings.seed, piece.tracking_number, "route").Between(0, std::max(sum, 1) - 1);
  int route = 0;
  while (route + 1 < kRouteCount && drawn >= weights[route]) drawn -= weights[route++];
  return static_cast<Route>(route);
}

std::vector<Happening> Happenings(const Settings& settings, const Piece& piece, Route route) {
  Way way(settings, piece);
  Walk(route, &way);
  Draws word(settings.seed, piece.tracking_number, "unknown word");
  if (word.Happens(settings.faults.unknown_word)) {
    way.TellFurther(kUnknownWords[word.Between(0, kUnknownWords.size() - 1)], word.Between(1, 5 * kHour));
  }
  Draws forwarding(settings.seed, piece.tracking_number, "forwarded");
  if (forwarding.Happens(settings.faults.forwarded)) way.TellFurther("転送", forwarding.Between(1, 5 * kHour));
  return std::move(way).Told();
}

}  // namespace mynumber::simulated_post_office
