// A municipality's file of residents as comma-separated values, each row made into a request.

#include "tests/fuzz/resident_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace mynumber;  // NOLINT: two names
  std::istringstream in(std::string(fuzz::InputOf(data, size)));
  const auto reader = mynumberctl::OpenCsv(in);
  if (!reader.ok()) {
    fuzz::Holds(absl::IsInvalidArgument(reader.status()) && !reader.status().message().empty(),
                "a first line that names no table is refused with a sentence");
    return 0;
  }
  fuzz::ReadAll(**reader, size);
  return 0;
}
