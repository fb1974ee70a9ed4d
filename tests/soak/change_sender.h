#ifndef MYNUMBER_TESTS_SOAK_CHANGE_SENDER_H_
#define MYNUMBER_TESTS_SOAK_CHANGE_SENDER_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "mynumber/issuance/v1/issuance_service.grpc.pb.h"
#include "tests/soak/changes.h"

namespace mynumber::soak {

struct SenderOptions {
  size_t calls_in_flight = 64;
  // What got no answer, or a "not now", is sent again under the same request id; without it that ends the load.
  bool reconnect = false;
  // The load ends when nothing was acknowledged for so long.
  std::chrono::seconds silence_max{300};
};

struct SenderTotals {
  uint64_t acknowledged = 0;
  uint64_t sent_again = 0;
  // Refused for good, by reason.
  std::map<std::string, uint64_t> refused;
  // "Not now", by reason, and how many of them named no time to try again; "" is a lost connection.
  std::map<std::string, uint64_t> not_now;
  uint64_t without_retry_time = 0;
};

// Sends changes with many calls in flight. Each acknowledged one is a JSON line in `answers` before it is counted:
// {"name":…,"version":…,"position":…,"event":…}, with "number" where the answer shows one. For one thread.
class ChangeSender {
 public:
  // All arguments outlive the sender.
  ChangeSender(v1::IssuanceService::Stub* stub, const Plan& plan, const SenderOptions& options, std::FILE* answers);
  // Waits for the calls in flight.
  ~ChangeSender();

  // Waits for a free call. False once the load has ended early: nothing more is sent.
  bool Send(const Change& change, const std::string& name);
  // Sends again what is due, without waiting. Between two calls of Send that lie apart.
  bool Proceed();
  // Waits until everything is answered; false if the load has ended early.
  bool Finish();

  SenderTotals totals() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Task {
    Change change;
    std::string name;
  };

  // Waits until there are at most `unanswered` changes, and sends again what is due meanwhile.
  bool WaitFor(size_t unanswered);
  void Start(const Task& task);
  template <class Request, class Response>
  void Call(const Task& task, Request request,
            void (v1::IssuanceService::StubInterface::async_interface::*method)(grpc::ClientContext*, const Request*,
                                                                                Response*,
                                                                                std::function<void(grpc::Status)>));
  void Ended(const Task& task, const absl::Status& status, const v1::Resident& resident);
  void Acknowledge(const Task& task, const v1::Resident& resident);
  void Refused(const Task& task, const absl::Status& status);

  v1::IssuanceService::Stub* const stub_;
  const Plan& plan_;
  const SenderOptions& options_;
  std::FILE* const answers_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // Sent or waiting to be sent again.
  size_t unanswered_ = 0;
  size_t in_flight_ = 0;
  // By when they are due.
  std::multimap<Clock::time_point, Task> again_;
  Clock::time_point last_answer_ = Clock::now();
  bool has_ended_early_ = false;
  SenderTotals totals_;
};

}  // namespace mynumber::soak

#endif  // MYNUMBER_TESTS_SOAK_CHANGE_SENDER_H_
