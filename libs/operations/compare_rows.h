#ifndef MYNUMBER_LIBS_OPERATIONS_COMPARE_ROWS_H_
#define MYNUMBER_LIBS_OPERATIONS_COMPARE_ROWS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libs/eventsourcing/rows.h"
#include "libs/eventsourcing/vault.h"

namespace mynumber::operations {

struct RowComparison {
  uint64_t rows = 0;
  uint64_t differ = 0;
  // Table letter and opaque id of the first ten that differ; never what they say.
  std::vector<std::string> first;
};

// Compares two sets of rows by what they say: sealed ones are opened first, since every sealing gives other bytes.
// Receipts may be missing on either side: old ones are dropped when the database gets to it.
absl::Status CompareRows(const eventsourcing::Rows& live, const eventsourcing::Rows& fresh,
                         eventsourcing::Vault* vault, RowComparison* result);

}  // namespace mynumber::operations

#endif  // MYNUMBER_LIBS_OPERATIONS_COMPARE_ROWS_H_
