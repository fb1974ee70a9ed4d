#include "libs/photo/day_taken.h"

#include <libexif/exif-data.h>

#include <memory>

namespace mynumber::photo {
namespace {

// Decimal digits only; -1 for anything else.
int Number(std::string_view text) {
  int number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

// "2026:11:27 12:34:56": the time is not looked at.
std::optional<calendar::Day> ParseDay(std::string_view text) {
  if (text.size() < 10 || text[4] != ':' || text[7] != ':') return std::nullopt;
  return calendar::MakeDay(Number(text.substr(0, 4)), Number(text.substr(5, 2)), Number(text.substr(8, 2)));
}

}  // namespace

std::optional<calendar::Day> DayTaken(std::string_view exif) {
  const std::unique_ptr<ExifData, decltype(&exif_data_unref)> data(exif_data_new(), &exif_data_unref);
  if (data == nullptr || exif.empty()) return std::nullopt;
  // It would add and convert entries.
  exif_data_unset_option(data.get(), EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
  exif_data_load_data(data.get(), reinterpret_cast<const unsigned char*>(exif.data()),
                      static_cast<unsigned int>(exif.size()));
  const ExifEntry* entry = exif_content_get_entry(data->ifd[EXIF_IFD_EXIF], EXIF_TAG_DATE_TIME_ORIGINAL);
  if (entry == nullptr || entry->data == nullptr || entry->format != EXIF_FORMAT_ASCII) return std::nullopt;
  return ParseDay({reinterpret_cast<const char*>(entry->data), entry->size});
}

}  // namespace mynumber::photo
