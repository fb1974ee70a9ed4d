#ifndef MYNUMBER_LIBS_LOG_LOG_H_
#define MYNUMBER_LIBS_LOG_LOG_H_

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "absl/strings/string_view.h"

// One line of JSON on stderr for each thing that happened to the process:
//
//   log::Warn("claim_lost", {{"partition", 7}, {"newer_claim_offset", 91204}});
//   {"time":"2026-04-01T00:00:00.123456Z","level":"warn","event":"claim_lost","partition":7,...}
//
// Never for what happened to a resident: that is an event in the log of the service. No name, address, birth date,
// number or code of a person may be given here. As a last line behind that rule, every run of 11 or more digits in a
// value, full-width ones too, single spaces or hyphens between them ignored, is written as "[digits]" and counted; so
// log times as a duration and sizes in mebibytes. An id made by chance (a value that is as a whole a span id, trace id
// or UUID in lower-case hex, with at least four letters) stays.
//
// Any thread may call. A line is written at once, whole; values longer than 2,000 bytes are cut.
namespace mynumber::log {

enum class Level { kInfo, kWarn, kError, kNone };

// For `ABSL_FLAG(mynumber::log::Level, log_level, ...)`: info, warn, error, none.
bool AbslParseFlag(absl::string_view text, Level* level, std::string* error);
std::string AbslUnparseFlag(Level level);

// What a field may hold. Text is not copied: it must live until the call returns.
class Value {
 public:
  Value(bool value) : value_(value) {}
  template <typename T, std::enable_if_t<std::is_integral_v<T>, int> = 0>
  Value(T value) : value_(static_cast<std::conditional_t<std::is_signed_v<T>, int64_t, uint64_t>>(value)) {}
  Value(double value) : value_(value) {}
  Value(const char* text) : value_(std::string_view(text)) {}
  // std::string, std::string_view, absl::string_view.
  template <typename T, typename = decltype(std::declval<const T&>().data())>
  Value(const T& text) : value_(std::string_view(text.data(), text.size())) {}

  // As JSON, guarded and escaped.
  void AppendTo(std::string& line) const;

 private:
  std::variant<bool, int64_t, uint64_t, double, std::string_view> value_;
};

struct Field {
  std::string_view key;  // lower_case_words, from the code
  Value value;
};
using Fields = std::initializer_list<Field>;

// `event` is lower_case_words, from the code: it is what one searches for, and what is rated.
void Info(std::string_view event, Fields fields = {});
void Warn(std::string_view event, Fields fields = {});
void Error(std::string_view event, Fields fields = {});

struct Options {
  Level lowest = Level::kInfo;
  // Lines of one event within a second; more are left out, and a line "lines_left_out" with "of" and "count" says so
  // with the first line written after that second.
  int lines_per_second = 10;
  // Where lines go, without their line end; one call at a time. Empty: stderr.
  std::function<void(std::string_view line)> sink;
  // Micros since 1970. Empty: the system's clock.
  std::function<int64_t()> now_micros;
};

// Replaces the options of the process and forgets what was left out. Meant for main() and for tests.
void Configure(Options options);

// Writes the "lines_left_out" lines that are due later; for the end of a process.
void Flush();

// Runs of digits masked since the process began. Greater than 0 is a defect to look for: alarm on it.
uint64_t RedactedCount();

// The guard alone: `text` with every run that looks like a number of a person replaced, and counted.
std::string Redact(std::string_view text);

}  // namespace mynumber::log

#endif  // MYNUMBER_LIBS_LOG_LOG_H_
