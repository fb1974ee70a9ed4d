#include "libs/serving/porter.h"

#include <utility>

#include "libs/eventsourcing/fold.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "libs/log/log.h"

namespace mynumber::serving {
namespace {

constexpr int kThreads = 2;

uint64_t SequenceOf(const projection::RocksRows& rows) {
  std::string value;
  eventsourcing::Head head;
  const auto found = rows.Get(eventsourcing::kHeadKey, &value);
  return found.ok() && *found && head.ParseFromString(value) ? head.sequence() : 0;
}

}  // namespace

Porter::Porter(SnapshotOptions snapshots, std::string service, uint32_t projection_version,
               std::vector<projection::RocksRows*> rows)
    : snapshots_(snapshots),
      service_(std::move(service)),
      projection_version_(projection_version),
      rows_(std::move(rows)),
      // One job for each partition at most.
      workers_(kThreads, rows_.size() + 1) {}

runtime::Resting Porter::Resting() {
  runtime::Resting resting;
  resting.bring = [this](uint32_t p, std::function<void()> done) { Run([this, p] { Bring(p); }, std::move(done)); };
  resting.drop = [this](uint32_t p, std::function<void()> done) {
    Run([this, p] { (void)rows_[p]->Replace(nullptr); }, std::move(done));
  };
  return resting;
}

void Porter::Run(std::function<void()> job, std::function<void()> done) {
  const bool taken = workers_.Run([job = std::move(job), done] {
    job();
    done();
  });
  if (!taken) done();
}

void Porter::Bring(uint32_t partition) const {
  if (snapshots_.snapshots == nullptr) return;
  const auto newest = snapshots_.snapshots->Newest(service_, partition, projection_version_);
  if (!newest.ok() || !*newest || (*newest)->sequence <= SequenceOf(*rows_[partition])) return;
  const absl::Status brought = rows_[partition]->Replace([&](const std::string& folder) {
    return snapshots_.snapshots->Restore(service_, partition, projection_version_, folder).status();
  });
  if (brought.ok()) {
    log::Info("rows_brought",
              {{"service", service_}, {"partition", partition}, {"sequence", (*newest)->sequence}});
    return;
  }
  log::Warn("snapshots_unusable", {{"service", service_},
                                   {"partition", partition},
                                   {"why", brought.message()},
                                   {"do", "nothing: the rows are folded from the log"}});
}

}  // namespace mynumber::serving
