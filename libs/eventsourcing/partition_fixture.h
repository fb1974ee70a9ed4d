#ifndef MYNUMBER_LIBS_EVENTSOURCING_PARTITION_FIXTURE_H_
#define MYNUMBER_LIBS_EVENTSOURCING_PARTITION_FIXTURE_H_

// A partition of counters over the simulated log and rows, for tests of the loop.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "libs/eventsourcing/counter_service.h"
#include "libs/eventsourcing/made_records.h"
#include "libs/eventsourcing/partition.h"
#include "tests/simulation/plain_vault.h"
#include "tests/simulation/simulated_log.h"
#include "tests/simulation/simulated_rows.h"

namespace mynumber::eventsourcing {

// What a caller was told.
struct Told {
  bool is_finished() const { return status.has_value(); }
  bool is_accepted() const { return is_finished() && status->ok() && prepared; }

  // The last time it was decided on OK.
  bool prepared = false;
  CounterState state;
  Position position;
  bool repeated = false;
  bool already = false;
  std::optional<absl::Status> status;
};

// Rows that count their writes.
class CountingRows : public simulation::SimulatedRows {
 public:
  absl::Status Write(const Changes& changes) override {
    ++writes;
    return SimulatedRows::Write(changes);
  }
  int writes = 0;
};

class PartitionFixture : public testing::Test {
 protected:
  using Service = CounterService;

  struct Ask {
    std::string caller = "caller";
    char hash = 'h';
    bool shares_request = false;
    int64_t deadline_micros = 0;
    bool urgent = false;
  };

  PartitionFixture() {
    options_.partition = 3;
    Restart();
  }

  // The rows stay, as over a restart of the process.
  void Restart() {
    partition_.reset();
    handle_ = log_.Handle();
    partition_ = std::make_unique<Partition<Service>>(
        &service_, handle_.get(), &rows_, &vault_, options_, ownership_, CountingChain,
        [this](uint8_t* out, size_t size) {
          for (size_t i = 0; i < size; ++i) out[i] = static_cast<uint8_t>(dice_.Next());
        },
        [this](const BatchObserved& seen) { observed_.push_back(seen); });
    ASSERT_EQ(partition_->Open(), absl::OkStatus());
  }

  // What can be done before the log tells anything.
  void Step() {
    while (partition_->Step(now_micros_)) {
    }
  }
  // Until nothing is under way and nothing left to do.
  void Run() {
    for (int i = 0; i < 200; ++i) {
      Step();
      log_.Tick();
    }
  }
  void Serve() {
    partition_->Want(true);
    Run();
    ASSERT_EQ(partition_->ownership().phase(), Ownership::Phase::kServing);
  }

  static SubjectId Subject(char letter) { return SubjectId::FromBytes(std::string(16, letter)); }
  static Bytes16 Bytes(char letter) {
    Bytes16 bytes;
    bytes.fill(static_cast<uint8_t>(letter));
    return bytes;
  }

  // Offers a command under the request id `id`; without one it is a current read.
  std::shared_ptr<Told> Offer(char subject, std::optional<Service::Command> command, char id, const Ask& ask) {
    auto told = std::make_shared<Told>();
    Request<Service> request;
    request.subject = Subject(subject);
    request.command = std::move(command);
    auto origin = std::make_shared<Origin>();
    origin->caller = ask.caller;
    origin->clerk_id = "clerk-1";
    origin->method = "method";
    origin->shares_request = ask.shares_request;
    request.origin = std::move(origin);
    request.request_id = Bytes(id);
    request.request_hash = Bytes(ask.hash);
    request.deadline_micros = ask.deadline_micros;
    request.urgent = ask.urgent;
    request.prepare = [told](const Prepared<CounterState>& prepared) {
      told->prepared = true;
      told->state = prepared.state;
      told->position = prepared.position;
      told->repeated = prepared.repeated;
      told->already = prepared.already;
    };
    request.finish = [told](const absl::Status& status) {
      EXPECT_FALSE(told->is_finished()) << "finished twice";
      told->status = status;
    };
    partition_->Offer(std::move(request));
    return told;
  }
  std::shared_ptr<Told> Offer(char subject, std::optional<Service::Command> command, char id) {
    return Offer(subject, std::move(command), id, Ask());
  }
  // Under an id of its own.
  std::shared_ptr<Told> Offer(char subject, std::optional<Service::Command> command) {
    return Offer(subject, std::move(command), next_id_++);
  }
  std::shared_ptr<Told> Read(char subject) { return Offer(subject, std::nullopt); }
  std::shared_ptr<Told> Accept(char subject, Service::Command command) {
    auto told = Offer(subject, std::move(command));
    Run();
    EXPECT_TRUE(told->is_accepted()) << told->status.value_or(absl::UnknownError("not finished"));
    return told;
  }

  eventlog::v1::Record RecordAt(size_t offset) const {
    eventlog::v1::Record record;
    EXPECT_LT(offset, log_.records().size());
    if (offset < log_.records().size()) record.ParseFromString(log_.records()[offset]);
    return record;
  }
  eventlog::v1::Batch LastBatch() const { return RecordAt(log_.records().size() - 1).batch(); }
  // Somebody else writes.
  void Put(const std::string& record) {
    auto other = log_.Handle();
    other->Append({record, {}, {}});
    const size_t before = log_.records().size();
    while (log_.records().size() == before) log_.Tick();
  }
  std::string Row(const std::string& key) const {
    std::string value;
    auto found = rows_.Get(key, &value);
    return found.ok() && *found ? value : "none";
  }
  std::string TotalOf(char subject) const { return Row("t" + std::string(16, subject)); }

  PartitionOptions options_;
  OwnershipOptions ownership_;
  CounterService service_;
  simulation::Dice dice_{11};
  simulation::FaultCounts fired_;
  simulation::SimulatedLog log_{12, &fired_};
  CountingRows rows_;
  simulation::PlainVault vault_{13};
  std::unique_ptr<PartitionLog> handle_;
  std::unique_ptr<Partition<Service>> partition_;
  std::vector<BatchObserved> observed_;
  int64_t now_micros_ = 1'000'000'000;
  char next_id_ = '\x01';
};

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_PARTITION_FIXTURE_H_
