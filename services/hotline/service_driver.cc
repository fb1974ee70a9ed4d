#include "services/hotline/service_driver.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "libs/log/log.h"
#include "services/hotline/domain/state_case.h"
#include "services/hotline/projections/tables.h"

namespace mynumber::hotline {
namespace {

// In one round; what is more waits for the next.
constexpr size_t kFilesOfRound = 200;
constexpr size_t kCasesOfRound = 200;
// Longer than the card service is waited for.
constexpr int64_t kGraceMillis = 2000;

}  // namespace

// What was begun, and is waited for together. Outlives the wait if need be.
class Driver::Round {
 public:
  void Begin() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++left_;
  }
  void End() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (--left_ == 0) changed_.notify_all();
  }
  void Wait(int64_t millis) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_for(lock, std::chrono::milliseconds(millis), [this] { return left_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t left_ = 0;
};

Driver::Driver(ServiceContext* context, int64_t every_millis)
    : context_(context), every_millis_(every_millis), thread_([this] { Run(); }) {
  pthread_setname_np(thread_.native_handle(), "suspensions");
}

Driver::~Driver() { Stop(); }

void Driver::Stop() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    is_stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

bool Driver::Wait() {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait_for(lock, std::chrono::milliseconds(every_millis_), [this] { return is_stopping_; });
  return !is_stopping_;
}

void Driver::Run() {
  while (Wait()) {
    DriveSpool();
    DriveCases();
  }
}

void Driver::Suspend(const Open& open, const std::shared_ptr<Round>& round,
                     std::function<void(const CardAnswer&)> then) {
  round->Begin();
  context_->own.cards->SuspendCard(
      CardRequestOf(open.id, open.requested), context_->own.answer_millis,
      [context = context_, open, round, then = std::move(then)](const absl::Status& status,
                                                                const card::v1::SuspendCardResponse& said) {
        const CardAnswer answer = AnswerOf(open.requested.card(), status, said);
        if (answer.kind == CardAnswer::Kind::kInEffect && !answer.took_effect.was_suspended()) {
          context->own.metrics.effect_seconds.Observe(static_cast<double>(context->now() - open.asked_micros) / 1e6);
        }
        then(answer);
        round->End();
      });
}

// First the card service, then the case's log: a file goes only when the log has what it says.
void Driver::DriveSpool() {
  const std::vector<Spool::Kept> kept = context_->own.spool->Read(kFilesOfRound, after_file_, context_->vault());
  context_->own.metrics.spooled.Set(static_cast<double>(context_->own.spool->size()));
  if (kept.empty()) return answered_.clear();
  after_file_ = kept.back().name;
  struct Said {
    std::mutex mutex;
    std::map<std::string, CardAnswer> answers;
    std::map<std::string, absl::Status> intents;
  };
  const auto said = std::make_shared<Said>();
  const auto asking = std::make_shared<Round>(), writing = std::make_shared<Round>();
  for (const Spool::Kept& file : kept) {
    const auto& spooled = file.suspension;
    Open open{SubjectId::FromBytes(spooled.case_id()), {}, spooled.asked_micros()};
    *open.requested.mutable_actor() = spooled.actor();
    open.requested.set_card(spooled.card());
    open.requested.set_reason(spooled.reason());
    open.requested.set_card_request_id(CardRequestId(*context_, open.id, spooled.request_id()));
    if (answered_.count(file.name) == 0) {
      Suspend(open, asking, [said, name = file.name](const CardAnswer& answer) {
        std::lock_guard<std::mutex> lock(said->mutex);
        said->answers[name] = answer;
      });
    }
    // As the call would have sent it.
    auto origin = std::make_shared<Origin>();
    origin->caller = spooled.actor().authority();
    origin->clerk_id = spooled.actor().clerk_id();
    origin->method = "SuspendCard";
    Asked asked;
    asked.origin = std::move(origin);
    std::copy_n(spooled.request_id().begin(), asked.request_id.size(), asked.request_id.begin());
    std::copy_n(spooled.request_hash().begin(), asked.request_hash.size(), asked.request_hash.begin());
    asked.deadline_micros = context_->now() + kGraceMillis * 1000;
    asked.urgent = true;
    writing->Begin();
    Send(context_, asked, open.id, RequestSuspension{open.requested}, [](const Prepared&) {},
         [said, writing, name = file.name](const absl::Status& done) {
           {
             std::lock_guard<std::mutex> lock(said->mutex);
             said->intents[name] = done;
           }
           writing->End();
         });
  }
  asking->Wait(context_->own.answer_millis + kGraceMillis);
  writing->Wait(2 * kGraceMillis);
  std::lock_guard<std::mutex> lock(said->mutex);
  for (const auto& [name, answer] : said->answers) {
    if (answer.kind != CardAnswer::Kind::kNone) answered_[name] = answer;
  }
  for (const Spool::Kept& file : kept) {
    const auto intent = said->intents.find(file.name);
    if (intent == said->intents.end()) continue;
    const auto answer = answered_.find(file.name);
    const bool is_in_log = intent->second.ok();
    const bool is_refused = IsNo(intent->second) && answer != answered_.end();
    if (!is_in_log && !is_refused) continue;
    if (is_in_log && answer != answered_.end()) {
      RecordAnswer(context_, SubjectId::FromBytes(file.suspension.case_id()), answer->second, nullptr);
    }
    if (is_refused) log::Warn("spooled_suspension_without_case", {{"file", file.name}});
    const absl::Status removed = context_->own.spool->Remove(file.name);
    if (!removed.ok()) log::Warn("spool_file_stays", {{"why", std::string(removed.message())}});
    if (removed.ok()) answered_.erase(file.name);
  }
  context_->own.metrics.spooled.Set(static_cast<double>(context_->own.spool->size()));
}

std::vector<Driver::Open> Driver::FindOpen(uint32_t partition, size_t* pending) {
  std::vector<SubjectId> cases;
  std::string& after = after_case_[partition];
  const std::string from = std::exchange(after, std::string());
  const std::string prefix(1, kPendingTable);
  absl::Status status = context_->rows[partition]->Scan(prefix, "", [&](std::string_view key, std::string_view) {
    ++*pending;
    if (key <= from || cases.size() == kCasesOfRound) return true;
    cases.push_back(CaseOfKey(key));
    // The last ones are followed by the first.
    if (cases.size() == kCasesOfRound) after = std::string(key);
    return true;
  });
  std::vector<Open> open;
  // Rows that cannot be read now are read in the next round.
  if (!status.ok()) return open;
  const int64_t left_by_calls_micros = context_->now() - context_->own.answer_millis * 1000;
  for (const SubjectId& id : cases) {
    rows::v1::CaseState state;
    const auto found = context_->Read(id, &state);
    if (!found.ok() || !*found) continue;
    for (const auto& suspension : state.suspensions()) {
      if (!IsPending(suspension) || suspension.requested_micros() > left_by_calls_micros) continue;
      open.push_back({id, suspension.requested(), suspension.requested_micros()});
    }
  }
  return open;
}

void Driver::DriveCases() {
  size_t pending = 0;
  const auto round = std::make_shared<Round>();
  for (uint32_t p = 0; p < context_->rows.size(); ++p) {
    if (context_->host->Snapshot(p).phase != eventsourcing::Ownership::Phase::kServing) continue;
    for (const Open& open : FindOpen(p, &pending)) {
      Suspend(open, round, [context = context_, id = open.id, round](const CardAnswer& answer) {
        round->Begin();
        RecordAnswer(context, id, answer, [round](bool) { round->End(); });
      });
    }
  }
  context_->own.metrics.pending.Set(static_cast<double>(pending));
  round->Wait(context_->own.answer_millis + kGraceMillis);
}

}  // namespace mynumber::hotline
