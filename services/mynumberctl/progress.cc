#include "services/mynumberctl/progress.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/mynumberctl/table.h"

namespace mynumber::mynumberctl {
namespace {

constexpr auto kRedraw = std::chrono::milliseconds(100);
constexpr auto kPlainLine = std::chrono::seconds(5);
constexpr int kBarColumns = 24;

std::string Bar(double fraction) {
  const int full = static_cast<int>(std::lround(fraction * kBarColumns));
  return absl::StrCat("[", std::string(full, '#'), std::string(kBarColumns - full, '.'), "] ");
}

}  // namespace

Progress::Progress(const Console& console, std::string unit, std::function<Clock::time_point()> now)
    : console_(console),
      unit_(std::move(unit)),
      now_(std::move(now)),
      start_(now_()),
      next_(start_ + (console.err_is_terminal ? Clock::duration(kRedraw) : Clock::duration(kPlainLine))) {}

void Progress::Update(uint64_t done, double fraction, const std::string& remark) {
  const auto now = now_();
  if (now < next_) return;
  next_ = now + (console_.err_is_terminal ? Clock::duration(kRedraw) : Clock::duration(kPlainLine));
  const std::string line = Line(done, fraction, remark);
  if (!console_.err_is_terminal) {
    console_.err << line << std::endl;
    return;
  }
  // The last column stays free: some terminals wrap there. The line is ASCII.
  console_.err << "\r\x1b[K" << line.substr(0, std::max(20, console_.columns - 1)) << std::flush;
  drawn_ = true;
}

void Progress::Clear() {
  if (drawn_) console_.err << "\r\x1b[K" << std::flush;
  drawn_ = false;
}

double Progress::ElapsedSeconds() const { return std::chrono::duration<double>(now_() - start_).count(); }

double Progress::Rate(uint64_t done) const {
  return static_cast<double>(done) / std::max(ElapsedSeconds(), 1e-3);
}

std::string Progress::Line(uint64_t done, double fraction, const std::string& remark) const {
  std::string line;
  if (fraction >= 0) {
    fraction = std::min(fraction, 1.0);
    if (console_.err_is_terminal) line = Bar(fraction);
    absl::StrAppend(&line, absl::StrFormat("%3d %%  ", static_cast<int>(fraction * 100)));
  }
  absl::StrAppend(&line, Grouped(done), " ", unit_, "  ", Grouped(static_cast<uint64_t>(Rate(done))), "/s");
  if (fraction > 0) absl::StrAppend(&line, "  ", ShowDuration(ElapsedSeconds() * (1 - fraction) / fraction), " left");
  if (!remark.empty()) absl::StrAppend(&line, "  ", remark);
  return line;
}

std::string ShowDuration(double seconds) {
  const uint64_t whole = static_cast<uint64_t>(std::ceil(seconds));
  if (whole < 60) return absl::StrCat(whole, " s");
  if (whole < 3600) return absl::StrCat(whole / 60, " min ", whole % 60, " s");
  return absl::StrCat(whole / 3600, " h ", whole % 3600 / 60, " min");
}

}  // namespace mynumber::mynumberctl
