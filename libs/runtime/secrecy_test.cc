#include "libs/runtime/secrecy.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>

#include <dirent.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace mynumber::runtime {
namespace {

// What is set cannot be unset, so each case runs in a process of its own.

constexpr uid_t kNobody = 65534;

// Root may read everything, before and after. Changing the user makes a process undumpable by itself: undone here, so
// that what is seen afterwards is our doing.
void BecomeNobody() {
  if (geteuid() == 0 && (setgid(kNobody) != 0 || setuid(kNobody) != 0)) std::exit(10);
  if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) != 0) std::exit(11);
}

bool Opens(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  close(file);
  return true;
}

// Whether another process of the same user may look into this one.
bool AnotherMayRead(const std::string& what) {
  const std::string path = "/proc/" + std::to_string(getpid()) + "/" + what;
  const pid_t other = fork();
  if (other == 0) _exit(Opens(path) ? 1 : 0);
  int status = 0;
  if (other < 0 || waitpid(other, &status, 0) != other || !WIFEXITED(status)) std::exit(12);
  return WEXITSTATUS(status) == 1;
}

// Whether the kernel says that it wrote a core of a process that aborts.
bool AbortLeavesACore() {
  const pid_t other = fork();
  if (other == 0) {
    std::signal(SIGABRT, SIG_DFL);
    std::abort();
  }
  int status = 0;
  if (other < 0 || waitpid(other, &status, 0) != other || !WIFSIGNALED(status)) std::exit(13);
  return WCOREDUMP(status);
}

bool MayGiveCoresRoom() {
  const rlimit some = {4096, 4096};
  return setrlimit(RLIMIT_CORE, &some) == 0 || errno != EPERM;
}

TEST(SecrecyDeathTest, TheProcessIsNotDumpableAndItsCoresHaveNoRoom) {
  EXPECT_EXIT(
      {
        BecomeNobody();
        if (!KeepOutOfDumps().ok()) std::exit(1);
        rlimit core{};
        if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0) std::exit(2);
        if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_cur != 0 || core.rlim_max != 0) std::exit(3);
        if (MayGiveCoresRoom()) std::exit(4);
        std::exit(AbortLeavesACore() ? 5 : 0);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST(SecrecyDeathTest, AnotherProcessOfTheSameUserCannotLookInto) {
  EXPECT_EXIT(
      {
        BecomeNobody();
        if (!AnotherMayRead("environ")) std::exit(1);  // or this test proves nothing
        if (!KeepOutOfDumps().ok()) std::exit(2);
        if (AnotherMayRead("environ")) std::exit(3);
        if (AnotherMayRead("mem")) std::exit(4);
        std::exit(AnotherMayRead("fd/0") ? 5 : 0);
      },
      ::testing::ExitedWithCode(0), "");
}

bool ReadsFolder(const char* path) {
  DIR* const opened = opendir(path);
  const bool reads = opened != nullptr && readdir(opened) != nullptr;
  if (opened != nullptr) closedir(opened);
  return reads;
}

TEST(SecrecyDeathTest, TheProcessStillSeesWhatItsMetricsNeed) {
  EXPECT_EXIT(
      {
        BecomeNobody();
        if (!KeepOutOfDumps().ok()) std::exit(1);
        if (!Opens("/proc/self/statm")) std::exit(2);
        std::exit(ReadsFolder("/proc/self/fd") && ReadsFolder("/proc/self/task") ? 0 : 3);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST(SecrecyDeathTest, TwiceIsAsGoodAsOnce) {
  EXPECT_EXIT(std::exit(KeepOutOfDumps().ok() && KeepOutOfDumps().ok() ? 0 : 1), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace mynumber::runtime
