// A file that claims to be an export of a log, and items of one whose digests are right.

#include <algorithm>
#include <sstream>
#include <string>

#include "google/protobuf/stubs/logging.h"
#include "libs/eventsourcing/made_records.h"
#include "libs/log_copy/copy_fold.h"
#include "libs/log_copy/export_file.h"
#include "tests/fuzz/law.h"

namespace mynumber::fuzz {
namespace {

using eventlog::v1::ExportItem;
using eventsourcing::CountingChain;

// Reads all of it, and follows it as a log.
void ReadFile(const std::string& file) {
  std::istringstream in(file);
  log_copy::ExportReader reader(&in, CountingChain);
  log_copy::CopyFold fold(CountingChain);
  absl::Status honest;
  uint64_t before = 0;
  while (true) {
    ExportItem item;
    const auto more = reader.Next(&item);
    Holds(more.ok() || (absl::IsDataLoss(more.status()) && !more.status().message().empty()),
          "a damaged export is refused with a sentence");
    if (!more.ok() || !*more) break;
    Holds(reader.bytes_read() > before && reader.bytes_read() <= file.size(), "every item has its bytes");
    before = reader.bytes_read();
    if (honest.ok()) honest = fold.Take(item);
    Holds(honest.ok() || absl::IsDataLoss(honest), "what no honest log says is refused");
  }
  if (honest.ok() && before > 0) (void)fold.Finish();
}

// Frames of whatever items, so that digests keep nothing out.
void ReadItems(std::string_view items) {
  std::ostringstream out;
  log_copy::ExportWriter writer(&out, CountingChain);
  int count = 0;
  while (!items.empty()) {
    ExportItem item;
    const size_t size = TakeByte(&items) * size_t{4};
    if (!item.ParseFromString(std::string(items.substr(0, size)))) return;
    items.remove_prefix(std::min(size, items.size()));
    writer.Write(item);
    ++count;
  }
  std::istringstream in(out.str());
  log_copy::ExportReader reader(&in, CountingChain);
  ExportItem item;
  for (int i = 0; i < count; ++i) {
    const auto more = reader.Next(&item);
    Holds(more.ok() && *more, "what was written is read");
  }
  Holds(!*reader.Next(&item), "and no more");
  ReadFile(out.str());
}

}  // namespace
}  // namespace mynumber::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // Texts in another encoding would be told for each item.
  static const bool is_silent = google::protobuf::SetLogHandler(nullptr) != nullptr;
  (void)is_silent;
  std::string_view input = mynumber::fuzz::InputOf(data, size);
  const bool is_file = mynumber::fuzz::TakeByte(&input) % 2 == 0;
  is_file ? mynumber::fuzz::ReadFile(std::string(input)) : mynumber::fuzz::ReadItems(input);
  return 0;
}
