#ifndef MYNUMBER_LIBS_ACCESS_MATRIX_H_
#define MYNUMBER_LIBS_ACCESS_MATRIX_H_

#include <string>

#include "absl/types/span.h"
#include "libs/access/policy.h"

namespace mynumber::access {

// A policy as a table to be read by people: a column for each role, a row for each of `methods` ("package.Service/
// Method"), grouped by service, and what the cells mean above it. Ends with a line end.
std::string MatrixOf(const Policy& policy, absl::Span<const std::string> methods);

}  // namespace mynumber::access

#endif  // MYNUMBER_LIBS_ACCESS_MATRIX_H_
