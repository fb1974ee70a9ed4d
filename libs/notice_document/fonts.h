#ifndef MYNUMBER_LIBS_NOTICE_DOCUMENT_FONTS_H_
#define MYNUMBER_LIBS_NOTICE_DOCUMENT_FONTS_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/notice_document/owned.h"

namespace mynumber::notice_document {

// Which font is asked first; the others follow in a fixed order, so that rare kanji are found.
enum class Typeface {
  kGothic,
  // IPAmj Mincho, drawn for the kanji of the residence records: for names, and for all that is not a heading, since
  // every further font costs time in every document.
  kMincho,
};

// The notice's fonts, and none beside them whatever else is installed. Of one thread.
class Fonts {
 public:
  // FAILED_PRECONDITION: a font file is missing.
  static absl::StatusOr<std::unique_ptr<Fonts>> Open();

  PangoContext* context() const { return context_.get(); }

  // Bytes [begin, end) of a text that one font draws.
  struct Run {
    size_t begin;
    size_t end;
    size_t font;
  };
  // A font for every character together with its marks and variation selectors. INVALID_ARGUMENT names the code points
  // that no font has, or says that the text is not UTF-8.
  absl::StatusOr<std::vector<Run>> Cover(std::string_view text, Typeface typeface) const;

  // The description of a font of a run, without a size.
  const PangoFontDescription* description(size_t font) const { return loaded_[font].description.get(); }

 private:
  struct Loaded {
    Owned<PangoFontDescription> description;
    Owned<PangoFont> font;
  };
  Fonts() = default;
  bool Has(size_t font, std::string_view cluster) const;

  Owned<PangoFontMap> map_;
  Owned<PangoContext> context_;
  std::vector<Loaded> loaded_;
};

}  // namespace mynumber::notice_document

#endif  // MYNUMBER_LIBS_NOTICE_DOCUMENT_FONTS_H_
