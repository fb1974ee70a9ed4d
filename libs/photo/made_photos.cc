#include "libs/photo/made_photos.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

// After <cstdio>, which it does not include itself.
#include <jpeglib.h>

namespace mynumber::photo {
namespace {

struct Layout {
  J_COLOR_SPACE in;
  J_COLOR_SPACE stored;
  int components;
};

Layout LayoutOf(MadeColours colours) {
  switch (colours) {
    case MadeColours::kYcc:
      return {JCS_RGB, JCS_YCbCr, 3};
    case MadeColours::kRgb:
      return {JCS_RGB, JCS_RGB, 3};
    case MadeColours::kGrey:
      return {JCS_GRAYSCALE, JCS_GRAYSCALE, 1};
    case MadeColours::kCmyk:
      return {JCS_CMYK, JCS_CMYK, 4};
    case MadeColours::kYcck:
      return {JCS_CMYK, JCS_YCCK, 4};
  }
  std::abort();
}

std::string BigEndian(uint32_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text.push_back(static_cast<char>(value >> (8 * i)));
  return text;
}

// A directory entry of TIFF.
std::string Entry(uint32_t tag, uint32_t type, uint32_t count, uint32_t value) {
  return BigEndian(tag, 2) + BigEndian(type, 2) + BigEndian(count, 4) + BigEndian(value, 4);
}

// One directory that leads to the EXIF directory, and that with one entry; offsets are from "MM".
std::string Exif(const std::string& taken) {
  constexpr uint32_t kLong = 4, kAscii = 2;
  const std::string first = BigEndian(1, 2) + Entry(0x8769, kLong, 1, 26) + BigEndian(0, 4);
  const std::string exif =
      BigEndian(1, 2) + Entry(0x9003, kAscii, static_cast<uint32_t>(taken.size()) + 1, 44) + BigEndian(0, 4);
  return std::string("Exif\0\0MM\0*", 10) + BigEndian(8, 4) + first + exif + taken + '\0';
}

void WriteRows(const MadePhoto& photo, jpeg_compress_struct* encoder) {
  std::mt19937 noise(20'151'005);
  std::vector<JSAMPLE> row(static_cast<size_t>(photo.width) * static_cast<size_t>(encoder->input_components), 128);
  while (encoder->next_scanline < encoder->image_height) {
    if (photo.is_noisy) {
      for (JSAMPLE& sample : row) sample = static_cast<JSAMPLE>(noise());
    }
    JSAMPROW rows[] = {row.data()};
    jpeg_write_scanlines(encoder, rows, 1);
  }
}

// `script`: the scans, if not libjpeg's own.
std::string Encode(const MadePhoto& photo, const std::vector<jpeg_scan_info>& script) {
  jpeg_compress_struct encoder = {};
  jpeg_error_mgr errors;
  encoder.err = jpeg_std_error(&errors);
  jpeg_create_compress(&encoder);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&encoder, &bytes, &size);
  const Layout layout = LayoutOf(photo.colours);
  encoder.image_width = static_cast<JDIMENSION>(photo.width);
  encoder.image_height = static_cast<JDIMENSION>(photo.height);
  encoder.input_components = layout.components;
  encoder.in_color_space = layout.in;
  jpeg_set_defaults(&encoder);
  jpeg_set_colorspace(&encoder, layout.stored);
  jpeg_set_quality(&encoder, photo.quality, TRUE);
  if (photo.is_progressive) jpeg_simple_progression(&encoder);
  if (!script.empty()) {
    encoder.scan_info = script.data();
    encoder.num_scans = static_cast<int>(script.size());
  }
  jpeg_start_compress(&encoder, TRUE);
  if (!photo.taken.empty()) {
    const std::string exif = Exif(photo.taken);
    jpeg_write_marker(&encoder, JPEG_APP0 + 1, reinterpret_cast<const JOCTET*>(exif.data()),
                      static_cast<unsigned int>(exif.size()));
  }
  WriteRows(photo, &encoder);
  jpeg_finish_compress(&encoder);
  jpeg_destroy_compress(&encoder);
  std::string file(reinterpret_cast<const char*>(bytes), size);
  std::free(bytes);
  return file;
}

}  // namespace

std::string Make(const MadePhoto& photo) { return Encode(photo, {}); }

std::string MakeOfManyScans(int width, int height, int times) {
  MadePhoto plain;
  plain.width = width;
  plain.height = height;
  plain.is_noisy = false;
  // Means, then the rest of each component, each with all of its bits: what a scan may state again unblamed.
  const std::string file = Encode(
      plain, {{3, {0, 1, 2}, 0, 0, 0, 0}, {1, {2}, 1, 63, 0, 0}, {1, {1}, 1, 63, 0, 0}, {1, {0}, 1, 63, 0, 0}});
  const size_t scan = file.rfind("\xff\xda");
  const size_t end = file.size() - 2;
  std::string many = file.substr(0, end);
  for (int i = 0; i < times; ++i) many += file.substr(scan, end - scan);
  return many + file.substr(end);
}

}  // namespace mynumber::photo
