#include "libs/embedded_log/embedded_log.h"

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <future>
#include <mutex>

#include "gtest/gtest.h"

namespace mynumber::embedded_log {
namespace {

using eventsourcing::AppendResult;
using eventsourcing::PartitionLog;

// A folder of its own for each test, gone afterwards.
class EmbeddedLogTest : public testing::Test {
 protected:
  EmbeddedLogTest()
      : folder_(testing::TempDir() + "/log-" + testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::remove_all(folder_);
  }
  ~EmbeddedLogTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<EmbeddedLog> Open() {
    auto log = EmbeddedLog::Open(folder_);
    EXPECT_TRUE(log.ok()) << log.status();
    return *std::move(log);
  }
  AppendResult Append(PartitionLog* log, const std::string& record) {
    log->Append({record, {}, {}});
    return Await(log);
  }
  AppendResult Await(PartitionLog* log) {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      if (auto result = log->Poll()) return *result;
      woken_.wait_for(lock, std::chrono::milliseconds(50));
    }
  }
  std::function<void()> Wake() {
    return [this] { woken_.notify_all(); };
  }

  std::string folder_;
  std::mutex mutex_;
  std::condition_variable woken_;
};

TEST_F(EmbeddedLogTest, ASecondOpenIsToldPlainly) {
  auto log = Open();
  auto second = EmbeddedLog::Open(folder_);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(second.status().message().find("another process uses"), std::string::npos);
}

TEST_F(EmbeddedLogTest, AnotherPartitionCountIsRefused) {
  {
    auto log = Open();
    EXPECT_TRUE(log->Declare("issuance", 4).ok());
  }
  auto log = Open();
  EXPECT_TRUE(log->Declare("issuance", 4).ok());
  EXPECT_EQ(log->Declare("issuance", 8).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(log->Declare("notice", 8).ok());
}

TEST_F(EmbeddedLogTest, PartitionsAndServicesDoNotMix) {
  auto log = Open();
  auto a = log->Partition("issuance", 0, Wake());
  auto b = log->Partition("issuance", 1, Wake());
  auto c = log->Partition("notice", 0, Wake());
  EXPECT_EQ(Append(a.get(), "one").offset, 0);
  EXPECT_EQ(Append(b.get(), "two").offset, 0);
  EXPECT_EQ(Append(a.get(), "three").offset, 1);
  EXPECT_EQ(*c->End(), 0);
  EXPECT_EQ(*a->End(), 2);
  EXPECT_EQ((*b->Read(0, 100))[0].bytes, "two");
}

TEST_F(EmbeddedLogTest, RecordsAndKeysSurviveReopening) {
  const std::string big(1 << 20, 'x');
  {
    auto log = Open();
    auto writer = log->Partition("issuance", 3, Wake());
    writer->Append({big, {std::string(16, 'c'), 7}, "keys"});
    EXPECT_EQ(Await(writer.get()).kind, AppendResult::Kind::kAcknowledged);
  }
  auto log = Open();
  auto reader = log->Partition("issuance", 3, nullptr);
  EXPECT_EQ(*reader->End(), 1);
  EXPECT_EQ((*reader->Read(0, 1))[0].bytes, big);
  EXPECT_EQ(*reader->ReadKeyBlock({std::string(16, 'c'), 7}), "keys");
  EXPECT_TRUE(absl::IsNotFound(reader->ReadKeyBlock({std::string(16, 'c'), 8}).status()));
  EXPECT_TRUE(absl::IsOutOfRange(reader->Read(2, 100).status()));
}

TEST_F(EmbeddedLogTest, AReaderIsWokenWhenAnotherHandleHasWritten) {
  auto log = Open();
  std::promise<void> woken;
  std::atomic<int> elsewhere{0};
  auto reader = log->Partition("issuance", 0, [&, times = 0]() mutable {
    if (++times == 1) woken.set_value();
  });
  auto other = log->Partition("issuance", 1, [&] { ++elsewhere; });
  auto gone = log->Partition("issuance", 0, [&] { ++elsewhere; });
  gone.reset();
  auto writer = log->Partition("issuance", 0, Wake());
  EXPECT_EQ(Append(writer.get(), "a").kind, AppendResult::Kind::kAcknowledged);
  woken.get_future().wait();
  EXPECT_EQ(reader->Read(0, 1000)->size(), 1);
  // The next one's result comes after all that the first one woke.
  EXPECT_EQ(Append(writer.get(), "b").kind, AppendResult::Kind::kAcknowledged);
  EXPECT_EQ(elsewhere, 0);
}

TEST_F(EmbeddedLogTest, AFreshWriterHearsNothingOfTheFormerOne) {
  auto log = Open();
  auto writer = log->Partition("issuance", 0, Wake());
  writer->Append({"former", {}, {}});
  ASSERT_TRUE(writer->NewWriter().ok());
  const AppendResult result = Append(writer.get(), "fresh");
  EXPECT_EQ(result.kind, AppendResult::Kind::kAcknowledged);
  const auto records = *writer->Read(0, 1000);
  EXPECT_EQ(records[static_cast<size_t>(result.offset)].bytes, "fresh");
  EXPECT_FALSE(writer->Poll().has_value());
}

}  // namespace
}  // namespace mynumber::embedded_log
