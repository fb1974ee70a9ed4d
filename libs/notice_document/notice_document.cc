#include "libs/notice_document/notice_document.h"

#include <cairo-pdf.h>

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/notice_document/fonts.h"
#include "libs/notice_document/form_drawing.h"
#include "libs/notice_document/geometry.h"
#include "libs/notice_document/page.h"
#include "libs/notice_document/wording.h"

namespace mynumber::notice_document {
namespace {

bool IsSameDrawing(const NoticeForm& a, const NoticeForm& b) {
  return a.enquiry_phone == b.enquiry_phone && a.enquiry_name == b.enquiry_name && a.enquiry_hours == b.enquiry_hours;
}

// What a thread keeps between notices: fonts, and the drawing of the form that it used last.
struct Press {
  std::unique_ptr<Fonts> fonts;
  std::optional<NoticeForm> form;
  Owned<cairo_surface_t> recorded_form;
};

absl::StatusOr<const Press*> PressFor(const NoticeForm& form) {
  thread_local Press press;
  if (press.fonts == nullptr) {
    absl::StatusOr<std::unique_ptr<Fonts>> fonts = Fonts::Open();
    if (!fonts.ok()) return fonts.status();
    press.fonts = *std::move(fonts);
  }
  if (!press.form.has_value() || !IsSameDrawing(*press.form, form)) {
    absl::StatusOr<Owned<cairo_surface_t>> recorded = RecordForm(*press.fonts, form);
    if (!recorded.ok()) return recorded.status();
    press.recorded_form = *std::move(recorded);
    press.form = form;
  }
  return &press;
}

absl::Status FromCairo(cairo_status_t status) {
  if (status == CAIRO_STATUS_SUCCESS) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("Cairo could not draw the notice: ", cairo_status_to_string(status), "."));
}

// A PDF that grows into `write`.
Owned<cairo_surface_t> OpenPdf(const NoticeForm& form, cairo_write_func_t write, void* closure) {
  Owned<cairo_surface_t> pdf(cairo_pdf_surface_create_for_stream(write, closure, kPaper.width, kPaper.height));
  // Without a date given, Cairo takes today's.
  const std::string created = absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", form.creation_time, absl::UTCTimeZone());
  cairo_pdf_surface_set_metadata(pdf.get(), CAIRO_PDF_METADATA_CREATE_DATE, created.c_str());
  cairo_pdf_surface_set_metadata(pdf.get(), CAIRO_PDF_METADATA_TITLE, kTitle);
  return pdf;
}

cairo_status_t AppendToString(void* closure, const unsigned char* bytes, unsigned int size) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(bytes), size);
  return CAIRO_STATUS_SUCCESS;
}

class CairoPrintRun : public PrintRun {
 public:
  CairoPrintRun(const Press& press, const NoticeForm& form, Write write)
      : fonts_(*press.fonts),
        form_(form),
        recorded_form_(cairo_surface_reference(press.recorded_form.get())),
        write_(std::move(write)),
        pdf_(OpenPdf(form, &CairoPrintRun::Append, this)),
        page_(cairo_create(pdf_.get())) {}

  ~CairoPrintRun() override {
    // Cairo would write the rest.
    written_.Update(absl::CancelledError("The print run was given up."));
  }

  absl::Status Add(const Notice& notice) override {
    absl::StatusOr<SetNotice> set = SetPage(fonts_, form_, notice);
    if (!set.ok()) return set.status();
    DrawPage(page_.get(), recorded_form_.get(), *set);
    cairo_show_page(page_.get());
    ++pages_;
    return Outcome(cairo_status(page_.get()));
  }

  absl::Status Finish() override {
    if (pages_ == 0) return absl::FailedPreconditionError("The print run has no page: add a notice first.");
    page_.reset();
    cairo_surface_finish(pdf_.get());
    return Outcome(cairo_surface_status(pdf_.get()));
  }

 private:
  static cairo_status_t Append(void* closure, const unsigned char* bytes, unsigned int size) {
    auto* const run = static_cast<CairoPrintRun*>(closure);
    if (run->written_.ok()) run->written_ = run->write_({reinterpret_cast<const char*>(bytes), size});
    return run->written_.ok() ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
  }

  absl::Status Outcome(cairo_status_t status) const { return written_.ok() ? FromCairo(status) : written_; }

  const Fonts& fonts_;
  const NoticeForm form_;
  const Owned<cairo_surface_t> recorded_form_;
  const Write write_;
  absl::Status written_;
  int64_t pages_ = 0;
  // In this order: the page goes before what it is on.
  Owned<cairo_surface_t> pdf_;
  Owned<cairo_t> page_;
};

}  // namespace

absl::StatusOr<std::string> RenderNotice(const NoticeForm& form, const Notice& notice) {
  absl::StatusOr<const Press*> press = PressFor(form);
  if (!press.ok()) return press.status();
  absl::StatusOr<SetNotice> set = SetPage(*(*press)->fonts, form, notice);
  if (!set.ok()) return set.status();
  std::string bytes;
  Owned<cairo_surface_t> pdf = OpenPdf(form, &AppendToString, &bytes);
  Owned<cairo_t> page(cairo_create(pdf.get()));
  DrawPage(page.get(), (*press)->recorded_form.get(), *set);
  absl::Status drawn = FromCairo(cairo_status(page.get()));
  page.reset();
  cairo_surface_finish(pdf.get());
  drawn.Update(FromCairo(cairo_surface_status(pdf.get())));
  if (!drawn.ok()) return drawn;
  return bytes;
}

absl::StatusOr<std::unique_ptr<PrintRun>> PrintRun::Begin(const NoticeForm& form, Write write) {
  absl::StatusOr<const Press*> press = PressFor(form);
  if (!press.ok()) return press.status();
  return std::make_unique<CairoPrintRun>(**press, form, std::move(write));
}

}  // namespace mynumber::notice_document
