#include "libs/projection/rocks_notes.h"

#include <filesystem>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/log/log.h"
#include "libs/projection/rocks_rows.h"
#include "rocksdb/env.h"

namespace mynumber::projection {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class RocksNotesTest : public testing::Test {
 protected:
  RocksNotesTest() {
    log::Options options;
    options.sink = [this](std::string_view line) { lines_.emplace_back(line); };
    log::Configure(options);
  }
  ~RocksNotesTest() override { log::Configure({}); }

  std::vector<std::string> lines_;
};

TEST_F(RocksNotesTest, WarningsAndErrorsComeIntoTheLogOfTheProcess) {
  const auto notes = RocksNotes("data/issuance/3");
  rocksdb::Info(notes, "a flush of %d files", 3);
  rocksdb::Warn(notes, "Background IO error: No space left on device: %s", "000012.sst");
  rocksdb::Error(notes, "Corruption");
  EXPECT_THAT(lines_,
              ElementsAre(AllOf(HasSubstr(R"("level":"warn")"), HasSubstr(R"("event":"rocksdb")"),
                                HasSubstr(R"("database":"data/issuance/3")"), HasSubstr("left on device: 000012.sst")),
                          AllOf(HasSubstr(R"("level":"error")"), HasSubstr("Corruption"))));
}

TEST_F(RocksNotesTest, LongRunsOfDigitsAreNotTakenForNumbersOfPeople) {
  const uint64_t redacted = log::RedactedCount();
  rocksdb::Warn(RocksNotes("log"), "estimated pending compaction bytes %llu rate %d", 68719476736ULL, 1234567890);
  EXPECT_THAT(lines_, ElementsAre(HasSubstr("pending compaction bytes (huge) rate 1234567890")));
  EXPECT_EQ(log::RedactedCount(), redacted);
}

TEST_F(RocksNotesTest, RowsKeepNoLogFileBesideTheData) {
  const std::string folder = testing::TempDir() + "/rows-without-log-file";
  std::filesystem::remove_all(folder);
  SharedMemory memory{MemoryOptions{}};
  ASSERT_TRUE(RocksRows::Open(folder, &memory, 1).ok());
  EXPECT_TRUE(std::filesystem::exists(folder + "/CURRENT"));
  EXPECT_FALSE(std::filesystem::exists(folder + "/LOG"));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace mynumber::projection
