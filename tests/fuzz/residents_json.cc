// The same file as one JSON object a line.

#include "tests/fuzz/resident_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace mynumber;  // NOLINT: two names
  std::istringstream in(std::string(fuzz::InputOf(data, size)));
  fuzz::ReadAll(*mynumberctl::OpenJsonLines(in), size);
  return 0;
}
