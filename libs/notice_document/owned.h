#ifndef MYNUMBER_LIBS_NOTICE_DOCUMENT_OWNED_H_
#define MYNUMBER_LIBS_NOTICE_DOCUMENT_OWNED_H_

#include <cairo.h>
#include <glib-object.h>
#include <pango/pango.h>

#include <memory>

namespace mynumber::notice_document {

// Pointers that give back what the C libraries gave.
struct Release {
  void operator()(PangoFontMap* it) const { g_object_unref(it); }
  void operator()(PangoContext* it) const { g_object_unref(it); }
  void operator()(PangoLayout* it) const { g_object_unref(it); }
  void operator()(PangoFont* it) const { g_object_unref(it); }
  void operator()(PangoFontDescription* it) const { pango_font_description_free(it); }
  void operator()(cairo_surface_t* it) const { cairo_surface_destroy(it); }
  void operator()(cairo_t* it) const { cairo_destroy(it); }
};
template <typename T>
using Owned = std::unique_ptr<T, Release>;

}  // namespace mynumber::notice_document

#endif  // MYNUMBER_LIBS_NOTICE_DOCUMENT_OWNED_H_
