#include "libs/projection/rocks_notes.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <utility>

#include "absl/strings/ascii.h"
#include "libs/log/log.h"
#include "rocksdb/env.h"

namespace mynumber::projection {
namespace {

using rocksdb::InfoLogLevel;

// As long as a number of a person, which the log would mask and take for a slip of ours; here it is a count of bytes.
constexpr size_t kDigitsMax = 10;

std::string ShortenDigits(const std::string& text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    while (end < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[end]))) ++end;
    if (end == at) {
      out += text[at++];
      continue;
    }
    out += end - at > kDigitsMax ? "(huge)" : text.substr(at, end - at);
    at = end;
  }
  return out;
}

class Notes final : public rocksdb::Logger {
 public:
  explicit Notes(std::string database) : Logger(InfoLogLevel::WARN_LEVEL), database_(std::move(database)) {}

  using Logger::Logv;
  void LogHeader(const char*, va_list) override {}
  void Logv(const InfoLogLevel level, const char* format, va_list arguments) override {
    if (level < GetInfoLogLevel() || level == InfoLogLevel::HEADER_LEVEL) return;
    char text[1024];
    std::vsnprintf(text, sizeof text, format, arguments);
    const std::string message = ShortenDigits(text);
    // Two of every snapshot, of which nobody needs to know.
    if (message.find("File Deletions") != std::string::npos) return;
    if (level == InfoLogLevel::WARN_LEVEL) {
      log::Warn("rocksdb", {{"database", database_}, {"message", message}});
    } else {
      log::Error("rocksdb", {{"database", database_}, {"message", message}});
    }
  }

 private:
  const std::string database_;
};

}  // namespace

std::shared_ptr<rocksdb::Logger> RocksNotes(std::string database) {
  return std::make_shared<Notes>(std::move(database));
}

}  // namespace mynumber::projection
