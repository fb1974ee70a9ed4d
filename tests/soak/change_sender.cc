#include "tests/soak/change_sender.h"

#include <utility>

#include "libs/rpc/problem.h"
#include "libs/rpc/status_details.h"

namespace mynumber::soak {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kCallMax{30'000};
constexpr milliseconds kWait{200};

bool IsNotNow(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kInternal:  // of a connection that broke
    case absl::StatusCode::kUnknown:
      return true;
    default:
      return false;
  }
}

const char* EventOf(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::kMove:
      return "resident_moved";
    case Change::Kind::kCorrection:
      return "resident_corrected";
    case Change::Kind::kReplacement:
      return "number_replaced";
  }
  return "";
}

// A move of one person, as the answer to a call about one person.
absl::Status Unpack(const grpc::Status& status, v1::RecordMoveResponse* response, v1::Resident* resident) {
  if (!status.ok()) return rpc::FromGrpc(status);
  auto* result = response->mutable_results(0);
  if (result->has_error()) return rpc::FromRpc(result->error());
  resident->Swap(result->mutable_resident());
  return absl::OkStatus();
}

absl::Status Unpack(const grpc::Status& status, v1::Resident* response, v1::Resident* resident) {
  resident->Swap(response);
  return rpc::FromGrpc(status);
}

template <class Request, class Response>
struct Flight {
  grpc::ClientContext context;
  Request request;
  Response response;
};

}  // namespace

ChangeSender::ChangeSender(v1::IssuanceService::Stub* stub, const Plan& plan, const SenderOptions& options,
                           std::FILE* answers)
    : stub_(stub), plan_(plan), options_(options), answers_(answers) {}

ChangeSender::~ChangeSender() {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [this] { return in_flight_ == 0; });
}

bool ChangeSender::Send(const Change& change, const std::string& name) {
  if (!WaitFor(options_.calls_in_flight - 1)) return false;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (unanswered_ == 0) last_answer_ = Clock::now();
    ++unanswered_;
  }
  Start({change, name});
  return true;
}

bool ChangeSender::Proceed() { return WaitFor(SIZE_MAX); }

bool ChangeSender::Finish() { return WaitFor(0); }

bool ChangeSender::WaitFor(size_t unanswered) {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    const auto now = Clock::now();
    if (unanswered_ > 0 && now - last_answer_ > options_.silence_max) has_ended_early_ = true;
    if (has_ended_early_) return false;
    if (!again_.empty() && again_.begin()->first <= now) {
      const Task task = std::move(again_.begin()->second);
      again_.erase(again_.begin());
      ++totals_.sent_again;
      lock.unlock();
      Start(task);
      lock.lock();
      continue;
    }
    if (unanswered_ <= unanswered) return true;
    changed_.wait_until(lock, again_.empty() ? now + milliseconds(1000) : again_.begin()->first);
  }
}

void ChangeSender::Start(const Task& task) {
  using Async = v1::IssuanceService::StubInterface::async_interface;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    ++in_flight_;
  }
  switch (task.change.kind) {
    case Change::Kind::kMove:
      return Call<v1::RecordMoveRequest, v1::RecordMoveResponse>(task, MakeMove(plan_, task.change, task.name),
                                                                 &Async::RecordMove);
    case Change::Kind::kCorrection:
      return Call<v1::CorrectResidentRequest, v1::Resident>(task, MakeCorrection(plan_, task.change, task.name),
                                                            &Async::CorrectResident);
    case Change::Kind::kReplacement:
      return Call<v1::ReplaceNumberRequest, v1::Resident>(task, MakeReplacement(plan_, task.change, task.name),
                                                          &Async::ReplaceNumber);
  }
}

template <class Request, class Response>
void ChangeSender::Call(const Task& task, Request request,
                        void (v1::IssuanceService::StubInterface::async_interface::*method)(
                            grpc::ClientContext*, const Request*, Response*, std::function<void(grpc::Status)>)) {
  auto* flight = new Flight<Request, Response>;
  flight->request = std::move(request);
  flight->context.set_deadline(std::chrono::system_clock::now() + kCallMax);
  flight->context.set_wait_for_ready(options_.reconnect);
  (stub_->async()->*method)(&flight->context, &flight->request, &flight->response,
                            [this, task, flight](const grpc::Status& status) {
                              v1::Resident resident;
                              const absl::Status unpacked = Unpack(status, &flight->response, &resident);
                              delete flight;
                              Ended(task, unpacked, resident);
                            });
}

void ChangeSender::Ended(const Task& task, const absl::Status& status, const v1::Resident& resident) {
  std::lock_guard<std::mutex> lock(mutex_);
  --in_flight_;
  if (status.ok()) {
    Acknowledge(task, resident);
  } else {
    Refused(task, status);
  }
  changed_.notify_one();
}

void ChangeSender::Acknowledge(const Task& task, const v1::Resident& resident) {
  std::fprintf(answers_, R"({"name":"%s","version":%llu,"position":"%s","event":"%s")", resident.name().c_str(),
               static_cast<unsigned long long>(resident.version()), resident.position().c_str(),
               EventOf(task.change.kind));
  if (!resident.individual_number().empty()) {
    std::fprintf(answers_, R"(,"number":"%s")", resident.individual_number().c_str());
  }
  std::fputs("}\n", answers_);
  std::fflush(answers_);
  ++totals_.acknowledged;
  --unanswered_;
  last_answer_ = Clock::now();
}

void ChangeSender::Refused(const Task& task, const absl::Status& status) {
  const auto problem = rpc::ProblemOf(status);
  const std::string reason = problem ? problem->reason : "";
  if (!IsNotNow(status.code())) {
    ++totals_.refused[reason];
    --unanswered_;
    last_answer_ = Clock::now();
    return;
  }
  ++totals_.not_now[reason];
  if (problem && !problem->retry_millis) ++totals_.without_retry_time;
  if (!options_.reconnect) {
    has_ended_early_ = true;
    return;
  }
  const auto wait = problem && problem->retry_millis ? milliseconds(*problem->retry_millis) : kWait;
  again_.emplace(Clock::now() + wait, task);
}

SenderTotals ChangeSender::totals() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return totals_;
}

}  // namespace mynumber::soak
