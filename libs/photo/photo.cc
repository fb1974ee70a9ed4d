#include "libs/photo/photo.h"

#include <cassert>
#include <string>

#include "libs/calendar/limit_day.h"
#include "libs/photo/day_taken.h"
#include "libs/photo/jpeg_reader.h"

namespace mynumber::photo {
namespace {

// Start of image, and the marker that must follow.
constexpr std::string_view kStartOfJpeg = "\xff\xd8\xff";

PhotoVerdict VerdictOn(JpegTrouble trouble) {
  switch (trouble) {
    case JpegTrouble::kNone:
      return PhotoVerdict::kValid;
    case JpegTrouble::kCutOff:
      return PhotoVerdict::kCutOff;
    case JpegTrouble::kDamaged:
      return PhotoVerdict::kDamaged;
    case JpegTrouble::kTooManyScans:
      return PhotoVerdict::kTooManyScans;
  }
  assert(false && "a trouble outside the enum");
  return PhotoVerdict::kDamaged;
}

PhotoVerdict JudgeFile(std::string_view jpeg) {
  if (jpeg.substr(0, kStartOfJpeg.size()) != kStartOfJpeg) return PhotoVerdict::kNotJpeg;
  if (jpeg.size() < kBytesMin) return PhotoVerdict::kTooSmall;
  if (jpeg.size() > kBytesMax) return PhotoVerdict::kTooLarge;
  return PhotoVerdict::kValid;
}

PhotoVerdict JudgeHeader(const JpegReader& reader) {
  if (!reader.is_rgb()) return PhotoVerdict::kNotRgb;
  if (reader.width() < kPixelsMin || reader.height() < kPixelsMin) return PhotoVerdict::kTooFewPixels;
  if (reader.width() > kPixelsMax || reader.height() > kPixelsMax) return PhotoVerdict::kTooManyPixels;
  return PhotoVerdict::kValid;
}

PhotoVerdict JudgeDay(std::optional<calendar::Day> taken, calendar::Day today) {
  if (!taken) return PhotoVerdict::kValid;
  if (*taken > today) return PhotoVerdict::kTakenInTheFuture;
  return calendar::LimitDayAfterMonths(*taken, kMonthsMax) < today ? PhotoVerdict::kTooOld : PhotoVerdict::kValid;
}

}  // namespace

PhotoVerdict Judge(std::string_view jpeg, calendar::Day today, PhotoFacts* facts) {
  PhotoFacts unasked;
  if (facts == nullptr) facts = &unasked;
  *facts = PhotoFacts();
  if (const PhotoVerdict file = JudgeFile(jpeg); file != PhotoVerdict::kValid) return file;
  JpegReader reader(jpeg, kScansMax);
  if (const PhotoVerdict read = VerdictOn(reader.ReadHeader()); read != PhotoVerdict::kValid) return read;
  facts->width_pixels = reader.width();
  facts->height_pixels = reader.height();
  if (const PhotoVerdict header = JudgeHeader(reader); header != PhotoVerdict::kValid) return header;
  const std::string exif(reader.exif());
  if (const PhotoVerdict decoded = VerdictOn(reader.Decode()); decoded != PhotoVerdict::kValid) return decoded;
  facts->taken = DayTaken(exif);
  return JudgeDay(facts->taken, today);
}

absl::Status ToStatus(PhotoVerdict verdict) {
  switch (verdict) {
    case PhotoVerdict::kValid:
      return absl::OkStatus();
    case PhotoVerdict::kNotJpeg:
      return absl::InvalidArgumentError("The file is no JPEG photograph: save the photograph as JPEG, and send that.");
    case PhotoVerdict::kTooSmall:
      return absl::InvalidArgumentError(
          "The photograph is smaller than 20 KB: send the camera's own file, not a preview of it.");
    case PhotoVerdict::kTooLarge:
      return absl::InvalidArgumentError("The photograph is larger than 7 MB: take it with fewer pixels.");
    case PhotoVerdict::kNotRgb:
      return absl::InvalidArgumentError(
          "The photograph is not in colours of a screen (RGB): take it in colour, and not for print (CMYK).");
    case PhotoVerdict::kTooFewPixels:
      return absl::InvalidArgumentError("The photograph must have 480 pixels or more on each side: take a larger one.");
    case PhotoVerdict::kTooManyPixels:
      return absl::InvalidArgumentError(
          "The photograph must have 6,000 pixels or fewer on each side: take a smaller one.");
    case PhotoVerdict::kCutOff:
      return absl::InvalidArgumentError("The file ends in the middle of the photograph: send it again, whole.");
    case PhotoVerdict::kDamaged:
      return absl::InvalidArgumentError(
          "The photograph is damaged: send the camera's own file again, or take another.");
    case PhotoVerdict::kTooManyScans:
      return absl::InvalidArgumentError(
          "The photograph is stored in too many parts: save it as an ordinary (not progressive) JPEG, and send that.");
    case PhotoVerdict::kTakenInTheFuture:
      return absl::InvalidArgumentError(
          "The photograph says that it was taken on a day that is still to come: set the camera's date, and take "
          "another.");
    case PhotoVerdict::kTooOld:
      return absl::InvalidArgumentError("The photograph was taken more than six months ago: take a new one.");
  }
  assert(false && "a verdict outside the enum");
  return absl::InternalError("unknown verdict");
}

}  // namespace mynumber::photo
