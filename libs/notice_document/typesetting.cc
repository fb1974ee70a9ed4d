#include "libs/notice_document/typesetting.h"

#include <pango/pangocairo.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace mynumber::notice_document {
namespace {

// Sizes differ by this at least, so that a thread meets few of them and keeps the fonts of each.
constexpr double kSizeStepPoints = 0.5;
// Of a long name's lines.
constexpr double kLineSpacing = 1.15;

void Insert(PangoAttrList* attributes, PangoAttribute* attribute, size_t begin, size_t end) {
  attribute->start_index = static_cast<guint>(begin);
  attribute->end_index = static_cast<guint>(end);
  pango_attr_list_insert(attributes, attribute);
}

PangoAttrList* Attributes(const Fonts& fonts, const std::vector<Fonts::Run>& runs, size_t text_size,
                          const Style& style) {
  PangoAttrList* const attributes = pango_attr_list_new();
  for (const Fonts::Run& run : runs) {
    Owned<PangoFontDescription> sized(pango_font_description_copy_static(fonts.description(run.font)));
    pango_font_description_set_absolute_size(sized.get(), style.size_points * PANGO_SCALE);
    Insert(attributes, pango_attr_font_desc_new(sized.get()), run.begin, run.end);
  }
  Insert(attributes, pango_attr_fallback_new(FALSE), 0, text_size);
  if (style.letter_spacing_points != 0) {
    const int spacing = static_cast<int>(style.letter_spacing_points * PANGO_SCALE);
    Insert(attributes, pango_attr_letter_spacing_new(spacing), 0, text_size);
  }
  return attributes;
}

void Measure(SetText* text) {
  int width = 0, height = 0;
  pango_layout_get_size(text->layout.get(), &width, &height);
  text->width_points = static_cast<double>(width) / PANGO_SCALE;
  text->height_points = static_cast<double>(height) / PANGO_SCALE;
}

SetText SetRuns(const Fonts& fonts, std::string_view text, const std::vector<Fonts::Run>& runs, const Style& style,
                double width_points) {
  SetText set;
  set.layout.reset(pango_layout_new(fonts.context()));
  PangoLayout* const layout = set.layout.get();
  pango_layout_set_text(layout, text.data(), static_cast<int>(text.size()));
  PangoAttrList* const attributes = Attributes(fonts, runs, text.size(), style);
  pango_layout_set_attributes(layout, attributes);
  pango_attr_list_unref(attributes);
  if (width_points > 0) {
    pango_layout_set_width(layout, static_cast<int>(width_points * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
  }
  if (style.line_spacing > 0) pango_layout_set_line_spacing(layout, static_cast<float>(style.line_spacing));
  Measure(&set);
  return set;
}

}  // namespace

absl::StatusOr<SetText> SetLine(const Fonts& fonts, std::string_view text, const Style& style) {
  return SetParagraph(fonts, text, style, 0);
}

absl::StatusOr<SetText> SetParagraph(const Fonts& fonts, std::string_view text, const Style& style,
                                     double width_points) {
  absl::StatusOr<std::vector<Fonts::Run>> runs = fonts.Cover(text, style.typeface);
  if (!runs.ok()) return runs.status();
  return SetRuns(fonts, text, *runs, style, width_points);
}

absl::StatusOr<SetText> SetToFit(const Fonts& fonts, std::string_view text, Typeface typeface, const Sizes& sizes,
                                 const Room& room) {
  absl::StatusOr<std::vector<Fonts::Run>> runs = fonts.Cover(text, typeface);
  if (!runs.ok()) return runs.status();
  Style style;
  style.typeface = typeface;
  style.size_points = sizes.greatest_points;
  SetText line = SetRuns(fonts, text, *runs, style, 0);
  if (line.width_points <= room.width_points) return line;
  // Without hinting, widths grow with the size.
  const double fitting = sizes.greatest_points * room.width_points / line.width_points;
  style.size_points = std::floor(fitting / kSizeStepPoints) * kSizeStepPoints;
  if (style.size_points >= sizes.smallest_line_points) return SetRuns(fonts, text, *runs, style, 0);
  style.line_spacing = kLineSpacing;
  for (style.size_points = sizes.greatest_points; style.size_points >= sizes.smallest_points;
       style.size_points -= kSizeStepPoints) {
    SetText lines = SetRuns(fonts, text, *runs, style, room.width_points);
    if (lines.height_points <= room.height_points && lines.width_points <= room.width_points) return lines;
  }
  return absl::InvalidArgumentError("is longer than the place that the notice has for it");
}

void Draw(cairo_t* page, const SetText& text, double x, double y) {
  cairo_move_to(page, x, y);
  pango_cairo_show_layout(page, text.layout.get());
}

}  // namespace mynumber::notice_document
