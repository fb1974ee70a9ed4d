#ifndef MYNUMBER_LIBS_NOTICE_DOCUMENT_QR_CODE_H_
#define MYNUMBER_LIBS_NOTICE_DOCUMENT_QR_CODE_H_

#include <cairo.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace mynumber::notice_document {

// A QR code with error correction M: the print may lose 15 % of it.
struct QrCode {
  int width_modules = 0;
  // Row by row, whether the module is dark.
  std::vector<bool> dark;
};

// INVALID_ARGUMENT: empty, holds a zero byte, or too long for any QR code.
absl::StatusOr<QrCode> EncodeQrCode(const std::string& text);

// Fills the modules; (x, y) is the upper left corner, and the quiet zone of four modules around it is the caller's.
void Draw(cairo_t* page, const QrCode& code, double x, double y, double width_points);

}  // namespace mynumber::notice_document

#endif  // MYNUMBER_LIBS_NOTICE_DOCUMENT_QR_CODE_H_
