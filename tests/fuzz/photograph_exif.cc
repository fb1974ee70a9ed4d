// What a camera says of a photograph: an EXIF segment of any bytes in a picture that is otherwise right.

#include <string>

#include "libs/calendar/limit_day.h"
#include "libs/photo/made_photos.h"
#include "libs/photo/photo.h"
#include "tests/fuzz/law.h"

namespace mynumber::fuzz {
namespace {

std::string Picture(std::string_view segment) {
  static const std::string plain = [] {
    photo::MadePhoto made;
    made.height = photo::kPixelsMin;
    made.is_noisy = false;
    return photo::Make(made);
  }();
  const size_t length = segment.size() + 2;
  std::string jpeg = plain.substr(0, 2) + "\xff\xe1";
  jpeg.push_back(static_cast<char>(length >> 8));
  jpeg.push_back(static_cast<char>(length));
  jpeg.append(segment).append(plain.substr(2));
  if (jpeg.size() < photo::kBytesMin) jpeg.resize(photo::kBytesMin);
  return jpeg;
}

}  // namespace
}  // namespace mynumber::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace mynumber::photo;  // NOLINT: all of one room
  using mynumber::fuzz::Holds;
  constexpr size_t kSegmentBytesMax = 0xffff - 2;
  if (size > kSegmentBytesMax) return -1;
  const mynumber::calendar::Day today(2026, 11, 27);
  PhotoFacts facts;
  const PhotoVerdict verdict = Judge(mynumber::fuzz::Picture(mynumber::fuzz::InputOf(data, size)), today, &facts);
  if (!facts.taken) {
    Holds(verdict == PhotoVerdict::kValid, "a photograph that does not say when it was taken is taken all the same");
  } else if (*facts.taken > today) {
    Holds(verdict == PhotoVerdict::kTakenInTheFuture, "tomorrow's photograph is refused");
  } else {
    const bool is_old = mynumber::calendar::LimitDayAfterMonths(*facts.taken, kMonthsMax) < today;
    Holds(verdict == (is_old ? PhotoVerdict::kTooOld : PhotoVerdict::kValid), "only an old photograph is too old");
  }
  return 0;
}
