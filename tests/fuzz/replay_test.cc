// The short form of every target: its kept inputs, once, by whatever compiler.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

std::string ReadWhole(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A law that does not hold ends the process; the input's name stands in the line before.
TEST(Replay, EveryKeptInputKeepsTheLaws) {
  const char* const folder = std::getenv("CORPUS");
  ASSERT_NE(folder, nullptr);
  int inputs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::fprintf(stderr, "%s\n", entry.path().filename().c_str());
    const std::string input = ReadWhole(entry.path());
    EXPECT_EQ(LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size()), 0);
    ++inputs;
  }
  EXPECT_GT(inputs, 0) << "no input is kept in " << folder;
}

}  // namespace
