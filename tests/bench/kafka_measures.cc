#include "tests/bench/kafka_measures.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/kafka_log/brokers_for_tests.h"
#include "libs/kafka_log/raw_kafka.h"
#include "tests/bench/single_calls.h"
#include "tests/bench/standalone_under_load.h"

namespace mynumber::bench {
namespace {

using kafka_log::BrokersForTests;
using kafka_log::RawRecord;
using kafka_log::RawTopic;

constexpr uint64_t kWarmUpRows = 200'000;

// A set of brokers and a log on it.
struct KafkaUnderLoad {
  KafkaUnderLoad(const BenchOptions& bench, int broker_count) : options(bench), brokers(broker_count) {}

  std::vector<std::string> Words(const std::string& prefix) const {
    return {"--log=kafka",
            absl::StrCat("--brokers=", brokers.addresses()),
            absl::StrCat("--replication=", brokers.brokers().size()),
            absl::StrCat("--partitions=", options.kafka_partitions),
            absl::StrCat("--topic_prefix=", prefix)};
  }
  RawTopic Topic(const std::string& name) const {
    return {brokers.addresses(), name, static_cast<int32_t>(options.kafka_partitions)};
  }
  // Makes one that the raw producer may fill.
  RawTopic EmptyTopic(const std::string& prefix) const {
    kafka_log::KafkaLogOptions log;
    log.brokers = brokers.addresses();
    log.prefix = prefix;
    const int count = static_cast<int>(brokers.brokers().size());
    const absl::Status status = (*kafka_log::KafkaLog::Open(log))
                                    ->Declare("raw", options.kafka_partitions, kafka_log::RulesForTests(count));
    if (!status.ok()) Give(status.ToString());
    return Topic(prefix + ".raw");
  }
  double CpuSeconds() const {
    double seconds = 0;
    for (const auto& broker : brokers.brokers()) seconds += CpuSecondsOf(broker.pid);
    return seconds;
  }
  // The aims are for one broker: three share the machine with everything else.
  std::string Judged(const std::string& aim) const { return brokers.brokers().size() == 1 ? aim : ""; }
  std::string Suffix() const { return brokers.brokers().size() == 1 ? ".kafka" : ".kafka3"; }

  const BenchOptions& options;
  BrokersForTests brokers;
};

// Sends the same records once more, as fast as librdkafka takes them.
double SendRaw(const RawTopic& topic, const std::vector<RawRecord>& records) {
  kafka_log::RawProducer producer(topic);
  const auto start = Clock::now();
  for (const RawRecord& record : records) producer.Send(record, nullptr);
  producer.Flush();
  return Since(start);
}

// A broker that was started a moment ago is slow: its code is compiled while it runs.
void WarmUp(const KafkaUnderLoad& kafka) {
  const std::string data = kafka.options.folder + "/warm-up";
  {
    StandaloneUnderLoad cluster(kafka.options, data, kafka.Words("warm-up"));
    Load(0, kWarmUpRows, &cluster);
  }
  std::filesystem::remove_all(data);
}

// What librdkafka needs alone for the records of a load, for each resident or in residents a second.
struct RawFigures {
  double sent_per_second = 0;
  double read_per_second = 0;
  double client_cpu_micros = 0;
  double broker_cpu_micros = 0;
};

RawFigures MeasureRaw(const KafkaUnderLoad& kafka, const std::string& prefix) {
  const double rows = static_cast<double>(kafka.options.bulk_rows);
  RawFigures raw;
  const auto start = Clock::now();
  std::vector<RawRecord> records = ReadAll(kafka.Topic(prefix + ".issuance"));
  const std::vector<RawRecord> keys = ReadAll(kafka.Topic(prefix + ".keys"));
  raw.read_per_second = rows / Since(start);
  records.insert(records.end(), keys.begin(), keys.end());
  const RawTopic topic = kafka.EmptyTopic("raw-" + prefix);
  const double before = kafka.CpuSeconds(), own_before = OwnCpuSeconds();
  raw.sent_per_second = rows / SendRaw(topic, records);
  raw.broker_cpu_micros = (kafka.CpuSeconds() - before) / rows * 1e6;
  raw.client_cpu_micros = (OwnCpuSeconds() - own_before) / rows * 1e6;
  return raw;
}

void MeasureRebuild(KafkaUnderLoad* kafka, const std::string& data, const RawFigures& raw, Report* report) {
  std::filesystem::remove_all(data + "/issuance");
  const double rows = static_cast<double>(kafka->options.bulk_rows), before = kafka->CpuSeconds();
  StandaloneUnderLoad cluster(kafka->options, data, kafka->Words("bulk"));
  const double events = rows / cluster.ready_seconds, broker_cpu = kafka->CpuSeconds() - before;
  const std::string name = "engine.rebuild" + kafka->Suffix();
  report->Add({name, events, "events/s", "raw consumer, the same records", raw.read_per_second,
               kafka->Judged(">= 300,000/s"), events >= 300'000});
  report->Add({name + ".cpu.service", cluster.process.CpuSeconds() / rows * 1e6, "us/event", "", 0, "", true});
  report->Add({name + ".cpu.broker", broker_cpu / rows * 1e6, "us/event", "", 0, "", true});
}

void MeasureBulk(KafkaUnderLoad* kafka, Report* report) {
  const BenchOptions& options = kafka->options;
  const std::string data = options.folder + "/bulk" + kafka->Suffix(), name = "issuance.bulk" + kafka->Suffix();
  LoadFigures load;
  double broker_cpu = 0;
  {
    StandaloneUnderLoad cluster(options, data, kafka->Words("bulk"));
    const double before = kafka->CpuSeconds();
    load = Load(0, options.bulk_rows, &cluster);
    broker_cpu = (kafka->CpuSeconds() - before) / static_cast<double>(options.bulk_rows) * 1e6;
  }
  const RawFigures raw = MeasureRaw(*kafka, "bulk");
  report->Add({name, load.residents_per_second, "residents/s", "raw producer, the same records", raw.sent_per_second,
               kafka->Judged(">= 100,000/s"), load.residents_per_second >= 100'000});
  report->Add({name + ".cpu.service", load.service_cpu_micros, "us/resident", "raw producer", raw.client_cpu_micros,
               "", true});
  report->Add({name + ".cpu.client", load.client_cpu_micros, "us/resident", "", 0, "", true});
  report->Add({name + ".cpu.broker", broker_cpu, "us/resident", "of the raw producer", raw.broker_cpu_micros, "",
               true});
  MeasureRebuild(kafka, data, raw, report);
}

// A caller that sends a record of so many bytes and waits until it is acknowledged.
StartCall SendOne(kafka_log::RawProducer* producer, size_t bytes, uint32_t partitions) {
  return [=](uint64_t index, std::function<void(bool)> done) {
    producer->Send({static_cast<int32_t>(index % partitions), bytes}, std::move(done));
  };
}

// Of a record with one registration, in a log that one caller wrote.
size_t BytesOfOne(std::vector<RawRecord> records) {
  const auto middle = records.begin() + static_cast<std::ptrdiff_t>(records.size() / 2);
  std::nth_element(records.begin(), middle, records.end(),
                   [](const RawRecord& a, const RawRecord& b) { return a.bytes < b.bytes; });
  return middle->bytes;
}

void MeasureSingle(KafkaUnderLoad* kafka, Report* report) {
  const BenchOptions& options = kafka->options;
  const std::string suffix = kafka->Suffix();
  StandaloneUnderLoad cluster(options, options.folder + "/calls" + suffix, kafka->Words("calls"));
  const RawTopic topic = kafka->EmptyTopic("raw-calls");
  kafka_log::RawProducer producer(topic);
  size_t bytes = 0;
  MeasureSingleCalls(options, &cluster, suffix, report, [&](int callers, const CallFigures& ours) {
    if (callers == 1) bytes = BytesOfOne(ReadAll(kafka->Topic("calls.issuance")));
    const CallFigures raw =
        ClosedLoop(callers, options.call_seconds, SendOne(&producer, bytes, options.kafka_partitions));
    const std::string name = absl::StrCat("issuance.single.", callers, suffix, ".raw");
    report->Add({name, ours.calls_per_second, "calls/s", "raw appends of one such record", raw.calls_per_second, "",
                 true});
    report->Add({name + ".p50", ours.p50_millis, "ms", "raw append p50", raw.p50_millis, "", true});
    report->Add({name + ".p99", ours.p99_millis, "ms", "raw append p99", raw.p99_millis, "", true});
  });
  producer.Flush();
}

}  // namespace

void MeasureKafka(const BenchOptions& options, int broker_count, Report* report) {
  KafkaUnderLoad kafka(options, broker_count);
  WarmUp(kafka);
  MeasureBulk(&kafka, report);
  MeasureSingle(&kafka, report);
}

}  // namespace mynumber::bench
