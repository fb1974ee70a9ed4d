#ifndef MYNUMBER_LIBS_PHOTO_PHOTO_H_
#define MYNUMBER_LIBS_PHOTO_PHOTO_H_

#include <cstddef>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "libs/calendar/day.h"

namespace mynumber::photo {

// What the offices that make cards ask of a photograph that is sent in (https://www.kojinbango-card.go.jp). Their "20
// KB" and "7 MB" are taken in the reading that refuses less.
constexpr size_t kBytesMin = 20'000;
constexpr size_t kBytesMax = size_t{7} * 1024 * 1024;
constexpr int kPixelsMin = 480;
constexpr int kPixelsMax = 6000;
constexpr int kMonthsMax = 6;
// Ours, since nothing is said of it: a camera writes one scan, a progressive picture some ten.
constexpr int kScansMax = 64;

// What is to be said about bytes that claim to be a photograph. Closed; in the order of checking.
enum class PhotoVerdict {
  kValid,
  kNotJpeg,           // does not begin as a JPEG file does
  kTooSmall,          // fewer than kBytesMin bytes
  kTooLarge,          // more than kBytesMax bytes
  kNotRgb,            // grey, CMYK, YCCK, or colours unknown
  kTooFewPixels,      // a side is shorter than kPixelsMin
  kTooManyPixels,     // a side is longer than kPixelsMax
  kCutOff,            // the file ends before the picture does; may stand for the three above if the header is cut
  kDamaged,           // the decoder has something to complain of, in header or picture
  kTooManyScans,      // a progressive picture in more than kScansMax parts
  kTakenInTheFuture,  // by its own account after `today`
  kTooOld,            // taken more than kMonthsMax months before `today`, by its own account
};

// What was read on the way; all of it after kValid.
struct PhotoFacts {
  int width_pixels = 0;
  int height_pixels = 0;
  // When it was taken, as the camera says (EXIF DateTimeOriginal); nothing if it does not.
  std::optional<calendar::Day> taken;
};

// The first thing that is wrong with a photograph that is handed in on `today`. Decodes it whole, so takes up to a
// second, and up to 256 MiB for a progressive picture of the greatest size (else some MiB): bound how many run at once.
// Fit for bytes from anybody; pure, so any number of threads. `facts` may be null. What only eyes can judge (front,
// plain background, no hat) it does not.
PhotoVerdict Judge(std::string_view jpeg, calendar::Day today, PhotoFacts* facts);

// OK for kValid, else INVALID_ARGUMENT with a sentence for the applicant.
absl::Status ToStatus(PhotoVerdict verdict);

}  // namespace mynumber::photo

#endif  // MYNUMBER_LIBS_PHOTO_PHOTO_H_
