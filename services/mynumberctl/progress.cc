#include "services/mynumberctl/progress.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/mynumberctl/display_text.h"

namespace mynumber::mynumberctl {
namespace {

constexpr auto kRedraw = std::chrono::milliseconds(100);
constexpr auto kPlainLine = std::chrono::seconds(5);
constexpr int kBarColumnsMin = 8;
constexpr int kBarColumnsMax = 24;
constexpr int kBarFrame = 3;  // "[", "] "
constexpr char kBetween[] = "  ";

// As wide as there is room for; nothing if that is too little to see something.
std::string Bar(double fraction, int columns) {
  const int inner = std::min(columns - kBarFrame, kBarColumnsMax);
  if (fraction < 0 || inner < kBarColumnsMin) return "";
  const int full = static_cast<int>(std::lround(std::min(fraction, 1.0) * inner));
  return absl::StrCat("[", std::string(full, '#'), std::string(inner - full, '.'), "] ");
}

// Parts that no longer fit are left out whole: half a number is another number.
std::string Join(const std::vector<std::string>& parts, size_t columns) {
  std::string line;
  for (const std::string& part : parts) {
    const char* between = line.empty() ? "" : kBetween;
    if (line.size() + std::strlen(between) + part.size() > columns) break;
    absl::StrAppend(&line, between, part);
  }
  return line;
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
  const std::vector<std::string> parts = Parts(done, fraction, remark);
  if (!console_.err_is_terminal) {
    console_.err << Join(parts, std::string::npos) << std::endl;
    return;
  }
  // The last column stays free: some terminals wrap there. The line is ASCII.
  const int columns = std::max(0, console_.columns - 1);
  const std::string line = Join(parts, columns);
  console_.err << "\r\x1b[K" << Bar(fraction, columns - static_cast<int>(line.size())) << line << std::flush;
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

std::vector<std::string> Progress::Parts(uint64_t done, double fraction, const std::string& remark) const {
  std::vector<std::string> parts;
  if (fraction >= 0) parts.push_back(absl::StrFormat("%3d %%", static_cast<int>(std::min(fraction, 1.0) * 100)));
  parts.push_back(absl::StrCat(Grouped(done), " ", unit_));
  parts.push_back(absl::StrCat(Grouped(static_cast<uint64_t>(Rate(done))), "/s"));
  if (fraction > 0) {
    const double left = ElapsedSeconds() * (1 - std::min(fraction, 1.0)) / fraction;
    parts.push_back(absl::StrCat(ShowDuration(left), " left"));
  }
  if (!remark.empty()) parts.push_back(remark);
  return parts;
}

std::string ShowDuration(double seconds) {
  const uint64_t whole = static_cast<uint64_t>(std::ceil(seconds));
  if (whole < 60) return absl::StrCat(whole, " s");
  if (whole < 3600) return absl::StrCat(whole / 60, " min ", whole % 60, " s");
  return absl::StrCat(whole / 3600, " h ", whole % 3600 / 60, " min");
}

}  // namespace mynumber::mynumberctl
