#ifndef MYNUMBER_SERVICES_ISSUANCE_SERVICE_VERIFY_H_
#define MYNUMBER_SERVICES_ISSUANCE_SERVICE_VERIFY_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libs/eventsourcing/fold.h"
#include "libs/eventsourcing/log.h"
#include "libs/eventsourcing/vault.h"
#include "libs/projection/rocks_rows.h"
#include "mynumber/operations/v1/operations_service.pb.h"
#include "services/issuance/domain/resident.h"
#include "services/issuance/service_keys.h"

namespace mynumber::issuance {

// What a verification of all partitions works on. Owns nothing.
struct VerifyParts {
  const Issuance* domain = nullptr;
  const ServiceKeys* keys = nullptr;
  eventsourcing::ChainHash chain;
  // A folder for the fresh fold; removed before and after.
  std::string scratch;
  std::vector<projection::RocksRows*> rows;
  std::function<std::unique_ptr<eventsourcing::PartitionLog>(uint32_t partition)> open_log;
  eventsourcing::Vault* vault = nullptr;
};

// Folds every partition's log afresh, compares with the live rows (P4), and counts residents, numbers, duplicates and
// bad check digits (P1) in the fresh fold.
absl::Status VerifyIssuance(const VerifyParts& parts,
                            const std::function<bool(const operations::v1::VerifyProgress&)>& progress,
                            operations::v1::VerifyReport* report);

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_SERVICE_VERIFY_H_
