#ifndef MYNUMBER_LIBS_PHOTO_DAY_TAKEN_H_
#define MYNUMBER_LIBS_PHOTO_DAY_TAKEN_H_

#include <optional>
#include <string_view>

#include "libs/calendar/day.h"

namespace mynumber::photo {

// DateTimeOriginal of a JPEG's EXIF segment ("Exif", two zero bytes, a TIFF structure): the camera's own local date.
// Nothing if it is missing, blank or no day; DateTime and DateTimeDigitized, which editing and scanning set, are not
// asked.
std::optional<calendar::Day> DayTaken(std::string_view exif);

}  // namespace mynumber::photo

#endif  // MYNUMBER_LIBS_PHOTO_DAY_TAKEN_H_
