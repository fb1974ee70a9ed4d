#include "libs/log_copy/export_file.h"

#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/log_copy/made_export.h"

namespace mynumber::log_copy {
namespace {

using eventlog::v1::ExportItem;
using testing::HasSubstr;

std::string Written(const std::vector<ExportItem>& items) {
  std::ostringstream out;
  ExportWriter writer(&out, eventsourcing::CountingChain);
  for (const ExportItem& item : items) writer.Write(item);
  return out.str();
}

// Reads to the end or the first error.
absl::Status ReadAll(const std::string& bytes, std::vector<std::string>* items = nullptr) {
  std::istringstream in(bytes);
  ExportReader reader(&in, eventsourcing::CountingChain);
  ExportItem item;
  for (;;) {
    const auto more = reader.Next(&item);
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
    if (items != nullptr) items->push_back(item.SerializeAsString());
  }
}

TEST(ExportFileTest, WhatWasWrittenIsRead) {
  std::vector<std::string> read;
  EXPECT_EQ(ReadAll(Written(MadeExport()), &read), absl::OkStatus());
  std::vector<std::string> written;
  for (const ExportItem& item : MadeExport()) written.push_back(item.SerializeAsString());
  EXPECT_EQ(read, written);
}

TEST(ExportFileTest, LargeRecordsAreFramed) {
  std::vector<ExportItem> items = MadeExport();
  items[1].mutable_record()->set_record(std::string(3 << 20, 'r'));
  EXPECT_EQ(ReadAll(Written(items)), absl::OkStatus());
}

TEST(ExportFileTest, EveryChangedByteIsNoticed) {
  const std::string whole = Written(MadeExport());
  for (size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_EQ(ReadAll(changed).code(), absl::StatusCode::kDataLoss) << "byte " << i;
  }
}

TEST(ExportFileTest, EveryCutWithinAFrameIsNoticedAndOneBetweenThemEndsIt) {
  const std::string whole = Written(MadeExport());
  size_t clean_cuts = 0;
  for (size_t length = 0; length < whole.size(); ++length) {
    const absl::Status status = ReadAll(whole.substr(0, length));
    if (status.ok()) ++clean_cuts;
    if (!status.ok()) EXPECT_THAT(std::string(status.message()), HasSubstr("ends behind"));
  }
  EXPECT_EQ(clean_cuts, MadeExport().size()) << "the trailer tells of these";
}

TEST(ExportFileTest, DamageIsNamedByWhatStandsBeforeIt) {
  const std::string whole = Written(MadeExport());
  std::vector<ExportItem> before = MadeExport();
  before.resize(10);
  std::string changed = whole;
  changed[Written(before).size() + 20] ^= 1;
  EXPECT_THAT(std::string(ReadAll(changed).message()), HasSubstr("behind partition 1, offset 1 (byte"));
}

TEST(ExportFileTest, AFrameMovedOrRemovedIsNoticed) {
  const std::vector<ExportItem> items = MadeExport();
  std::vector<std::string> frames;
  for (size_t i = 0; i < items.size(); ++i) {
    const std::vector<ExportItem> before(items.begin(), items.begin() + i);
    const std::vector<ExportItem> with(items.begin(), items.begin() + i + 1);
    frames.push_back(Written(with).substr(Written(before).size()));
  }
  for (size_t gone = 0; gone + 1 < frames.size(); ++gone) {
    std::string rest;
    for (size_t i = 0; i < frames.size(); ++i) rest += i == gone ? "" : frames[i];
    EXPECT_THAT(std::string(ReadAll(rest).message()), HasSubstr("was changed, or lacks something")) << gone;
  }
}

TEST(ExportFileTest, AnythingElseIsNoExport) {
  EXPECT_THAT(std::string(ReadAll("{\"service\":\"issuance\"}\n").message()), HasSubstr("behind its beginning"));
}

}  // namespace
}  // namespace mynumber::log_copy
