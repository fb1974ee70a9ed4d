#ifndef MYNUMBER_LIBS_NOTICE_DOCUMENT_TYPESETTING_H_
#define MYNUMBER_LIBS_NOTICE_DOCUMENT_TYPESETTING_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "libs/notice_document/fonts.h"
#include "libs/notice_document/owned.h"

namespace mynumber::notice_document {

// Lengths are points (1/72 inch).

struct Style {
  Typeface typeface = Typeface::kMincho;
  double size_points = 10;
  double letter_spacing_points = 0;
  // Of the lines of a paragraph, as a factor of the font's own; 0 for that.
  double line_spacing = 0;
};

// Text with a shape, ready to be drawn.
struct SetText {
  Owned<PangoLayout> layout;
  double width_points = 0;
  double height_points = 0;
};

// One line, or with `width_points` > 0 lines of that width. Errors as Fonts::Cover.
absl::StatusOr<SetText> SetLine(const Fonts& fonts, std::string_view text, const Style& style);
absl::StatusOr<SetText> SetParagraph(const Fonts& fonts, std::string_view text, const Style& style,
                                     double width_points);

struct Room {
  double width_points;
  double height_points;
};
struct Sizes {
  double greatest_points;
  // One line is made as small as this before it is broken into several, which start again from the greatest size
  double smallest_line_points;
  // and become as small as this.
  double smallest_points;
};
// As large as fits into the room. INVALID_ARGUMENT: not even at the smallest size; or as Fonts::Cover.
absl::StatusOr<SetText> SetToFit(const Fonts& fonts, std::string_view text, Typeface typeface, const Sizes& sizes,
                                 const Room& room);

// Draws with the upper left corner at (x, y).
void Draw(cairo_t* page, const SetText& text, double x, double y);

}  // namespace mynumber::notice_document

#endif  // MYNUMBER_LIBS_NOTICE_DOCUMENT_TYPESETTING_H_
