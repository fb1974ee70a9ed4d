#ifndef MYNUMBER_LIBS_PHOTO_MADE_PHOTOS_H_
#define MYNUMBER_LIBS_PHOTO_MADE_PHOTOS_H_

#include <string>

namespace mynumber::photo {

enum class MadeColours { kYcc, kRgb, kGrey, kCmyk, kYcck };

struct MadePhoto {
  int width = 480;
  int height = 640;
  int quality = 90;
  MadeColours colours = MadeColours::kYcc;
  bool is_progressive = false;
  // DateTimeOriginal as EXIF writes it, "2026:11:27 12:34:56"; empty: no EXIF.
  std::string taken;
  // Noise decides the bytes; without it every pixel is alike.
  bool is_noisy = true;
};

// A JPEG file of noise, written by libjpeg. The same of the same.
std::string Make(const MadePhoto& photo);

// A progressive file of one colour whose last scan stands in it `times` more.
std::string MakeOfManyScans(int width, int height, int times);

}  // namespace mynumber::photo

#endif  // MYNUMBER_LIBS_PHOTO_MADE_PHOTOS_H_
