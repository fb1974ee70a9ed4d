#ifndef MYNUMBER_SERVICES_HOTLINE_SERVICE_SPOOL_H_
#define MYNUMBER_SERVICES_HOTLINE_SERVICE_SPOOL_H_

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/eventsourcing/vault.h"
#include "mynumber/hotline/rows/v1/rows.pb.h"

namespace mynumber::hotline {

// What a request's file has behind it, in this order. Closed.
enum class SpoolStep { kWritten, kFileSynced, kRenamed, kFolderSynced };

// Suspensions that no log could take, on this instance's disk: one sealed file for each request. Any thread.
class Spool {
 public:
  // Tests look at each step, and fail there.
  using Step = std::function<absl::Status(SpoolStep)>;
  struct Kept {
    std::string name;
    rows::v1::SpooledSuspension suspension;
  };

  // Makes the folder; removes what was never whole. Errors are sentences for an operator.
  static absl::StatusOr<std::unique_ptr<Spool>> Open(const std::string& folder, size_t files_max, Step step = nullptr);

  // OK: on disk for good. The same request again is the same file. RESOURCE_EXHAUSTED: full. UNAVAILABLE: the disk
  // does not take it. Blocks for some milliseconds.
  absl::Status Keep(const rows::v1::SpooledSuspension& suspension, eventsourcing::Vault* vault);
  // At most so many that are kept: those behind `after` in the order of names, then from the first one on. A file that
  // cannot be read is put aside under another name, and told in the log.
  std::vector<Kept> Read(size_t count_max, const std::string& after, eventsourcing::Vault* vault);
  absl::Status Remove(const std::string& name);

  size_t size() const;

 private:
  Spool(std::string folder, size_t files_max, Step step);
  absl::Status Write(const std::string& name, const std::string& bytes);
  absl::Status After(SpoolStep step) const { return step_ ? step_(step) : absl::OkStatus(); }
  void PutAside(const std::string& name);

  const std::string folder_;
  const size_t files_max_;
  const Step step_;
  mutable std::mutex mutex_;
  // Whole ones.
  std::set<std::string> names_;
};

}  // namespace mynumber::hotline

#endif  // MYNUMBER_SERVICES_HOTLINE_SERVICE_SPOOL_H_
