#include "libs/notice_document/fonts.h"

#include <fontconfig/fontconfig.h>
#include <hb.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace mynumber::notice_document {
namespace {

struct FontFile {
  const char* family;
  const char* path;
  const char* package;
};

// In the order in which they are asked. TrueType all: Cairo embeds their glyphs alone, where it would read the whole of
// an OpenType font with CFF outlines for every document.
constexpr FontFile kFontFiles[] = {
    {"IPAexGothic", "/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf", "fonts-ipaexfont-gothic"},
    {"IPAmjMincho", "/usr/share/fonts/truetype/ipamj/ipamjm.ttf", "fonts-ipamj-mincho"},
    {"IPAexMincho", "/usr/share/fonts/opentype/ipaexfont-mincho/ipaexm.ttf", "fonts-ipaexfont-mincho"},
    {"HanaMinA", "/usr/share/fonts/truetype/hanazono/HanaMinA.ttf", "fonts-hanazono"},
    {"HanaMinB", "/usr/share/fonts/truetype/hanazono/HanaMinB.ttf", "fonts-hanazono"},
    {"DejaVu Serif", "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf", "fonts-dejavu-core"},
};
constexpr size_t kFonts = std::size(kFontFiles);

std::array<size_t, kFonts> OrderFor(Typeface typeface) {
  if (typeface == Typeface::kGothic) return {0, 1, 2, 3, 4, 5};
  return {1, 2, 0, 3, 4, 5};
}

// Fontconfig's objects may be shared by threads, so the files are read once.
absl::StatusOr<FcConfig*> ReadFontFiles() {
  FcConfig* config = FcConfigCreate();
  for (const FontFile& file : kFontFiles) {
    if (FcConfigAppFontAddFile(config, reinterpret_cast<const FcChar8*>(file.path)) == FcTrue) continue;
    FcConfigDestroy(config);
    return absl::FailedPreconditionError(absl::StrCat("The font ", file.family, " of the notice is missing (",
                                                      file.path, "): install Debian's package ", file.package,
                                                      ", or run deploy/install."));
  }
  return config;
}

bool IsVariationSelector(gunichar point) {
  return (point >= 0xFE00 && point <= 0xFE0F) || (point >= 0xE0100 && point <= 0xE01EF) ||
         (point >= 0x180B && point <= 0x180D);
}

bool IsJoiner(gunichar point) { return point == 0x200C || point == 0x200D; }

bool IsPrivateUse(gunichar point) {
  return (point >= 0xE000 && point <= 0xF8FF) || point >= 0xF0000;
}

// The end of the character at `at` with the marks, selectors and joiners that change its shape.
size_t ClusterEnd(std::string_view text, size_t at) {
  const char* const end = text.data() + text.size();
  const char* next = g_utf8_next_char(text.data() + at);
  while (next < end) {
    const gunichar point = g_utf8_get_char(next);
    if (!IsVariationSelector(point) && !IsJoiner(point) && !g_unichar_ismark(point)) break;
    next = g_utf8_next_char(next);
  }
  return static_cast<size_t>(next - text.data());
}

std::vector<gunichar> CodePoints(std::string_view text) {
  std::vector<gunichar> points;
  const char* const end = text.data() + text.size();
  for (const char* next = text.data(); next < end; next = g_utf8_next_char(next)) {
    points.push_back(g_utf8_get_char(next));
  }
  return points;
}

absl::Status NoFontHas(std::string_view cluster) {
  std::string names;
  bool is_private = false;
  for (gunichar point : CodePoints(cluster)) {
    absl::StrAppendFormat(&names, "%sU+%04X", names.empty() ? "" : " ", point);
    is_private = is_private || IsPrivateUse(point);
  }
  if (is_private) {
    return absl::InvalidArgumentError(absl::StrCat(
        "holds ", names, ", a character for private use: its shape is known to one municipality alone; replace it by ",
        "the character that Unicode has for it"));
  }
  return absl::InvalidArgumentError(absl::StrCat("holds ", names, ", which no font of the notice has; ",
                                                 "replace it by a character or a variant that can be printed"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Fonts>> Fonts::Open() {
  static const absl::StatusOr<FcConfig*>* const kConfig = new absl::StatusOr<FcConfig*>(ReadFontFiles());
  if (!kConfig->ok()) return kConfig->status();
  auto fonts = std::unique_ptr<Fonts>(new Fonts);
  fonts->map_.reset(pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT));
  if (fonts->map_ == nullptr) return absl::FailedPreconditionError("This build of Pango has no FreeType fonts.");
  pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(fonts->map_.get()), **kConfig);
  // One unit of a layout is one point of the page.
  pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(fonts->map_.get()), 72);
  fonts->context_.reset(pango_font_map_create_context(fonts->map_.get()));
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options(fonts->context_.get(), options);
  cairo_font_options_destroy(options);
  pango_context_set_round_glyph_positions(fonts->context_.get(), FALSE);
  pango_context_set_language(fonts->context_.get(), pango_language_from_string("ja"));
  for (const FontFile& file : kFontFiles) {
    Loaded loaded;
    loaded.description.reset(pango_font_description_new());
    pango_font_description_set_family_static(loaded.description.get(), file.family);
    Owned<PangoFontDescription> sized(pango_font_description_copy(loaded.description.get()));
    pango_font_description_set_size(sized.get(), 10 * PANGO_SCALE);
    loaded.font.reset(pango_context_load_font(fonts->context_.get(), sized.get()));
    if (loaded.font == nullptr) {
      return absl::FailedPreconditionError(absl::StrCat("The font ", file.family, " (", file.path,
                                                        ") cannot be used: install Debian's package ", file.package,
                                                        " anew."));
    }
    fonts->loaded_.push_back(std::move(loaded));
  }
  return fonts;
}

bool Fonts::Has(size_t font, std::string_view cluster) const {
  hb_font_t* const face = pango_font_get_hb_font(loaded_[font].font.get());
  gunichar last = 0;
  for (gunichar point : CodePoints(cluster)) {
    hb_codepoint_t glyph = 0;
    if (IsPrivateUse(point) || g_unichar_iscntrl(point)) return false;
    if (IsVariationSelector(point)) {
      if (!hb_font_get_variation_glyph(face, last, point, &glyph)) return false;
    } else if (!IsJoiner(point) && !hb_font_get_nominal_glyph(face, point, &glyph)) {
      return false;
    }
    last = point;
  }
  return true;
}

absl::StatusOr<std::vector<Fonts::Run>> Fonts::Cover(std::string_view text, Typeface typeface) const {
  if (!g_utf8_validate_len(text.data(), text.size(), nullptr)) return absl::InvalidArgumentError("is not UTF-8");
  const std::array<size_t, kFonts> order = OrderFor(typeface);
  std::vector<Run> runs;
  for (size_t at = 0; at < text.size();) {
    const size_t end = ClusterEnd(text, at);
    const std::string_view cluster = text.substr(at, end - at);
    size_t asked = 0;
    while (asked < kFonts && !Has(order[asked], cluster)) ++asked;
    if (asked == kFonts) return NoFontHas(cluster);
    if (!runs.empty() && runs.back().font == order[asked]) {
      runs.back().end = end;
    } else {
      runs.push_back({at, end, order[asked]});
    }
    at = end;
  }
  return runs;
}

}  // namespace mynumber::notice_document
