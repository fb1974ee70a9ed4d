#include "libs/notice_document/qr_code.h"

#include <qrencode.h>

#include <memory>

namespace mynumber::notice_document {

absl::StatusOr<QrCode> EncodeQrCode(const std::string& text) {
  if (text.find('\0') != std::string::npos) return absl::InvalidArgumentError("holds a zero byte");
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> made(QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M),
                                                             &QRcode_free);
  if (made == nullptr) return absl::InvalidArgumentError("does not fit into a QR code: it is empty or too long");
  QrCode code;
  code.width_modules = made->width;
  const int modules = made->width * made->width;
  // The lowest bit of a module says dark; the others what it is part of.
  for (int i = 0; i < modules; ++i) code.dark.push_back((made->data[i] & 1) != 0);
  return code;
}

void Draw(cairo_t* page, const QrCode& code, double x, double y, double width_points) {
  const double module = width_points / code.width_modules;
  for (int row = 0; row < code.width_modules; ++row) {
    const auto dark = [&](int column) { return code.dark[static_cast<size_t>(row * code.width_modules + column)]; };
    for (int column = 0; column < code.width_modules; ++column) {
      if (!dark(column)) continue;
      const int first = column;
      while (column + 1 < code.width_modules && dark(column + 1)) ++column;
      cairo_rectangle(page, x + first * module, y + row * module, (column + 1 - first) * module, module);
    }
  }
  // One path, so that no hair of white stays between modules.
  cairo_fill(page);
}

}  // namespace mynumber::notice_document
