#ifndef MYNUMBER_LIBS_NOTICE_DOCUMENT_FORM_DRAWING_H_
#define MYNUMBER_LIBS_NOTICE_DOCUMENT_FORM_DRAWING_H_

#include "absl/status/statusor.h"
#include "libs/notice_document/fonts.h"
#include "libs/notice_document/notice_document.h"
#include "libs/notice_document/owned.h"

namespace mynumber::notice_document {

// Everything that is the same on every notice of this form, recorded once to be painted on each page.
// INVALID_ARGUMENT: a field of the form cannot be printed.
absl::StatusOr<Owned<cairo_surface_t>> RecordForm(const Fonts& fonts, const NoticeForm& form);

}  // namespace mynumber::notice_document

#endif  // MYNUMBER_LIBS_NOTICE_DOCUMENT_FORM_DRAWING_H_
