#include "libs/sealing/locked_memory.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace mynumber::sealing {
namespace {

constexpr uid_t kNobody = 65534;

// Pages of nothing but this test's.
uint8_t* NewPages(size_t count) {
  void* const made = mmap(nullptr, count * static_cast<size_t>(sysconf(_SC_PAGESIZE)), PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return made == MAP_FAILED ? nullptr : static_cast<uint8_t*>(made);
}

// Root needs no room, so as nobody.
bool HaveNoRoom() {
  const rlimit none = {0, 0};
  if (setrlimit(RLIMIT_MEMLOCK, &none) != 0) return false;
  return geteuid() != 0 || (setgid(kNobody) == 0 && setuid(kNobody) == 0);
}

// What the kernel says of the mapping around `address`: its marks, as "rd wr lo dd ".
std::string MarksAt(const void* address) {
  std::ifstream maps("/proc/self/smaps");
  bool is_within = false;
  for (std::string line; std::getline(maps, line);) {
    unsigned long begin = 0, end = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx ", &begin, &end) == 2) {
      const auto at = reinterpret_cast<unsigned long>(address);
      is_within = begin <= at && at < end;
    } else if (is_within && line.rfind("VmFlags: ", 0) == 0) {
      return line.substr(9);
    }
  }
  return "";
}

bool HasMark(const void* address, const std::string& wanted) {
  std::istringstream marks(MarksAt(address));
  for (std::string mark; marks >> mark;) {
    if (mark == wanted) return true;
  }
  return false;
}

TEST(LockedMemoryTest, TheBytesPagesAreLockedAndLeftOutOfCores) {
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  uint8_t* const pages = NewPages(4);
  ASSERT_NE(pages, nullptr);
  ASSERT_FALSE(HasMark(pages + page, "lo"));
  // Across the border of two pages.
  const absl::Status locked = LockInMemory(pages + 2 * page - 16, 32);
  ASSERT_TRUE(locked.ok()) << locked;
  for (const size_t index : {1, 2}) {
    EXPECT_TRUE(HasMark(pages + index * page, "lo")) << MarksAt(pages + index * page);
    EXPECT_TRUE(HasMark(pages + index * page, "dd")) << MarksAt(pages + index * page);
  }
  EXPECT_FALSE(HasMark(pages, "lo"));
  EXPECT_FALSE(HasMark(pages + 3 * page, "lo"));
}

TEST(LockedMemoryTest, NothingIsLockedForNoBytes) { EXPECT_TRUE(LockInMemory(nullptr, 0).ok()); }

TEST(LockedMemoryDeathTest, WithoutRoomTheSentenceSaysWhatToRaise) {
  EXPECT_EXIT(
      {
        uint8_t* const pages = NewPages(1);
        if (pages == nullptr || !HaveNoRoom()) std::exit(1);
        pages[0] = 42;
        const absl::Status locked = LockInMemory(pages, 32);
        if (!absl::IsResourceExhausted(locked) || pages[0] != 42) std::exit(2);
        std::exit(std::string(locked.message()).find("raise LimitMEMLOCK") == std::string::npos ? 3 : 0);
      },
      ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace mynumber::sealing
