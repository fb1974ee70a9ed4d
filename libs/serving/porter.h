#ifndef MYNUMBER_LIBS_SERVING_PORTER_H_
#define MYNUMBER_LIBS_SERVING_PORTER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "libs/projection/rocks_rows.h"
#include "libs/runtime/partition_host.h"
#include "libs/runtime/workers.h"
#include "libs/serving/snapshot_maker.h"

namespace mynumber::serving {

// Brings the rows of partitions that are to be followed again, from snapshots, and gives the disk back of those that
// rest for long (docs/decisions/0021). In threads of its own.
class Porter {
 public:
  // `rows`: by partition; they outlive it.
  Porter(SnapshotOptions snapshots, std::string service, uint32_t projection_version,
         std::vector<projection::RocksRows*> rows);

  // For the partitions' host, which stops before this goes.
  runtime::Resting Resting();

 private:
  // Takes the newest snapshot in the place of older rows.
  void Bring(uint32_t partition) const;
  void Run(std::function<void()> job, std::function<void()> done);

  const SnapshotOptions snapshots_;
  const std::string service_;
  const uint32_t projection_version_;
  const std::vector<projection::RocksRows*> rows_;
  runtime::Workers workers_;
};

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_PORTER_H_
