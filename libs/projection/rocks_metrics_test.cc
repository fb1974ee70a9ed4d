#include "libs/projection/rocks_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/numbers.h"

namespace mynumber::projection {
namespace {

double ValueOf(const metrics::Registry& registry, const std::string& series) {
  const std::string text = registry.Text();
  const size_t at = text.find("\n" + series + " ");
  double value = -1;
  if (at == std::string::npos) return value;
  const size_t from = at + series.size() + 2;
  EXPECT_TRUE(absl::SimpleAtod(text.substr(from, text.find('\n', from) - from), &value));
  return value;
}

TEST(RocksMetricsTest, SumsWhatRocksDbSaysOfTheRowsOfAService) {
  const std::string folder = ::testing::TempDir() + "/rocks_metrics_test";
  std::filesystem::remove_all(folder);
  SharedMemory memory{MemoryOptions()};
  std::vector<std::unique_ptr<RocksRows>> rows;
  for (const char* partition : {"/0", "/1"}) rows.push_back(*RocksRows::Open(folder + partition, &memory, 1));
  metrics::Registry registry;
  const RocksMetrics seen(&registry, "made_up");
  const std::string own = "{service=\"made_up\"}";
  seen.Refresh(rows, memory);
  const double empty_bytes = ValueOf(registry, "mynumber_rocksdb_memtable_bytes" + own);
  EXPECT_EQ(ValueOf(registry, "mynumber_rocksdb_level0_files" + own), 0);
  for (auto& partition : rows) {
    eventsourcing::Changes changes;
    changes.Put("k", std::string(1'000'000, 'v'));
    ASSERT_TRUE(partition->Write(changes).ok());
  }
  seen.Refresh(rows, memory);
  EXPECT_GT(ValueOf(registry, "mynumber_rocksdb_memtable_bytes" + own), empty_bytes + 1'900'000) << "of both";
  for (auto& partition : rows) ASSERT_TRUE(partition->Flush().ok());
  seen.Refresh(rows, memory);
  EXPECT_GT(ValueOf(registry, "mynumber_rocksdb_files_bytes" + own), 1'900'000);
  EXPECT_EQ(ValueOf(registry, "mynumber_rocksdb_level0_files" + own), 2);
  EXPECT_EQ(ValueOf(registry, "mynumber_rocksdb_background_errors" + own), 0);
  EXPECT_GE(ValueOf(registry, "mynumber_rocksdb_block_cache_bytes"), 0);
}

}  // namespace
}  // namespace mynumber::projection
