#include "libs/simulated_post_office/simulated_post_office.h"

#include <algorithm>
#include <utility>

#include "libs/simulated_post_office/draws.h"
#include "libs/simulated_post_office/route.h"

namespace mynumber::simulated_post_office {
namespace {

using notice::events::v1::TrackingReport;

constexpr int kDay = 24 * 60;
constexpr int kSentAfterMinutes = 15;
constexpr std::array<std::string_view, kRouteCount> kNames = {"delivered", "picked-up", "brought-again",
                                                              "returned",  "lost",      "wrong-household"};

// As a clerk slips: delivered for not delivered.
TrackingReport ToldWrongly(const TrackingReport& right) {
  TrackingReport wrong = right;
  const bool delivered = right.status() == "お届け先にお届け済み";
  wrong.set_status(delivered ? "ご不在のため持ち戻り" : "お届け先にお届け済み");
  return wrong;
}

void TakeBack(const TrackingReport& wrong, TrackingReport* right) {
  auto& key = *right->mutable_withdraws();
  *key.mutable_day() = wrong.day();
  if (wrong.has_minute_of_day()) key.set_minute_of_day(wrong.minute_of_day());
  key.set_status(wrong.status());
  key.set_office(wrong.office());
}

// Sends what happened, one fault after another; each is drawn by itself.
class Sender {
 public:
  Sender(const Settings& settings, const Piece& piece)
      : faults_(settings.faults),
        posting_day_(piece.posting_day),
        without_minute_(settings.seed, piece.tracking_number, "without minute"),
        corrected_(settings.seed, piece.tracking_number, "corrected"),
        duplicated_(settings.seed, piece.tracking_number, "duplicated"),
        shuffled_(settings.seed, piece.tracking_number, "shuffled"),
        late_(settings.seed, piece.tracking_number, "late") {}

  void Send(Happening happening) {
    TrackingReport& report = happening.report;
    if (without_minute_.Happens(faults_.without_minute)) report.clear_minute_of_day();
    int minute = happening.minute + kSentAfterMinutes;
    if (corrected_.Happens(faults_.corrected)) {
      const TrackingReport wrong = ToldWrongly(report);
      TakeBack(wrong, &report);
      SendAt(minute, wrong);
      minute += corrected_.Between(30, kDay);
    }
    SendAt(minute, report);
  }

  std::vector<SentReport> Sent() && {
    std::stable_sort(queue_.begin(), queue_.end(), [](const auto& a, const auto& b) { return a.minute < b.minute; });
    std::vector<SentReport> sent;
    for (Happening& next : queue_) {
      sent.push_back({posting_day_ + next.minute / kDay, next.minute % kDay, std::move(next.report)});
    }
    return sent;
  }

 private:
  void SendAt(int minute, const TrackingReport& report) {
    if (shuffled_.Happens(faults_.shuffled)) minute += shuffled_.Between(1, 3 * kDay);
    if (late_.Happens(faults_.late)) minute += late_.Between(14 * kDay, 42 * kDay);
    queue_.push_back({minute, report});
    if (duplicated_.Happens(faults_.duplicated)) {
      queue_.push_back({minute + duplicated_.Between(1, 3 * kDay), report});
    }
  }

  const Faults& faults_;
  const calendar::Day posting_day_;
  Draws without_minute_;
  Draws corrected_;
  Draws duplicated_;
  Draws shuffled_;
  Draws late_;
  std::vector<Happening> queue_;  // at the minute of sending
};

}  // namespace

std::string_view NameOf(Route route) { return kNames[static_cast<size_t>(route)]; }

std::optional<Route> FindRoute(std::string_view name) {
  const auto* found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Route>(found - kNames.begin());
}

PlayedPiece Play(const Settings& settings, const Piece& piece) {
  PlayedPiece played;
  played.route = DrawRoute(settings, piece);
  Sender sender(settings, piece);
  for (Happening& happening : Happenings(settings, piece, played.route)) sender.Send(std::move(happening));
  played.sent = std::move(sender).Sent();
  return played;
}

}  // namespace mynumber::simulated_post_office
