#include "libs/csv/line_source.h"

#include <algorithm>
#include <utility>

namespace mynumber::csv {
namespace {

constexpr size_t kChunkBytes = 64 * 1024;

}  // namespace

LineSource::LineSource(std::istream& in, std::string head, size_t line_bytes_max)
    : in_(in), chunk_(std::move(head)), line_bytes_max_(line_bytes_max) {}

bool LineSource::Refill() {
  chunk_.resize(kChunkBytes);
  in_.read(chunk_.data(), static_cast<std::streamsize>(chunk_.size()));
  chunk_.resize(static_cast<size_t>(in_.gcount()));
  at_ = 0;
  return !chunk_.empty();
}

size_t LineSource::TakePiece(size_t end, char* out, size_t room) {
  const size_t piece = end - at_;
  const size_t left_of_line = line_bytes_max_ - line_bytes_;
  if (piece > left_of_line && room >= left_of_line) {
    if (cut_.empty() || cut_.back() != line_) cut_.push_back(line_);
    std::replace_copy(chunk_.begin() + at_, chunk_.begin() + at_ + left_of_line, out, '\0', '\x01');
    line_bytes_ = line_bytes_max_;
    at_ = end;
    return left_of_line;
  }
  const size_t count = std::min(piece, room);
  std::replace_copy(chunk_.begin() + at_, chunk_.begin() + at_ + count, out, '\0', '\x01');
  line_bytes_ += count;
  at_ += count;
  return count;
}

int LineSource::Read(char* out, int size) {
  const size_t wanted = static_cast<size_t>(size);
  size_t count = 0;
  while (count < wanted) {
    if (at_ == chunk_.size() && !Refill()) {
      if (line_bytes_ > 0) out[count++] = '\n';
      line_bytes_ = 0;
      break;
    }
    const size_t line_break = std::min(chunk_.find('\n', at_), chunk_.size());
    count += TakePiece(line_break, out + count, wanted - count);
    if (count == wanted || at_ != line_break || at_ == chunk_.size()) continue;
    out[count++] = '\n';
    ++at_;
    ++line_;
    line_bytes_ = 0;
  }
  return static_cast<int>(count);
}

bool LineSource::WasCut(uint64_t line) {
  while (!cut_.empty() && cut_.front() < line) cut_.pop_front();
  return !cut_.empty() && cut_.front() == line;
}

}  // namespace mynumber::csv
