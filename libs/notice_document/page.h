#ifndef MYNUMBER_LIBS_NOTICE_DOCUMENT_PAGE_H_
#define MYNUMBER_LIBS_NOTICE_DOCUMENT_PAGE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "libs/notice_document/fonts.h"
#include "libs/notice_document/notice_document.h"
#include "libs/notice_document/qr_code.h"
#include "libs/notice_document/typesetting.h"

namespace mynumber::notice_document {

// A text and its upper left corner.
struct PlacedText {
  SetText text;
  double x;
  double y;
};

// What is the resident's on one page, checked and set: whatever can be refused has been.
struct SetNotice {
  std::vector<PlacedText> texts;
  QrCode qr_code;
};

// INVALID_ARGUMENT as RenderNotice.
absl::StatusOr<SetNotice> SetPage(const Fonts& fonts, const NoticeForm& form, const Notice& notice);

// Paints the recorded form and the notice on it.
void DrawPage(cairo_t* page, cairo_surface_t* recorded_form, const SetNotice& notice);

}  // namespace mynumber::notice_document

#endif  // MYNUMBER_LIBS_NOTICE_DOCUMENT_PAGE_H_
