#ifndef MYNUMBER_LIBS_CSV_LINE_SOURCE_H_
#define MYNUMBER_LIBS_CSV_LINE_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <istream>
#include <string>

namespace mynumber::csv {

// Bytes of a stream in the shape that the parser can bear: no NUL (it stands for \x01), no line of more than so many
// bytes (the rest of it is left out, and remembered), and a line break at the end.
class LineSource {
 public:
  // `head` comes before what `in` still has. `in` outlives this.
  LineSource(std::istream& in, std::string head, size_t line_bytes_max);

  // Fills all of `out`; fewer bytes mean the end, and none come after it.
  int Read(char* out, int size);

  // Whether this line was cut; lines are asked for in rising order.
  bool WasCut(uint64_t line);
  // Whether the stream broke off before its end.
  bool broken() const { return in_.bad(); }

 private:
  bool Refill();
  // Takes the current line's bytes up to `end` of the chunk; returns how many went to `out`.
  size_t TakePiece(size_t end, char* out, size_t room);

  std::istream& in_;
  std::string chunk_;
  size_t at_ = 0;
  const size_t line_bytes_max_;
  size_t line_bytes_ = 0;
  uint64_t line_ = 1;
  std::deque<uint64_t> cut_;  // one for each line_bytes_max that were handed on and not yet asked for
};

}  // namespace mynumber::csv

#endif  // MYNUMBER_LIBS_CSV_LINE_SOURCE_H_
