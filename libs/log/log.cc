#include "libs/log/log.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "libs/log/json.h"

namespace mynumber::log {
namespace {

constexpr size_t kMaxValueBytes = 2000;
constexpr int64_t kMicrosPerSecond = 1'000'000;

struct LevelName {
  Level level;
  const char* name;
};
constexpr LevelName kLevelNames[] = {
    {Level::kInfo, "info"}, {Level::kWarn, "warn"}, {Level::kError, "error"}, {Level::kNone, "none"}};

const char* NameOf(Level level) { return kLevelNames[static_cast<size_t>(level)].name; }

int64_t SystemMicros() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

void WriteToStderr(std::string_view line) {
  static spdlog::logger& logger = []() -> spdlog::logger& {
    auto& made = *new spdlog::logger("stderr", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made.set_pattern("%v");
    return made;
  }();
  logger.info(spdlog::string_view_t(line.data(), line.size()));
}

std::string FormatTime(int64_t micros) {
  const std::time_t seconds = static_cast<std::time_t>(micros / kMicrosPerSecond);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[40];
  const size_t length = std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
  std::snprintf(text + length, sizeof(text) - length, ".%06dZ", static_cast<int>(micros % kMicrosPerSecond));
  return text;
}

std::string FormatLine(int64_t now_micros, Level level, std::string_view event, Fields fields) {
  std::string line = "{\"time\":\"" + FormatTime(now_micros) + "\",\"level\":\"" + NameOf(level) + "\",\"event\":";
  AppendJsonString(event, line);
  for (const Field& field : fields) {
    line += ',';
    AppendJsonString(field.key, line);
    line += ':';
    field.value.AppendTo(line);
  }
  line += '}';
  return line;
}

// What an event wrote within the second that began at `start_micros`.
struct Window {
  int64_t start_micros = 0;
  int written = 0;
  int64_t left_out = 0;
};

// The log of the process; every member is guarded by `mutex`.
struct Process {
  std::mutex mutex;
  Options options;
  std::map<std::string, Window, std::less<>> windows;  // by event; a closed set, since events stand in the code
};

Process& TheProcess() {
  static auto& process = *new Process;
  return process;
}

int64_t NowMicros(const Options& options) {
  return options.now_micros ? options.now_micros() : SystemMicros();
}

void Write(const Options& options, std::string_view line) {
  options.sink ? options.sink(line) : WriteToStderr(line);
}

// A clock set back must not silence an event until it has caught up.
bool IsOver(const Window& window, int64_t now_micros) {
  return now_micros < window.start_micros || now_micros - window.start_micros >= kMicrosPerSecond;
}

void TellLeftOut(Process& process, int64_t now_micros, bool also_unfinished) {
  for (auto& [event, window] : process.windows) {
    if (window.left_out == 0 || !(also_unfinished || IsOver(window, now_micros))) continue;
    Write(process.options, FormatLine(now_micros, Level::kWarn, "lines_left_out",
                                      {{"of", event}, {"count", window.left_out}}));
    window.left_out = 0;
  }
}

// Whether `event` may write one more line; counts it as left out if not.
bool Admit(Process& process, std::string_view event, int64_t now_micros) {
  auto found = process.windows.find(event);
  if (found == process.windows.end()) found = process.windows.emplace(event, Window{now_micros}).first;
  Window& window = found->second;
  if (IsOver(window, now_micros)) window = Window{now_micros};
  if (window.written < process.options.lines_per_second) {
    ++window.written;
    return true;
  }
  ++window.left_out;
  return false;
}

void Log(Level level, std::string_view event, Fields fields) {
  Process& process = TheProcess();
  std::lock_guard lock(process.mutex);
  if (level < process.options.lowest) return;
  const int64_t now_micros = NowMicros(process.options);
  TellLeftOut(process, now_micros, /*also_unfinished=*/false);
  if (!Admit(process, event, now_micros)) return;
  Write(process.options, FormatLine(now_micros, level, event, fields));
}

std::string_view Clip(std::string_view text) {
  size_t length = std::min(text.size(), kMaxValueBytes);
  while (length < text.size() && length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) --length;
  return text.substr(0, length);
}

void AppendText(std::string_view text, std::string& line) {
  // Guarded before it is cut: a cut might leave ten digits of twelve.
  const std::string safe = Redact(text);
  const std::string_view clipped = Clip(safe);
  AppendJsonString(std::string(clipped) + (clipped.size() < safe.size() ? "…" : ""), line);
}

void AppendNumber(const std::string& number, std::string& line) {
  const std::string safe = Redact(number);
  safe == number ? line += number : line += '"' + safe + '"';
}

}  // namespace

bool AbslParseFlag(absl::string_view text, Level* level, std::string* error) {
  for (const LevelName& named : kLevelNames) {
    if (text == named.name) {
      *level = named.level;
      return true;
    }
  }
  *error = "use info, warn, error or none";
  return false;
}

std::string AbslUnparseFlag(Level level) { return NameOf(level); }

void Value::AppendTo(std::string& line) const {
  if (const bool* truth = std::get_if<bool>(&value_)) {
    line += *truth ? "true" : "false";
  } else if (const int64_t* whole = std::get_if<int64_t>(&value_)) {
    AppendNumber(std::to_string(*whole), line);
  } else if (const uint64_t* natural = std::get_if<uint64_t>(&value_)) {
    AppendNumber(std::to_string(*natural), line);
  } else if (const double* real = std::get_if<double>(&value_)) {
    char text[32];
    std::snprintf(text, sizeof(text), "%.9g", *real);
    std::isfinite(*real) ? AppendNumber(text, line) : AppendText(text, line);
  } else {
    AppendText(std::get<std::string_view>(value_), line);
  }
}

void Info(std::string_view event, Fields fields) { Log(Level::kInfo, event, fields); }
void Warn(std::string_view event, Fields fields) { Log(Level::kWarn, event, fields); }
void Error(std::string_view event, Fields fields) { Log(Level::kError, event, fields); }

void Configure(Options options) {
  Process& process = TheProcess();
  std::lock_guard lock(process.mutex);
  process.options = std::move(options);
  process.windows.clear();
}

void Flush() {
  Process& process = TheProcess();
  std::lock_guard lock(process.mutex);
  TellLeftOut(process, NowMicros(process.options), /*also_unfinished=*/true);
}

}  // namespace mynumber::log
