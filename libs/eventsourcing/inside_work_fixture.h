#ifndef MYNUMBER_LIBS_EVENTSOURCING_INSIDE_WORK_FIXTURE_H_
#define MYNUMBER_LIBS_EVENTSOURCING_INSIDE_WORK_FIXTURE_H_

// A second partition of counters that reacts to the fixture's own, for tests of what nobody asked for.

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gtest/gtest.h"
#include "libs/eventsourcing/partition_fixture.h"

namespace mynumber::eventsourcing {

// Counts what the counters of another service count, and pays a bonus of 100 five seconds after a note "bonus"; after a
// note "nothing" it opens the counter once more, which is nothing.
struct MirrorService : CounterService {
  bool ReactsTo(std::string_view, std::string_view type) const { return type != "noted"; }
  bool knows_opened = true;
  absl::StatusOr<std::vector<Reaction<Command>>> React(const ForeignEvent& foreign) const {
    CounterEvent event;
    if (!event.ParseFromString(std::string(foreign.payload))) return absl::DataLossError("no event");
    if (event.type == "mystery") return absl::DataLossError("a mystery");
    if (event.type == "erased") return std::vector<Reaction<Command>>{{foreign.subject, Erase{}}};
    if (event.type == "opened" && !knows_opened) return std::vector<Reaction<Command>>{};
    if (event.type == "opened") return std::vector<Reaction<Command>>{{foreign.subject, Open{event.amount}}};
    return std::vector<Reaction<Command>>{{foreign.subject, Add{event.amount}}};
  }
  Command WhenDue(const Deadline& deadline) const {
    return deadline.what == 'b' ? Command(Add{100}) : Command(Open{});
  }
  void Project(const State& before, const State& after, const Event& event, const EventMeta& meta,
               std::vector<RowChange>* changes) const {
    CounterService::Project(before, after, event, meta, changes);
    if (event.type != "noted") return;
    const Deadline deadline{meta.time_micros + 5'000'000, meta.subject, event.note[0]};
    changes->push_back({RowChange::Kind::kPut, DeadlineKey(deadline)});
  }
};

// `partition_` of the fixture is the other service; its commands are met by the mirror.
class InsideWorkFixture : public PartitionFixture {
 protected:
  InsideWorkFixture() { RestartMirror(); }

  void RestartMirror() {
    mirror_.reset();
    mirror_handle_ = mirror_log_.Handle();
    foreign_ = log_.Handle();
    mirror_ = std::make_unique<Partition<MirrorService>>(
        &mirror_service_, mirror_handle_.get(), &mirror_rows_, &vault_, options_, ownership_, CountingChain,
        [this](uint8_t* out, size_t size) {
          for (size_t i = 0; i < size; ++i) out[i] = static_cast<uint8_t>(dice_.Next());
        },
        [this](const BatchObserved& seen) { seen_.push_back(seen); });
    mirror_->ReactTo("counters", foreign_.get());
    ASSERT_EQ(mirror_->Open(), absl::OkStatus());
    mirror_->Want(true);
  }
  void RunMirror() {
    for (int i = 0; i < 200; ++i) {
      while (mirror_->Step(now_micros_)) {
      }
      mirror_log_.Tick();
    }
  }
  void Pass(int64_t micros) {
    now_micros_ += micros;
    RunMirror();
  }

  void OfferToMirror(char subject, MirrorService::Command command, bool urgent = false) {
    Request<MirrorService> request;
    request.urgent = urgent;
    request.subject = Subject(subject);
    request.command = std::move(command);
    request.origin = std::make_shared<Origin>();
    request.request_id = Bytes(next_id_++);
    request.prepare = [](const Prepared<CounterState>&) {};
    request.finish = [](const absl::Status& status) { EXPECT_EQ(status, absl::OkStatus()); };
    mirror_->Offer(std::move(request));
  }

  std::string MirrorRow(const std::string& key) const {
    std::string value;
    auto found = mirror_rows_.Get(key, &value);
    return found.ok() && *found ? value : "none";
  }
  std::string MirrorTotalOf(char subject) const { return MirrorRow("t" + std::string(16, subject)); }
  std::vector<eventlog::v1::Command> MirrorCommands() const {
    std::vector<eventlog::v1::Command> commands;
    for (const std::string& bytes : mirror_log_.records()) {
      eventlog::v1::Record record;
      record.ParseFromString(bytes);
      for (const auto& command : record.batch().commands()) commands.push_back(command);
    }
    return commands;
  }
  eventlog::v1::ForeignCursor Cursor() const {
    eventlog::v1::ForeignCursor cursor;
    const std::string value = MirrorRow(CursorKey("counters"));
    if (value != "none") cursor.ParseFromString(value);
    return cursor;
  }
  // The rows are those of the log, folded by somebody who sees no other service.
  void ExpectRowsAreTheFold() {
    simulation::SimulatedRows fresh;
    RowFolder<MirrorService> folder(&mirror_service_, &fresh, &vault_, options_.partition,
                                    options_.receipt_retention_micros);
    Head head = EmptyHead();
    for (const std::string& bytes : mirror_log_.records()) {
      eventlog::v1::Record record;
      record.ParseFromString(bytes);
      const Verdict verdict = Judge(head, record);
      if (verdict == Verdict::kVoid) continue;
      ASSERT_NE(verdict, Verdict::kAlarm);
      head = After(head, record, head.offset() + 1);
      const auto& batch = record.batch();
      const auto keys = [&] { return mirror_handle_->ReadKeyBlock({batch.claim_id(), batch.claim_sequence()}); };
      ASSERT_EQ(folder.FoldBatch(batch, keys), absl::OkStatus());
    }
    Changes changes;
    ASSERT_EQ(folder.Finish(&changes), absl::OkStatus());
    ASSERT_EQ(fresh.Write(changes), absl::OkStatus());
    const auto keys_of = [](const simulation::SimulatedRows& rows) {
      std::vector<std::pair<std::string, std::string>> all;
      EXPECT_TRUE(rows.Scan("", "", [&](std::string_view key, std::string_view value) {
                        const bool is_sealed = key[0] == 'a' || key[0] == 's';
                        if (key != kHeadKey) all.emplace_back(key, is_sealed ? "" : std::string(value));
                        return true;
                      }).ok());
      return all;
    };
    EXPECT_EQ(keys_of(mirror_rows_), keys_of(fresh));
  }

  MirrorService mirror_service_;
  simulation::SimulatedLog mirror_log_{22, &fired_};
  CountingRows mirror_rows_;
  std::unique_ptr<PartitionLog> mirror_handle_, foreign_;
  std::unique_ptr<Partition<MirrorService>> mirror_;
  std::vector<BatchObserved> seen_;
};

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_INSIDE_WORK_FIXTURE_H_
