#ifndef MYNUMBER_LIBS_PHOTO_JPEG_READER_H_
#define MYNUMBER_LIBS_PHOTO_JPEG_READER_H_

#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <string_view>

// After <cstdio>, which it does not include itself.
#include <jpeglib.h>

namespace mynumber::photo {

enum class JpegTrouble { kNone, kCutOff, kDamaged, kTooManyScans };

// Reads one JPEG file by libjpeg, which is told that its bytes are hostile: the first warning is an error, nothing is
// printed, and its memory is bounded. `jpeg` must outlive the reader. One thread.
class JpegReader {
 public:
  JpegReader(std::string_view jpeg, int scans_max);
  ~JpegReader();
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  // Once, first: up to the picture. Allocates nothing by the picture's size.
  JpegTrouble ReadHeader();
  // Once, after a header in order, whose size was found fit: decodes all of it and keeps nothing.
  JpegTrouble Decode();

  int width() const { return static_cast<int>(decoder_.image_width); }
  int height() const { return static_cast<int>(decoder_.image_height); }
  // Colours of a screen, be they stored as brightness and two differences (as all cameras do) or as they are.
  bool is_rgb() const;
  // The first EXIF segment, or nothing. Between ReadHeader and Decode, which lets it go.
  std::string_view exif() const;

 private:
  // libjpeg's way to say something; `level` below 0 is a warning.
  static void OnMessage(j_common_ptr decoder, int level);
  [[noreturn]] static void OnError(j_common_ptr decoder);
  static void OnProgress(j_common_ptr decoder);
  static void OnOutput(j_common_ptr decoder);
  // Ends what is running: jumps over libjpeg's frames to ReadHeader or Decode, which hold nothing with a destructor.
  [[noreturn]] void Leave(JpegTrouble trouble);

  std::string_view jpeg_;
  int scans_max_;
  jpeg_decompress_struct decoder_ = {};
  jpeg_error_mgr errors_ = {};
  jpeg_progress_mgr progress_ = {};
  std::jmp_buf jump_;
  JpegTrouble trouble_ = JpegTrouble::kNone;
};

}  // namespace mynumber::photo

#endif  // MYNUMBER_LIBS_PHOTO_JPEG_READER_H_
