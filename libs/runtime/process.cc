#include "libs/runtime/process.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "libs/log/log.h"

namespace mynumber::runtime {
namespace {

template <typename Clock>
int64_t MicrosOf() {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch()).count();
}

// Readable for ever once a stop was asked for; a handler may write to it.
int StopFd() {
  static const int fd = [] {
    const int made = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (made < 0) Fatal("no file descriptor left for the stop signal");
    return made;
  }();
  return fd;
}

void OnStopSignal(int) {
  const int saved_errno = errno;
  RequestStop();
  errno = saved_errno;
}

}  // namespace

int64_t WallMicros() { return MicrosOf<std::chrono::system_clock>(); }

int64_t SteadyMicros() { return MicrosOf<std::chrono::steady_clock>(); }

void HandleStopSignals() {
  StopFd();  // made here, since a handler must not
  struct sigaction stop {};
  stop.sa_handler = OnStopSignal;
  stop.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigemptyset(&stop.sa_mask);
  sigaction(SIGTERM, &stop, nullptr);
  sigaction(SIGINT, &stop, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

void RequestStop() {
  const uint64_t one = 1;
  // The counter cannot be full; a write that fails finds it readable anyway.
  [[maybe_unused]] const ssize_t written = write(StopFd(), &one, sizeof(one));
}

void WaitForStop() {
  while (!WaitForStop(INT32_MAX)) {
  }
}

bool WaitForStop(int64_t timeout_millis) {
  const int64_t until_micros = SteadyMicros() + timeout_millis * 1000;
  for (;;) {
    const int64_t left_millis = (until_micros - SteadyMicros() + 999) / 1000;
    pollfd stop = {StopFd(), POLLIN, 0};
    const int ready = poll(&stop, 1, static_cast<int>(left_millis > 0 ? left_millis : 0));
    if (ready > 0) return true;
    if (ready == 0 && left_millis <= 0) return false;
  }
}

int64_t RaiseFileLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) Fatal("the limit of open files cannot be read");
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  return static_cast<int64_t>(setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : before);
}

void Fatal(std::string_view message) {
  log::Flush();
  log::Error("fatal", {{"message", message}});
  std::abort();
}

}  // namespace mynumber::runtime
