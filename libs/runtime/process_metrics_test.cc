#include "libs/runtime/process_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/log/log.h"

namespace mynumber::runtime {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ProcessMetricsTest, TellsWhatTheKernelKnows) {
  const ProcessUsage usage = ReadProcessUsage();
  EXPECT_GT(usage.resident_memory_bytes, 1 << 20);
  EXPECT_GE(usage.open_files, 3);
  EXPECT_GE(usage.threads, 1);
}

TEST(ProcessMetricsTest, CountsMaskedNumbers) {
  metrics::Registry registry;
  AddProcessMetrics(registry);
  EXPECT_THAT(registry.Text(), HasSubstr("\nmynumber_log_redactions 0\n"));
  EXPECT_THAT(registry.Text(), Not(HasSubstr("mynumber_process_resident_memory_bytes 0\n")));
  log::Redact("123456789018");
  EXPECT_THAT(registry.Text(), HasSubstr("\nmynumber_log_redactions 1\n"));
}

TEST(ProcessMetricsTest, TellsHowFullTheDiskIs) {
  metrics::Registry registry;
  AddDiskMetrics(registry, ::testing::TempDir());
  EXPECT_THAT(registry.Text(), HasSubstr("\nmynumber_disk_size_bytes "));
  EXPECT_THAT(registry.Text(), Not(HasSubstr("\nmynumber_disk_size_bytes 0\n")));
  EXPECT_THAT(registry.Text(), Not(HasSubstr("\nmynumber_disk_free_bytes 0\n")));
}

TEST(ProcessMetricsTest, ADiskThatIsGoneHasNoRoom) {
  metrics::Registry registry;
  AddDiskMetrics(registry, ::testing::TempDir() + "/gone");
  EXPECT_THAT(registry.Text(), HasSubstr("\nmynumber_disk_free_bytes 0\n"));
}

}  // namespace
}  // namespace mynumber::runtime
