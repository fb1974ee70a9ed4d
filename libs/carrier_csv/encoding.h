#ifndef MYNUMBER_LIBS_CARRIER_CSV_ENCODING_H_
#define MYNUMBER_LIBS_CARRIER_CSV_ENCODING_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace mynumber::carrier_csv {

// How the carrier's files are written. Closed.
enum class Encoding {
  kUtf8,
  kUtf8WithMark,  // begins with a byte order mark, as spreadsheets write and want it
  kShiftJis,      // code page 932
};

// "UTF-8", "UTF-8 with a byte order mark", "Shift_JIS".
std::string_view NameOf(Encoding encoding);

// One direction of glibc's iconv. One thread at a time.
class Transcoder {
 public:
  // Names as iconv has them. FAILED_PRECONDITION if this machine lacks the tables.
  static absl::StatusOr<Transcoder> Open(const char* from, const char* to);

  Transcoder(Transcoder&& other) noexcept;
  Transcoder& operator=(Transcoder&&) = delete;
  ~Transcoder();

  // Writes all of `text` to `out`, over what was there, and returns its size; stops in front of the first character
  // that is none or that the other encoding does not have, and returns where that is.
  size_t Convert(std::string_view text, std::string* out);

 private:
  explicit Transcoder(void* descriptor) : descriptor_(descriptor) {}
  void* descriptor_;
};

// To UTF-8; from UTF-8 it says whether it is that at all.
absl::StatusOr<Transcoder> ToUtf8(Encoding from);
// From UTF-8.
absl::StatusOr<Transcoder> FromUtf8(Encoding to);

}  // namespace mynumber::carrier_csv

#endif  // MYNUMBER_LIBS_CARRIER_CSV_ENCODING_H_
