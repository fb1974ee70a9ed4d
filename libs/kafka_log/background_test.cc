#include "libs/kafka_log/background.h"

#include <atomic>
#include <future>
#include <memory>

#include "gtest/gtest.h"

namespace mynumber::kafka_log {
namespace {

TEST(BackgroundTest, WhatNobodyWaitsForDoesNotKeepOthersWaiting) {
  std::promise<void> may_end;
  std::shared_future<void> end(may_end.get_future());
  std::atomic<int> late_begun{0};
  std::promise<void> first_begun;
  Background background(2);
  for (int i = 0; i < 10; ++i) {
    background.RunLate([&, end] {
      if (++late_begun == 1) first_begun.set_value();
      end.wait();
    });
  }
  first_begun.get_future().wait();
  for (int i = 0; i < 5; ++i) {
    auto done = std::make_shared<std::promise<void>>();
    auto is_done = done->get_future();
    background.Run([done] { done->set_value(); });
    is_done.wait();
  }
  EXPECT_EQ(late_begun, 1) << "half of the threads stay free";
  may_end.set_value();
}

TEST(BackgroundTest, EverythingIsDoneBeforeItGoes) {
  std::atomic<int> done{0};
  {
    Background background(3);
    for (int i = 0; i < 50; ++i) {
      background.Run([&done] { ++done; });
      background.RunLate([&done] { ++done; });
    }
  }
  EXPECT_EQ(done, 100);
}

TEST(BackgroundTest, OneThreadDoesBoth) {
  std::atomic<int> done{0};
  {
    Background background(1);
    background.RunLate([&done] { ++done; });
    background.Run([&done] { ++done; });
  }
  EXPECT_EQ(done, 2);
}

}  // namespace
}  // namespace mynumber::kafka_log
