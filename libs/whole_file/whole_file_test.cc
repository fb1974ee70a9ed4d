#include "libs/whole_file/whole_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "gtest/gtest.h"

namespace mynumber::whole_file {
namespace {

class WholeFileTest : public ::testing::Test {
 protected:
  WholeFileTest() : folder_(::testing::TempDir() + "/whole_file-" + std::to_string(getpid())) {
    std::filesystem::create_directories(folder_);
  }
  ~WholeFileTest() override { std::filesystem::remove_all(folder_); }

  std::string Read(const std::string& name) const {
    std::ifstream file(folder_ + "/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  size_t Files() const {
    return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(folder_), {}));
  }

  const std::string folder_;
};

TEST_F(WholeFileTest, IsThereWholeForItsOwnerAloneInThePlaceOfAnother) {
  ASSERT_TRUE(Put(folder_, "a", std::string(100'000, 'x')));
  ASSERT_TRUE(Put(folder_, "a", "short"));
  EXPECT_EQ(Read("a"), "short");
  EXPECT_EQ(Files(), 1u) << "nothing that was begun stays";
  struct stat state;
  ASSERT_EQ(stat((folder_ + "/a").c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777, 0600u);
}

TEST_F(WholeFileTest, WhatCannotBePutChangesNothingAndTellsWhy) {
  EXPECT_FALSE(Put(folder_ + "/not-there", "a", "x"));
  EXPECT_EQ(errno, ENOENT);
  std::filesystem::create_directories(folder_ + "/taken/inside");
  EXPECT_FALSE(Put(folder_, "taken", "x")) << "a folder of that name is in the way";
  EXPECT_EQ(errno, EISDIR);
  EXPECT_EQ(Files(), 1u);
}

TEST_F(WholeFileTest, AFolderThatIsNotThereIsNotSynced) {
  EXPECT_TRUE(SyncFolder(folder_));
  EXPECT_FALSE(SyncFolder(folder_ + "/not-there"));
}

}  // namespace
}  // namespace mynumber::whole_file
