#include "libs/notice_document/form_drawing.h"

#include <cmath>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/notice_document/geometry.h"
#include "libs/notice_document/typesetting.h"
#include "libs/notice_document/wording.h"

namespace mynumber::notice_document {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kThinPoints = 0.5;
constexpr double kFramePoints = 0.9;
constexpr double kBodyPoints = 9.8;
constexpr double kBodyLineSpacing = 1.36;
constexpr size_t kEnquiryHoursMax = 4;

// Draws one text after the other, and remembers the first that cannot be drawn.
class FormDrawing {
 public:
  FormDrawing(const Fonts& fonts, cairo_t* page) : fonts_(fonts), page_(page) {}

  void DrawAll(const NoticeForm& form);
  const absl::Status& status() const { return status_; }

 private:
  void Table();
  void Row(const Box& row, std::string_view label);
  void AboutNotice();
  void AboutCard();
  void Enquiry(const NoticeForm& form);
  void VoiceCode();
  void Stroke(const Box& box, double line_width);
  void Shade(const Box& box);
  // Each return the lower end.
  double Bullet(std::string_view text, double y, double width);
  double Line(std::string_view text, const Style& style, double x, double y);
  double EnquiryLine(std::string_view text, Typeface typeface, double size_points, double y);
  void Centred(std::string_view text, const Style& style, const Box& box);
  // The text, or an empty one after an error.
  SetText Keep(absl::StatusOr<SetText> text);

  const Fonts& fonts_;
  cairo_t* page_;
  absl::Status status_;
};

Style StyleOf(Typeface typeface, double size_points) {
  Style style;
  style.typeface = typeface;
  style.size_points = size_points;
  return style;
}

SetText FormDrawing::Keep(absl::StatusOr<SetText> text) {
  if (text.ok()) return *std::move(text);
  status_.Update(text.status());
  return SetText();
}

double FormDrawing::Line(std::string_view text, const Style& style, double x, double y) {
  const SetText line = Keep(SetLine(fonts_, text, style));
  if (line.layout != nullptr) Draw(page_, line, x, y);
  return y + line.height_points;
}

void FormDrawing::Centred(std::string_view text, const Style& style, const Box& box) {
  const SetText line = Keep(SetLine(fonts_, text, style));
  if (line.layout == nullptr) return;
  Draw(page_, line, box.x + (box.width - line.width_points) / 2, box.y + (box.height - line.height_points) / 2);
}

double FormDrawing::Bullet(std::string_view text, double y, double width) {
  constexpr double kIndent = kBodyPoints * 1.5;
  Style style = StyleOf(Typeface::kMincho, kBodyPoints);
  Line("○", style, kLeft, y);
  style.line_spacing = kBodyLineSpacing;
  const SetText lines = Keep(SetParagraph(fonts_, text, style, width - kIndent));
  if (lines.layout != nullptr) Draw(page_, lines, kLeft + kIndent, y);
  return y + lines.height_points + kBodyPoints * 0.42;
}

void FormDrawing::Stroke(const Box& box, double line_width) {
  cairo_set_line_width(page_, line_width);
  cairo_rectangle(page_, box.x, box.y, box.width, box.height);
  cairo_stroke(page_);
}

void FormDrawing::Shade(const Box& box) {
  cairo_save(page_);
  cairo_set_source_rgb(page_, 0.91, 0.91, 0.91);
  cairo_rectangle(page_, box.x, box.y, box.width, box.height);
  cairo_fill(page_);
  cairo_restore(page_);
}

void FormDrawing::Row(const Box& row, std::string_view label) {
  const Box cell = {row.x, row.y, kLabelWidth, row.height};
  Shade(cell);
  Stroke(cell, kThinPoints);
  Stroke(row, kThinPoints);
  Centred(label, StyleOf(Typeface::kGothic, 12), cell);
}

void FormDrawing::Table() {
  Row(kNumberRow, kNumberLabel);
  Row(kNameRow, kNameLabel);
  Row(kBirthDateRow, kBirthDateLabel);
  Stroke({kNumberRow.x, kNumberRow.y, kNumberRow.width, kBirthDateRow.bottom() - kNumberRow.y}, kFramePoints);
}

void FormDrawing::AboutNotice() {
  double y = kAboutNoticeTop;
  for (const char* text : kAboutNotice) y = Bullet(text, y, kRight - kLeft);
}

void FormDrawing::AboutCard() {
  Shade(kCardHeadingBox);
  Stroke(kCardHeadingBox, kThinPoints);
  Centred(kCardHeading, StyleOf(Typeface::kGothic, 12), kCardHeadingBox);
  double y = kAboutCardTop;
  for (const char* text : kAboutCard) y = Bullet(text, y, kAboutCardWidth);
  Centred(kQrCaption, StyleOf(Typeface::kGothic, 8),
          {kQrBox.x, kQrBox.bottom() + Millimetres(3), kQrBox.width, Millimetres(4)});
  Row(kApplicationIdRow, kApplicationIdLabel);
  Stroke(kApplicationIdRow, kFramePoints);
  Line(kTrademark, StyleOf(Typeface::kMincho, 7), kLeft, kApplicationIdRow.bottom() + Millimetres(1.2));
}

double FormDrawing::EnquiryLine(std::string_view text, Typeface typeface, double size_points, double y) {
  constexpr double kPadding = Millimetres(3);
  const Sizes sizes = {size_points, size_points / 2, size_points / 2};
  const Room room = {kEnquiryBox.width - 2 * kPadding, size_points * 1.5};
  const SetText line = Keep(SetToFit(fonts_, text, typeface, sizes, room));
  if (line.layout != nullptr) Draw(page_, line, kEnquiryBox.x + kPadding, y);
  return y + line.height_points;
}

void FormDrawing::Enquiry(const NoticeForm& form) {
  Stroke(kEnquiryBox, kThinPoints);
  double y = kEnquiryBox.y + Millimetres(2);
  y = EnquiryLine(absl::StrCat(kEnquiryLabel, "　", form.enquiry_name), Typeface::kGothic, 8.5, y);
  y = EnquiryLine(form.enquiry_phone, Typeface::kGothic, 17, y + Millimetres(1)) + Millimetres(0.5);
  for (const std::string& hours : form.enquiry_hours) {
    y = EnquiryLine(hours, Typeface::kMincho, 8.5, y + Millimetres(0.5));
  }
}

void FormDrawing::VoiceCode() {
  Stroke(kVoiceCodeBox, kThinPoints);
  double y = kVoiceCodeBox.y - Millimetres(7);
  for (const char* text : kVoiceCodeLabel) {
    const Box line = {kVoiceCodeBox.x, y, kVoiceCodeBox.width, Millimetres(3.2)};
    Centred(text, StyleOf(Typeface::kGothic, 7), line);
    y = line.bottom();
  }
  cairo_new_path(page_);
  cairo_arc(page_, kPaper.right(), kVoiceCodeBox.y + kVoiceCodeBox.height / 2, kNotchRadius, kPi / 2, kPi * 3 / 2);
  cairo_stroke(page_);
  Line(kFactoryLabel, StyleOf(Typeface::kGothic, 7), kFactoryBox.x, kFactoryBox.y);
}

void FormDrawing::DrawAll(const NoticeForm& form) {
  Style title = StyleOf(Typeface::kGothic, 25);
  Centred(kTitle, title, kTitleBox);
  Table();
  AboutNotice();
  AboutCard();
  Enquiry(form);
  VoiceCode();
}

}  // namespace

absl::StatusOr<Owned<cairo_surface_t>> RecordForm(const Fonts& fonts, const NoticeForm& form) {
  if (form.enquiry_hours.size() > kEnquiryHoursMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("The notice has room for ", kEnquiryHoursMax, " lines of hours: shorten enquiry_hours."));
  }
  const cairo_rectangle_t extents = {0, 0, kPaper.width, kPaper.height};
  Owned<cairo_surface_t> recorded(cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &extents));
  Owned<cairo_t> page(cairo_create(recorded.get()));
  FormDrawing drawing(fonts, page.get());
  drawing.DrawAll(form);
  if (!drawing.status().ok()) {
    return absl::Status(drawing.status().code(), absl::StrCat("The form's text ", drawing.status().message(), "."));
  }
  return recorded;
}

}  // namespace mynumber::notice_document
