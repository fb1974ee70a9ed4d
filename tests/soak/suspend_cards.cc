// Brings cards into use, suspends them by the hotline at a rate, and looks on other connections when that is seen: see
// README.md. Three runs of it, by --what: prepare, suspend, check.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <sstream>
#include <thread>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "libs/rpc/channel.h"
#include "mynumber/card/v1/card_service.grpc.pb.h"
#include "mynumber/hotline/v1/hotline_service.grpc.pb.h"
#include "tests/soak/cards_in_use.h"

ABSL_FLAG(std::string, what, "suspend", "prepare: bring cards into use; suspend; check: that all answered ones are.");
ABSL_FLAG(std::string, server, "127.0.0.1:7400", "HOST:PORT");
ABSL_FLAG(std::string, cards, "", "Lines of card name and serial: written by prepare, read by the others.");
ABSL_FLAG(std::string, answers, "", "A line for each suspension that was answered; appended to.");
ABSL_FLAG(uint32_t, count, 1000, "prepare: how many.");
ABSL_FLAG(uint32_t, first, 1, "prepare: the first resident record code.");
ABSL_FLAG(uint32_t, skip, 0, "suspend: leave the first so many cards alone.");
ABSL_FLAG(int, rate, 200, "suspend: so many a second.");
ABSL_FLAG(int, threads, 64, "Calls in flight.");
ABSL_FLAG(int, readers, 0, "suspend: threads that read other cards' status meanwhile, as fast as they can.");
ABSL_FLAG(int, give_up_seconds, 120, "suspend: a case that was not answered for so long ends the run.");
ABSL_FLAG(int, check_seconds, 60, "check: so long a pending suspension may take.");

namespace {

using Clock = std::chrono::steady_clock;
using mynumber::card::v1::CardService;
using mynumber::hotline::v1::HotlineService;
using mynumber::soak::CardInUse;
using mynumber::soak::NewRequestId;

mynumber::type::Actor Operator() {
  mynumber::type::Actor actor;
  actor.set_authority("hotline");
  actor.set_clerk_id("soak");
  return actor;
}
mynumber::type::Actor Terminal() {
  mynumber::type::Actor actor;
  actor.set_authority("terminal");
  return actor;
}

std::shared_ptr<grpc::Channel> Channel() {
  mynumber::rpc::ChannelOptions options;
  options.own_connection = true;
  return mynumber::rpc::MakeChannel(absl::GetFlag(FLAGS_server), options);
}

std::vector<CardInUse> ReadCards() {
  std::vector<CardInUse> cards;
  std::ifstream file(absl::GetFlag(FLAGS_cards));
  CardInUse card;
  while (file >> card.name >> card.serial) cards.push_back(card);
  return cards;
}

int64_t MicrosSince(Clock::time_point begin) {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin).count();
}

// The same request until it is answered: a lost connection and "not now" are what this is for.
template <class Request, class Response, class Method>
bool Insist(HotlineService::Stub* hotline, Method method, const Request& request, Response* response,
            std::atomic<uint64_t>* again_count = nullptr) {
  const auto until = Clock::now() + std::chrono::seconds(absl::GetFlag(FLAGS_give_up_seconds));
  for (;;) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    const grpc::Status status = (hotline->*method)(&context, request, response);
    if (status.ok()) return true;
    const bool again = status.error_code() == grpc::StatusCode::UNAVAILABLE ||
                       status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED ||
                       status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED ||
                       status.error_code() == grpc::StatusCode::CANCELLED;
    if (!again || Clock::now() > until) {
      std::fprintf(stderr, "not answered: %s\n", status.error_message().c_str());
      return false;
    }
    if (again_count != nullptr) ++*again_count;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

// Until a status read shows that the card cannot be used.
bool AwaitUnusable(CardService::Stub* cards, const std::string& card, bool stale, Clock::time_point until) {
  mynumber::card::v1::GetCardStatusRequest request;
  *request.mutable_actor() = Terminal();
  request.set_name(card);
  request.set_stale(stale);
  while (Clock::now() < until) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
    mynumber::card::v1::CardStatus status;
    if (cards->GetCardStatus(&context, request, &status).ok() && !status.usable()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

struct Run {
  std::vector<CardInUse> cards;
  std::mutex mutex;
  std::FILE* answers = nullptr;
  std::vector<int64_t> answered, seen_current, seen_stale;
  // A current read that began after "in effect" did not show it.
  std::atomic<uint64_t> broken{0};
  std::atomic<uint64_t> pending{0}, lost{0};
  // SuspendCard was sent once more: its first outcome was not known, or "not now".
  std::atomic<uint64_t> again{0};
  std::atomic<bool> ended{false};
};

// One caller who has found a card: a case of its own, then the suspension, then looks from two other connections.
bool Suspend(HotlineService::Stub* hotline, CardService::Stub* current, CardService::Stub* stale,
             const CardInUse& card, Run* run) {
  mynumber::hotline::v1::OpenCaseRequest open;
  open.set_request_id(NewRequestId());
  *open.mutable_actor() = Operator();
  open.set_language("ja");
  open.set_caller_kind(mynumber::hotline::events::v1::CALLER_KIND_FINDER);
  mynumber::hotline::v1::Case opened;
  if (!Insist(hotline, static_cast<grpc::Status (HotlineService::Stub::*)(
                           grpc::ClientContext*, const mynumber::hotline::v1::OpenCaseRequest&,
                           mynumber::hotline::v1::Case*)>(&HotlineService::Stub::OpenCase),
              open, &opened)) {
    return false;
  }
  mynumber::hotline::v1::IdentifyCallerRequest identify;
  identify.set_request_id(NewRequestId());
  *identify.mutable_actor() = Operator();
  identify.set_name(opened.name());
  identify.mutable_search()->set_card_serial(card.serial);
  mynumber::hotline::v1::IdentifyCallerResponse identified;
  if (!Insist(hotline, &HotlineService::Stub::IdentifyCaller, identify, &identified)) return false;
  mynumber::hotline::v1::SuspendCardRequest suspend;
  suspend.set_request_id(NewRequestId());
  *suspend.mutable_actor() = Operator();
  suspend.set_name(opened.name());
  suspend.set_card(card.name);
  suspend.set_reason(mynumber::card::events::v1::SUSPENSION_REASON_FOUND_BY_ANOTHER);
  mynumber::hotline::v1::SuspendCardResponse answer;
  const auto begin = Clock::now();
  if (!Insist(hotline, &HotlineService::Stub::SuspendCard, suspend, &answer, &run->again)) return false;
  const int64_t answered = MicrosSince(begin);
  {
    std::lock_guard<std::mutex> lock(run->mutex);
    std::fprintf(run->answers, "%s %s\n", card.name.c_str(), answer.in_effect() ? "in_effect" : "pending");
    std::fflush(run->answers);
  }
  if (!answer.in_effect()) {
    ++run->pending;
    return true;
  }
  const auto until = Clock::now() + std::chrono::seconds(30);
  const bool shown = AwaitUnusable(stale, card.name, /*stale=*/true, until);
  const int64_t seen_stale = MicrosSince(begin);
  if (!shown) ++run->lost;
  // The first current read after the OK must show it (P5).
  mynumber::card::v1::GetCardStatusRequest look;
  *look.mutable_actor() = Terminal();
  look.set_name(card.name);
  grpc::ClientContext context;
  mynumber::card::v1::CardStatus status;
  const bool is_read = current->GetCardStatus(&context, look, &status).ok();
  if (is_read && status.usable()) ++run->broken;
  const int64_t seen = MicrosSince(begin);
  std::lock_guard<std::mutex> lock(run->mutex);
  run->answered.push_back(answered);
  if (is_read) run->seen_current.push_back(seen);
  run->seen_stale.push_back(seen_stale);
  return true;
}

void ReadOthers(Run* run, std::atomic<uint64_t>* reads) {
  const auto cards = CardService::NewStub(Channel());
  for (size_t i = 0; !run->ended; ++i) {
    mynumber::card::v1::GetCardStatusRequest request;
    *request.mutable_actor() = Terminal();
    request.set_name(run->cards[i % run->cards.size()].name);
    grpc::ClientContext context;
    mynumber::card::v1::CardStatus status;
    if (cards->GetCardStatus(&context, request, &status).ok()) ++*reads;
  }
}

double Percentile(std::vector<int64_t> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const size_t at = std::min(values.size() - 1, static_cast<size_t>(share * static_cast<double>(values.size())));
  return static_cast<double>(values[at]) / 1000;
}

int SuspendAll() {
  Run run;
  run.cards = ReadCards();
  run.answers = std::fopen(absl::GetFlag(FLAGS_answers).c_str(), "a");
  if (run.cards.empty() || run.answers == nullptr) return 2;
  std::atomic<size_t> next{absl::GetFlag(FLAGS_skip)};
  std::atomic<uint64_t> reads{0};
  std::atomic<bool> failed{false};
  const size_t first = next;
  const auto begin = Clock::now();
  std::vector<std::thread> threads, readers;
  for (int i = 0; i < absl::GetFlag(FLAGS_readers); ++i) readers.emplace_back([&] { ReadOthers(&run, &reads); });
  for (int i = 0; i < absl::GetFlag(FLAGS_threads); ++i) {
    threads.emplace_back([&] {
      const auto hotline = HotlineService::NewStub(Channel());
      const auto current = CardService::NewStub(Channel()), stale = CardService::NewStub(Channel());
      for (size_t n = next++; n < run.cards.size() && !failed; n = next++) {
        const double at_seconds = static_cast<double>(n - first) / absl::GetFlag(FLAGS_rate);
        std::this_thread::sleep_until(begin + std::chrono::duration_cast<Clock::duration>(
                                                  std::chrono::duration<double>(at_seconds)));
        if (!Suspend(hotline.get(), current.get(), stale.get(), run.cards[n], &run)) failed = true;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const double seconds = static_cast<double>(MicrosSince(begin)) / 1e6;
  run.ended = true;
  for (std::thread& thread : readers) thread.join();
  std::fclose(run.answers);
  std::printf("{\"suspended\":%zu,\"pending\":%llu,\"broken\":%llu,\"lost\":%llu,\"again\":%llu,"
              "\"seconds\":%.2f,\"reads\":%llu,"
              "\"answered_p50_ms\":%.2f,\"answered_p99_ms\":%.2f,\"current_p50_ms\":%.2f,\"current_p99_ms\":%.2f,"
              "\"stale_p99_ms\":%.2f,\"stale_max_ms\":%.2f}\n",
              run.answered.size(), static_cast<unsigned long long>(run.pending),
              static_cast<unsigned long long>(run.broken), static_cast<unsigned long long>(run.lost),
              static_cast<unsigned long long>(run.again), seconds,
              static_cast<unsigned long long>(reads), Percentile(run.answered, 0.5), Percentile(run.answered, 0.99),
              Percentile(run.seen_current, 0.5), Percentile(run.seen_current, 0.99), Percentile(run.seen_stale, 0.99),
              Percentile(run.seen_stale, 1));
  return failed ? 1 : 0;
}

// Every suspension that was answered holds, the pending ones before long.
int Check() {
  const auto cards = CardService::NewStub(Channel());
  std::ifstream file(absl::GetFlag(FLAGS_answers));
  std::string card, state;
  uint64_t held = 0, lost = 0;
  const auto until = Clock::now() + std::chrono::seconds(absl::GetFlag(FLAGS_check_seconds));
  while (file >> card >> state) {
    const bool may_wait = state == "pending";
    const bool holds = AwaitUnusable(cards.get(), card, /*stale=*/false,
                                     may_wait ? until : Clock::now() + std::chrono::milliseconds(500));
    ++(holds ? held : lost);
    if (!holds) std::fprintf(stderr, "lost: a suspension that was answered with %s\n", state.c_str());
  }
  std::printf("{\"held\":%llu,\"lost\":%llu}\n", static_cast<unsigned long long>(held),
              static_cast<unsigned long long>(lost));
  return lost == 0 ? 0 : 1;
}

int Prepare() {
  std::ofstream file(absl::GetFlag(FLAGS_cards));
  const auto made = mynumber::soak::BringIntoUse(Channel(), absl::GetFlag(FLAGS_first), absl::GetFlag(FLAGS_count),
                                                 absl::GetFlag(FLAGS_threads));
  for (const CardInUse& card : made) file << card.name << ' ' << card.serial << '\n';
  std::printf("{\"cards\":%zu}\n", made.size());
  return made.size() == absl::GetFlag(FLAGS_count) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("Suspends cards by the hotline, and looks when it is seen.");
  absl::ParseCommandLine(argc, argv);
  const std::string what = absl::GetFlag(FLAGS_what);
  return what == "prepare" ? Prepare() : what == "check" ? Check() : SuspendAll();
}
