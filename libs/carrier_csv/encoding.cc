#include "libs/carrier_csv/encoding.h"

#include <iconv.h>

#include <cassert>
#include <cerrno>

#include "absl/strings/str_cat.h"

namespace mynumber::carrier_csv {
namespace {

const iconv_t kNone = reinterpret_cast<iconv_t>(-1);

const char* IconvName(Encoding encoding) { return encoding == Encoding::kShiftJis ? "CP932" : "UTF-8"; }

}  // namespace

std::string_view NameOf(Encoding encoding) {
  switch (encoding) {
    case Encoding::kUtf8:
      return "UTF-8";
    case Encoding::kUtf8WithMark:
      return "UTF-8 with a byte order mark";
    case Encoding::kShiftJis:
      return "Shift_JIS";
  }
  assert(false && "an encoding outside the enum");
  return "";
}

absl::StatusOr<Transcoder> Transcoder::Open(const char* from, const char* to) {
  const iconv_t descriptor = iconv_open(to, from);
  if (descriptor != kNone) return Transcoder(descriptor);
  return absl::FailedPreconditionError(absl::StrCat(
      "this machine cannot turn ", from, " into ", to, ": install glibc's tables (gconv), or use UTF-8 on both sides"));
}

Transcoder::Transcoder(Transcoder&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = kNone; }

Transcoder::~Transcoder() {
  if (descriptor_ != kNone) iconv_close(descriptor_);
}

size_t Transcoder::Convert(std::string_view text, std::string* out) {
  // No character of these encodings takes more than three bytes where the other has one.
  out->resize(text.size() * 3 + 4);
  char* from = const_cast<char*>(text.data());  // iconv's signature; it writes nothing there
  char* to = out->data();
  size_t left = text.size();
  size_t room = out->size();
  iconv(descriptor_, nullptr, nullptr, nullptr, nullptr);
  const size_t result = iconv(descriptor_, &from, &left, &to, &room);
  assert((result != static_cast<size_t>(-1) || errno != E2BIG) && "three bytes are not enough");
  (void)result;
  out->resize(out->size() - room);
  return text.size() - left;
}

absl::StatusOr<Transcoder> ToUtf8(Encoding from) { return Transcoder::Open(IconvName(from), "UTF-8"); }

absl::StatusOr<Transcoder> FromUtf8(Encoding to) { return Transcoder::Open("UTF-8", IconvName(to)); }

}  // namespace mynumber::carrier_csv
