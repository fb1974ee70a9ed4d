// What operators and auditors ask: where partitions stand, the log as it is, and whether the rows are what the log
// says.

#include <atomic>
#include <filesystem>
#include <set>
#include <thread>

#include "absl/strings/escaping.h"

#include "libs/eventsourcing/sealed_rows.h"
#include "libs/sealing/running_hash.h"
#include "tests/stories/story.h"

namespace mynumber::stories {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using operations::v1::ExportLogRequest;
using operations::v1::ExportLogResponse;
using operations::v1::PartitionStatus;
using operations::v1::VerifyReport;

class OperationsStory : public Story {
 protected:
  std::vector<PartitionStatus> Partitions() {
    const auto status = client_.Call(operations::v1::GetStatusRequest()).value();
    return {status.partitions().begin(), status.partitions().end()};
  }
  std::vector<ExportLogResponse> Exported(uint32_t partition, int64_t from = 0) {
    ExportLogRequest request;
    request.set_service("issuance");
    request.set_partition(partition);
    request.set_from_offset(from);
    return client_.Call(request).value();
  }
  // A partition's status once it tells of everything in the log, which it does a moment after the answers.
  PartitionStatus Settled(uint32_t partition) {
    for (;;) {
      const PartitionStatus status = Partitions().at(partition);
      if (status.offset() + 1 == static_cast<int64_t>(Exported(partition).size())) return status;
    }
  }
  VerifyReport Report() { return client_.Verify().value(); }
};

TEST_F(OperationsStory, EveryPartitionIsListedWithWhereItStands) {
  const v1::Resident resident = Registered(Somebody());
  const uint32_t home = PartitionOf(resident.position());
  const uint64_t before = Settled(home).sequence();
  ASSERT_THAT(client_.Call(city_.Move({resident.name()})), IsOk());
  EXPECT_EQ(Settled(home).sequence(), before + 1);
  const std::vector<PartitionStatus> partitions = Partitions();
  ASSERT_EQ(partitions.size(), 4);
  for (uint32_t p = 0; p < 4; ++p) {
    EXPECT_EQ(partitions[p].service(), "issuance");
    EXPECT_EQ(partitions[p].partition(), p);
    EXPECT_EQ(partitions[p].phase(), "serving");
    EXPECT_EQ(partitions[p].stopped(), "");
    EXPECT_EQ(partitions[p].target_offset(), -1);
    EXPECT_EQ(partitions[p].claims(), 1);
    EXPECT_EQ(partitions[p].void_records(), 0);
    EXPECT_EQ(partitions[p].running_hash().size(), 32);
  }
}

TEST_F(OperationsStory, AnExportIsTheLogByteForByte) {
  for (int i = 0; i < 20; ++i) Registered(Somebody());
  for (uint32_t p = 0; p < 4; ++p) {
    const PartitionStatus partition = Settled(p);
    sealing::Digest hash{};
    int64_t offset = 0;
    size_t keys = 0;
    std::set<std::string> subjects;
    const std::vector<ExportLogResponse> log = Exported(p);
    for (const ExportLogResponse& entry : log) {
      EXPECT_EQ(entry.offset(), offset++);
      EXPECT_EQ(entry.end_offset(), static_cast<int64_t>(log.size()));
      hash = sealing::Chain(hash, entry.record());
      keys += static_cast<size_t>(entry.key_block().keys_size());
      eventlog::v1::Record record;
      ASSERT_TRUE(record.ParseFromString(entry.record()));
      for (const auto& command : record.batch().commands()) {
        for (const auto& event : command.events()) subjects.insert(event.subject());
      }
    }
    EXPECT_EQ(offset, partition.offset() + 1);
    EXPECT_EQ(std::string(hash.begin(), hash.end()), partition.running_hash());
    EXPECT_EQ(keys, subjects.size()) << "a data key for each resident";
  }
}

TEST_F(OperationsStory, AnExportGoesOnFromAnOffset) {
  const std::vector<ExportLogResponse> all = Exported(0);
  ASSERT_GT(all.size(), 1);
  const std::vector<ExportLogResponse> rest = Exported(0, 1);
  ASSERT_EQ(rest.size(), all.size() - 1);
  EXPECT_EQ(rest[0].SerializeAsString(), all[1].SerializeAsString());
  EXPECT_TRUE(Exported(0, static_cast<int64_t>(all.size()) + 5).empty());
}

TEST_F(OperationsStory, WhatDoesNotExistIsRefusedByName) {
  ExportLogRequest request;
  request.set_service("card");
  const auto unknown = IsRefused(StatusCode::kNotFound, "SERVICE_UNKNOWN");
  EXPECT_THAT(client_.Call(request), unknown);
  operations::v1::VerifyRequest verify;
  verify.set_service("card");
  EXPECT_THAT(client_.Call(verify), unknown);
  request.set_service("issuance");
  request.set_partition(4);
  const auto partition = client_.Call(request);
  ASSERT_THAT(partition, IsRefused(StatusCode::kInvalidArgument, "PARTITION_UNKNOWN"));
  EXPECT_EQ(ProblemOf(partition.status()).domain, "operations.mynumber");
  request.set_partition(0);
  request.set_from_offset(-1);
  EXPECT_THAT(client_.Call(request), IsRefused(StatusCode::kInvalidArgument, "PARTITION_UNKNOWN"));
}

// ---- Verify. A cluster of its own: its rows are spoiled.

class VerifyStory : public OperationsStory {
 protected:
  // Spoils a row of `resident`'s partition on the disk, and has the cluster verify itself.
  VerifyReport AfterSpoiling(const v1::Resident& resident, const std::function<void(projection::RocksRows*)>& spoil) {
    Restart([&] { cluster_->EditRows(PartitionOf(resident.position()), spoil); });
    return Report();
  }
  static std::string IdOf(const v1::Resident& resident) {
    return resident.name().substr(std::string("residents/").size());
  }
  // The row's key and value, by table and the resident's id in it.
  static std::pair<std::string, std::string> RowOf(projection::RocksRows* rows, char table,
                                                   const v1::Resident& resident) {
    const std::string id = absl::HexStringToBytes(IdOf(resident));
    std::pair<std::string, std::string> row;
    EXPECT_THAT(rows->Scan(std::string(1, table), {}, [&](std::string_view key, std::string_view value) {
      if (key.find(id) == key.npos) return true;
      row = {std::string(key), std::string(value)};
      return false;
    }), IsOk());
    EXPECT_NE(row.first, "");
    return row;
  }
};

TEST_F(VerifyStory, OfAWholeLifeIsCleanAndCounts) {
  const VerifyReport before = Report();
  EXPECT_TRUE(before.clean());
  const Person person = Somebody();
  const v1::Resident resident = Registered(person);
  ASSERT_THAT(client_.Call(city_.Move({resident.name()})), IsOk());
  ASSERT_THAT(client_.Call(sapporo_.Replacement(resident.name())), IsOk());
  ASSERT_THAT(client_.Call(sapporo_.CodeChange(resident.name(), Somebody().record_code)), IsOk());
  ASSERT_THAT(client_.Call(sapporo_.Departure(resident.name())), IsOk());
  const std::string mistake = Registered(Somebody()).name();
  ASSERT_THAT(client_.Call(city_.Voiding(mistake)), IsOk());

  operations::v1::VerifyRequest request;
  request.set_service("issuance");
  const auto steps = client_.Call(request);
  ASSERT_THAT(steps, IsOk());
  ASSERT_GT(steps->size(), 4) << "progress of every partition, then the report";
  for (size_t i = 0; i + 1 < steps->size(); ++i) {
    EXPECT_LE(steps->at(i).progress().offset(), steps->at(i).progress().end_offset());
  }
  const VerifyReport report = steps->back().report();
  EXPECT_TRUE(report.clean()) << report.DebugString();
  EXPECT_EQ(report.residents(), before.residents() + 2);
  EXPECT_EQ(report.numbers(), before.numbers() + 3) << "the former one included";
  EXPECT_EQ(report.duplicate_numbers(), 0);
  EXPECT_EQ(report.bad_check_digits(), 0);
  EXPECT_EQ(report.partitions_size(), 4);
  uint64_t rows = 0;
  for (const auto& partition : report.partitions()) {
    const PartitionStatus status = Settled(partition.partition());
    EXPECT_EQ(partition.sequence(), status.sequence());
    EXPECT_EQ(partition.running_hash(), status.running_hash());
    rows += partition.rows();
  }
  EXPECT_GT(rows, 10);
}

TEST_F(VerifyStory, FindsAStateThatWasChanged) {
  const v1::Resident resident = Registered(Somebody());
  const VerifyReport report = AfterSpoiling(resident, [&](projection::RocksRows* rows) {
    auto [key, value] = RowOf(rows, eventsourcing::kStateTable, resident);
    value.back() = static_cast<char>(value.back() ^ 1);
    ASSERT_THAT(rows->Write({{key, value}}), IsOk());
  });
  EXPECT_FALSE(report.clean());
  const auto& partition = report.partitions(static_cast<int>(PartitionOf(resident.position())));
  EXPECT_EQ(partition.rows_that_differ(), 1);
  EXPECT_THAT(partition.differences(), ElementsAre("a " + IdOf(resident)));
  ASSERT_EQ(report.problems_size(), 1);
  EXPECT_THAT(report.problems(0), HasSubstr("1 rows differ from the fold of the log"));
  // And nobody is told a wrong thing meanwhile.
  const auto seen = client_.Call(city_.Look(resident.name()));
  EXPECT_FALSE(seen.ok());
  EXPECT_THAT(std::string(seen.status().message()), Not(HasSubstr("見本")));

  Restart([&] { std::filesystem::remove_all(cluster_->RowsFolder(PartitionOf(resident.position()))); });
  EXPECT_TRUE(Report().clean()) << "as the report says: delete the rows, and they are folded afresh";
  EXPECT_EQ(Seen(resident.name()).version(), 1);
}

TEST_F(VerifyStory, FindsAStateThatWasExchangedForAnOlderOne) {
  const v1::Resident resident = Registered(Somebody());
  std::string older;
  Restart([&] {
    cluster_->EditRows(PartitionOf(resident.position()), [&](projection::RocksRows* rows) {
      older = RowOf(rows, eventsourcing::kStateTable, resident).second;
    });
  });
  ASSERT_THAT(client_.Call(city_.Move({resident.name()})), IsOk());
  const VerifyReport report = AfterSpoiling(resident, [&](projection::RocksRows* rows) {
    ASSERT_THAT(rows->Write({{RowOf(rows, eventsourcing::kStateTable, resident).first, older}}), IsOk());
  });
  EXPECT_FALSE(report.clean()) << "well sealed, and yet not what the log says";
  Restart([&] { std::filesystem::remove_all(cluster_->RowsFolder(PartitionOf(resident.position()))); });
}

TEST_F(VerifyStory, FindsIndexRowsThatAreMissingOrTooMany) {
  const v1::Resident resident = Registered(Somebody());
  const uint32_t home = PartitionOf(resident.position());
  const VerifyReport report = AfterSpoiling(resident, [&](projection::RocksRows* rows) {
    const auto [key, value] = RowOf(rows, 'm', resident);
    std::string other = key;
    other.replace(1, 6, kOsaka);
    ASSERT_THAT(rows->Write({{key, std::nullopt}, {other, value}}), IsOk());
  });
  EXPECT_FALSE(report.clean());
  EXPECT_EQ(report.partitions(static_cast<int>(home)).rows_that_differ(), 2);
  Restart([&] { std::filesystem::remove_all(cluster_->RowsFolder(home)); });
}

TEST_F(VerifyStory, FindsADigestThatDoesNotAddUp) {
  const v1::Resident resident = Registered(Somebody());
  const uint32_t home = PartitionOf(resident.position());
  const VerifyReport report = AfterSpoiling(resident, [&](projection::RocksRows* rows) {
    std::string value;
    const std::string key = std::string("g") + kChiyoda;
    ASSERT_TRUE(rows->Get(key, &value).value());
    value.back() = static_cast<char>(value.back() + 1);
    ASSERT_THAT(rows->Write({{key, value}}), IsOk());
  });
  EXPECT_FALSE(report.clean());
  EXPECT_EQ(report.partitions(static_cast<int>(home)).rows_that_differ(), 1);
  Restart([&] { std::filesystem::remove_all(cluster_->RowsFolder(home)); });
}

TEST_F(VerifyStory, MayRunWhileResidentsAreRegistered) {
  std::atomic<bool> done{false};
  std::thread registrar([&, client = cluster_->NewClient()] {
    for (int64_t n = 700'000; !done; ++n) ASSERT_THAT(client.Call(city_.Registration(MadeUp(n))), IsOk());
  });
  for (int i = 0; i < 5; ++i) {
    const VerifyReport report = Report();
    EXPECT_TRUE(report.clean()) << report.DebugString();
  }
  done = true;
  registrar.join();
}

}  // namespace
}  // namespace mynumber::stories
