// Preloaded into a process (LD_PRELOAD): its time of day is WRONG_CLOCK_SECONDS ahead, and all else is as it was.
// A wait until a time of day, made from that clock, is told to the kernel in the right one.

#include <dlfcn.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

#include <cerrno>
#include <cstdarg>
#include <cstdlib>

namespace {

time_t Ahead() {
  static const time_t seconds = [] {
    const char* text = std::getenv("WRONG_CLOCK_SECONDS");
    return text == nullptr ? time_t{0} : static_cast<time_t>(std::atoll(text));
  }();
  return seconds;
}

// Not by libc, whose function is ours below.
long Ask(long number, long a, long b, long c, long d, long e, long f) {
  register long fourth __asm__("r10") = d;
  register long fifth __asm__("r8") = e;
  register long sixth __asm__("r9") = f;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth), "r"(sixth)
                   : "rcx", "r11", "memory");
  if (result >= 0 || result < -4095) return result;
  errno = static_cast<int>(-result);
  return -1;
}

// A time of day, and no time since the machine's start.
bool IsTimeOfDay(const timespec& time) { return time.tv_sec > 1'000'000'000; }

timespec Right(const timespec& time) {
  timespec right = time;
  if (IsTimeOfDay(time)) right.tv_sec -= Ahead();
  return right;
}

template <class Function>
Function* Next(const char* name, const char* version = nullptr) {
  return reinterpret_cast<Function*>(version == nullptr ? dlsym(RTLD_NEXT, name)
                                                        : dlvsym(RTLD_NEXT, name, version));
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  const long result = Ask(SYS_clock_gettime, clock, reinterpret_cast<long>(time), 0, 0, 0, 0);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += Ahead();
  return static_cast<int>(result);
}

int gettimeofday(timeval* time, void*) noexcept {
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t* also) noexcept {
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (also != nullptr) *also = now.tv_sec;
  return now.tv_sec;
}

int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* until) {
  static auto* const next =
      Next<int(pthread_cond_t*, pthread_mutex_t*, const timespec*)>("pthread_cond_timedwait", "GLIBC_2.3.2");
  const timespec right = Right(*until);
  return next(condition, mutex, &right);
}

int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock, const timespec* until) {
  static auto* const next =
      Next<int(pthread_cond_t*, pthread_mutex_t*, clockid_t, const timespec*)>("pthread_cond_clockwait");
  const timespec right = Right(*until);
  return next(condition, mutex, clock, &right);
}

long syscall(long number, ...) noexcept {
  va_list words;
  va_start(words, number);
  long a[6];
  for (long& each : a) each = va_arg(words, long);
  va_end(words);
  timespec right;
  const bool waits_until = number == SYS_futex && (a[1] & FUTEX_CLOCK_REALTIME) != 0 && a[3] != 0;
  if (waits_until) {
    right = Right(*reinterpret_cast<const timespec*>(a[3]));
    a[3] = reinterpret_cast<long>(&right);
  }
  return Ask(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

}  // extern "C"
