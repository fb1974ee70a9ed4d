#ifndef MYNUMBER_LIBS_SEALING_REQUIRE_H_
#define MYNUMBER_LIBS_SEALING_REQUIRE_H_

#include <cstdio>
#include <cstdlib>

namespace mynumber::sealing {

// What cannot fail with a sound library and enough memory: go on with a failed cipher, and data
// would be lost or leave in clear. `what` never holds a secret.
inline void Require(bool succeeded, const char* what) {
  if (succeeded) return;
  std::fprintf(stderr, "sealing: %s failed: OpenSSL is unusable or memory is exhausted\n", what);
  std::abort();
}

}  // namespace mynumber::sealing

#endif  // MYNUMBER_LIBS_SEALING_REQUIRE_H_
