#include "tests/bench/measures.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/projection/rocks_rows.h"
#include "libs/rpc/channel.h"
#include "mynumber/testing/v1/echo.grpc.pb.h"
#include "services/mynumberctl/bulk_register.h"
#include "tests/bench/callers.h"
#include "tests/bench/child_process.h"
#include "tests/bench/made_up_residents.h"

namespace mynumber::bench {
namespace {

namespace v1 = issuance::v1;
using Clock = std::chrono::steady_clock;

constexpr int kPartitions = 4;

double Since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

[[noreturn]] void Give(const std::string& why) {
  std::fprintf(stderr, "bench: %s\n", why.c_str());
  std::exit(1);
}

// The server under measurement on a data folder.
struct Cluster {
  Cluster(const BenchOptions& options, const std::string& data)
      : port(FreePort()),
        admin(FreePort()),
        process({options.standalone, "--data", data, "--listen", absl::StrCat("127.0.0.1:", port), "--admin",
                 absl::StrCat("127.0.0.1:", admin), "--log_level", "warn"},
                options.folder + "/standalone.log") {
    ready_seconds = AwaitReady(admin, 600);
  }
  std::string target() const { return absl::StrCat("127.0.0.1:", port); }

  int port;
  int admin;
  ChildProcess process;
  double ready_seconds = 0;
};

struct LoadFigures {
  double residents_per_second = 0;
  double service_cpu_micros = 0;
  double client_cpu_micros = 0;
};

// Registers residents [first, first + count) through the stream.
LoadFigures Load(uint64_t first, uint64_t count, Cluster* cluster) {
  auto stub = v1::IssuanceService::NewStub(rpc::MakeChannel(cluster->target()));
  mynumberctl::BulkOptions bulk;
  bulk.actor.set_authority("municipality/131016");
  bulk.actor.set_clerk_id("bench");
  mynumberctl::BulkTotals totals;
  uint64_t next = first;
  const double server_before = cluster->process.CpuSeconds(), client_before = OwnCpuSeconds();
  const auto start = Clock::now();
  const absl::Status status = mynumberctl::BulkRegister(
      *stub, bulk,
      [&](v1::RegisterResidentRequest* row, uint64_t* line) {
        if (next == first + count) return false;
        MakeUpResident(next, row);
        *line = ++next;
        return true;
      },
      [](const mynumberctl::BulkAnswer&) {}, &totals);
  const double seconds = Since(start);
  if (!status.ok() || totals.registered != count) {
    Give(absl::StrCat("the load failed: ", totals.registered, " of ", count, " rows; ", status.ToString()));
  }
  const double rows = static_cast<double>(count);
  return {rows / seconds, (cluster->process.CpuSeconds() - server_before) / rows * 1e6,
          (OwnCpuSeconds() - client_before) / rows * 1e6};
}

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

v1::RegisterResidentRequest SingleRequest(uint64_t index) {
  v1::RegisterResidentRequest request;
  MakeUpResident(index, &request);
  request.mutable_actor()->set_authority("municipality/131016");
  request.mutable_actor()->set_clerk_id("bench");
  return request;
}

// One unary call with what it needs to live until it is answered.
template <class Request, class Response>
struct Pending {
  grpc::ClientContext context;
  Request request;
  Response response;
};

std::unique_ptr<testing::v1::EchoService::Stub> EchoStub(int port) {
  return testing::v1::EchoService::NewStub(rpc::MakeChannel(absl::StrCat("127.0.0.1:", port)));
}

StartCall Echo(testing::v1::EchoService::Stub* stub) {
  return [stub](uint64_t index, std::function<void(bool)> done) {
    auto* call = new Pending<testing::v1::EchoRequest, testing::v1::EchoResponse>;
    // As many bytes as a registration has.
    static const std::string* const kPayload = new std::string(SingleRequest(0).SerializeAsString());
    call->request.set_payload(*kPayload);
    stub->async()->Echo(&call->context, &call->request, &call->response, [call, done](const grpc::Status& status) {
      const bool ok = status.ok();
      delete call;
      done(ok);
    });
  };
}

StartCall Register(v1::IssuanceService::Stub* stub, std::atomic<uint64_t>* next) {
  return [stub, next](uint64_t, std::function<void(bool)> done) {
    auto* call = new Pending<v1::RegisterResidentRequest, v1::Resident>;
    call->request = SingleRequest(next->fetch_add(1));
    stub->async()->RegisterResident(&call->context, &call->request, &call->response,
                                    [call, done](const grpc::Status& status) {
                                      const bool ok = status.ok();
                                      delete call;
                                      done(ok);
                                    });
  };
}

void AddCalls(const std::string& name, const CallFigures& ours, const CallFigures& empty, bool is_judged,
              Report* report) {
  if (ours.failed > 0) Give(absl::StrCat(name, ": ", ours.failed, " calls failed"));
  report->Add({name, ours.calls_per_second, "calls/s", "empty call", empty.calls_per_second,
               is_judged ? ">= 45 % of the empty call" : "", ours.calls_per_second >= 0.45 * empty.calls_per_second});
  report->Add({name + ".p50", ours.p50_millis, "ms", "empty call p50", empty.p50_millis, "", true});
  report->Add({name + ".p99", ours.p99_millis, "ms", "empty call p99", empty.p99_millis,
               is_judged ? "<= 3 x that of the empty call" : "", ours.p99_millis <= 3 * empty.p99_millis});
}

}  // namespace

void MeasureBulkAndRebuild(const BenchOptions& options, Report* report) {
  const std::string data = options.folder + "/bulk";
  LoadFigures load;
  {
    Cluster cluster(options, data);
    load = Load(0, options.bulk_rows, &cluster);
  }
  const double bare = PutRowsBare(options, data);
  std::filesystem::remove_all(options.folder + "/bare");
  report->Add({"issuance.bulk.embedded", load.residents_per_second, "residents/s", "bare puts of the same rows", bare,
               ">= 100,000/s", load.residents_per_second >= 100'000});
  report->Add({"issuance.bulk.cpu.service", load.service_cpu_micros, "us/resident", "", 0, "", true});
  report->Add({"issuance.bulk.cpu.client", load.client_cpu_micros, "us/resident", "", 0, "", true});
  std::filesystem::remove_all(data + "/issuance");
  Cluster cluster(options, data);
  const double rows = static_cast<double>(options.bulk_rows);
  const double events = rows / cluster.ready_seconds;
  report->Add(
      {"engine.rebuild", events, "events/s", "bare puts of the same rows", bare, ">= 300,000/s", events >= 300'000});
  report->Add({"engine.rebuild.cpu", cluster.process.CpuSeconds() / rows * 1e6, "us/event", "", 0, "", true});
}

void MeasureMemory(const BenchOptions& options, Report* report) {
  constexpr uint64_t kParts = 5;
  // Block cache and write buffers of the rows, memtables of the log; the same again for everything in between.
  constexpr double kMebibytesMax = 2 * (256 + 192);
  Cluster cluster(options, options.folder + "/memory");
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
  const int echo_port = FreePort();
  Cluster cluster(options, options.folder + "/calls");
  ChildProcess echo({options.echo, absl::StrCat(echo_port)}, options.folder + "/echo.log");
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  auto echo_stub = EchoStub(echo_port);
  auto stub = v1::IssuanceService::NewStub(rpc::MakeChannel(cluster.target()));
  std::atomic<uint64_t> next{0};
  double most = 0;
  for (int callers : {1, 8, 64}) {
    const double echo_before = echo.CpuSeconds();
    const CallFigures empty = ClosedLoop(callers, options.call_seconds, Echo(echo_stub.get()));
    const double echo_cpu = echo.CpuSeconds() - echo_before, service_before = cluster.process.CpuSeconds();
    const CallFigures ours = ClosedLoop(callers, options.call_seconds, Register(stub.get(), &next));
    const double service_cpu = cluster.process.CpuSeconds() - service_before;
    const std::string name = absl::StrCat("issuance.single.", callers);
    AddCalls(name, ours, empty, callers == 64, report);
    // The measured time and the warm-up before it, a tenth.
    const double micros = 1e6 / (1.1 * options.call_seconds);
    report->Add({name + ".cpu.service", service_cpu * micros / ours.calls_per_second, "us/call", "empty call's server",
                 echo_cpu * micros / empty.calls_per_second, "", true});
    most = ours.calls_per_second;
  }
  const CallFigures third = OpenLoop(most / 3, options.call_seconds, Register(stub.get(), &next));
  report->Add({"issuance.single.third.p50", third.p50_millis, "ms", "", 0, "<= 2 ms at a third of the load",
               third.p50_millis <= 2});
  report->Add({"issuance.single.third.p99", third.p99_millis, "ms", "", 0, "", true});
}

}  // namespace mynumber::bench
