#include "tests/bench/measures.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/certificates/made_certificates.h"
#include "libs/projection/rocks_rows.h"
#include "tests/bench/single_calls.h"
#include "tests/bench/standalone_under_load.h"

namespace mynumber::bench {
namespace {

constexpr int kPartitions = 4;

using Pairs = std::vector<std::pair<std::string, std::string>>;

// All rows of one partition, as the load left them.
Pairs ReadRows(const std::string& folder, projection::SharedMemory* memory) {
  auto rows = projection::RocksRows::Open(folder, memory, int64_t{1} << 60);
  if (!rows.ok()) Give(rows.status().ToString());
  Pairs all;
  (void)(*rows)->Scan("", "", [&](std::string_view key, std::string_view value) {
    all.emplace_back(key, value);
    return true;
  });
  return all;
}

// Puts the same rows into empty databases of the same make, as many threads as the server has, in an order that no
// longer is the keys'.
double PutRowsBare(const BenchOptions& options, const std::string& data) {
  projection::SharedMemory memory{projection::MemoryOptions{}};
  std::vector<Pairs> partitions;
  for (int p = 0; p < kPartitions; ++p) partitions.push_back(ReadRows(absl::StrCat(data, "/issuance/", p), &memory));
  for (Pairs& rows : partitions) {
    for (size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[i * 2654435761u % i]);
  }
  std::vector<std::unique_ptr<projection::RocksRows>> bare;
  for (int p = 0; p < kPartitions; ++p) {
    bare.push_back(*projection::RocksRows::Open(absl::StrCat(options.folder, "/bare/", p), &memory, int64_t{1} << 60));
  }
  const auto start = Clock::now();
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&, t] {
      for (int p = t; p < kPartitions; p += 2) {
        const Pairs& rows = partitions[static_cast<size_t>(p)];
        eventsourcing::Changes changes;
        for (size_t i = 0; i < rows.size(); ++i) {
          changes.Put(rows[i].first, rows[i].second);
          if (changes.size() < 5000 && i + 1 < rows.size()) continue;
          if (!bare[static_cast<size_t>(p)]->Write(changes).ok()) Give("bare puts failed");
          changes.clear();
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return static_cast<double>(options.bulk_rows) / Since(start);
}

}  // namespace

void MeasureBulkAndRebuild(const BenchOptions& options, Report* report) {
  const std::string data = options.folder + "/bulk";
  LoadFigures load;
  {
    StandaloneUnderLoad cluster(options, data);
    load = Load(0, options.bulk_rows, &cluster);
  }
  const double bare = PutRowsBare(options, data);
  std::filesystem::remove_all(options.folder + "/bare");
  report->Add({"issuance.bulk.embedded", load.residents_per_second, "residents/s", "bare puts of the same rows", bare,
               ">= 100,000/s", load.residents_per_second >= 100'000});
  report->Add({"issuance.bulk.cpu.service", load.service_cpu_micros, "us/resident", "", 0, "", true});
  report->Add({"issuance.bulk.cpu.client", load.client_cpu_micros, "us/resident", "", 0, "", true});
  std::filesystem::remove_all(data + "/issuance");
  StandaloneUnderLoad cluster(options, data);
  const double rows = static_cast<double>(options.bulk_rows);
  const double events = rows / cluster.ready_seconds;
  report->Add(
      {"engine.rebuild", events, "events/s", "bare puts of the same rows", bare, ">= 300,000/s", events >= 300'000});
  report->Add({"engine.rebuild.cpu", cluster.process.CpuSeconds() / rows * 1e6, "us/event", "", 0, "", true});
}

// The same load with sealing and mutual TLS, in plain text, and in plain text without sealing, one after the other.
void MeasureTls(const BenchOptions& options, Report* report) {
  const std::string certificates = options.folder + "/certificates";
  const certificates::MadeAuthority authority;
  authority.WriteNew(certificates + "/service/standalone", {{"spiffe://mynumber/service/standalone"}, true});
  authority.WriteNew(certificates + "/municipality/131016", {{"spiffe://mynumber/municipality/131016"}});
  const auto measure = [&](const std::string& with, const std::string& preload = "") {
    StandaloneUnderLoad cluster(options, options.folder + "/tls", {}, with, preload);
    const LoadFigures load = Load(0, options.bulk_rows, &cluster);
    std::filesystem::remove_all(options.folder + "/tls");
    return load;
  };
  const LoadFigures plain = measure("");
  const LoadFigures tls = measure(certificates);
  const LoadFigures bare = measure("", options.plain_sealing_shim);
  report->Add({"issuance.bulk.tls", tls.residents_per_second, "residents/s", "the same in plain text",
               plain.residents_per_second, ">= 0.75", tls.residents_per_second >= 0.75 * plain.residents_per_second});
  report->Add({"issuance.bulk.tls.cpu.service", tls.service_cpu_micros, "us/resident", "the same in plain text",
               plain.service_cpu_micros, "", true});
  report->Add({"issuance.bulk.sealed.tls", tls.residents_per_second, "residents/s", "in plain text, unsealed",
               bare.residents_per_second, ">= 0.75", tls.residents_per_second >= 0.75 * bare.residents_per_second});
  report->Add({"issuance.bulk.sealed.tls.cpu.service", tls.service_cpu_micros, "us/resident", "in plain text, unsealed",
               bare.service_cpu_micros, "", true});
}

void MeasureMemory(const BenchOptions& options, Report* report) {
  constexpr uint64_t kParts = 5;
  // Block cache and write buffers of the rows, memtables of the log; the same again for everything in between.
  constexpr double kMebibytesMax = 2 * (256 + 192);
  StandaloneUnderLoad cluster(options, options.folder + "/memory");
  const uint64_t part = options.memory_rows / kParts;
  double after_two = 0;
  for (uint64_t i = 0; i < kParts; ++i) {
    const LoadFigures load = Load(i * part, part, &cluster);
    const double mebibytes = cluster.process.ResidentMebibytes();
    std::fprintf(stderr, "  %llu residents: %.0f MiB, %.0f residents/s\n",
                 static_cast<unsigned long long>((i + 1) * part), mebibytes, load.residents_per_second);
    if (i == 1) after_two = mebibytes;
  }
  const double last = cluster.process.ResidentMebibytes();
  report->Add({"issuance.bulk.memory", last, "MiB", "the same after two fifths", after_two,
               "<= 896 MiB (twice its caches)", last <= kMebibytesMax});
  std::filesystem::remove_all(options.folder + "/memory");
}

void MeasureCalls(const BenchOptions& options, Report* report) {
  StandaloneUnderLoad cluster(options, options.folder + "/calls");
  MeasureSingleCalls(options, &cluster, "", report, [](int, const CallFigures&) {});
}

}  // namespace mynumber::bench
