#include "tests/bench/notice_measures.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>

#include "absl/strings/str_format.h"
#include "libs/notice_document/notice_document.h"

namespace mynumber::bench {
namespace {

using notice_document::Notice;
using notice_document::NoticeForm;
using notice_document::PrintRun;
using notice_document::RenderNotice;

// Of a print run.
constexpr uint64_t kRunPages = 200;
// What a notice has, white space not counted.
constexpr int kGlyphs = 840;
constexpr int kDistinctGlyphs = 230;
constexpr double kPaperWidthPoints = 595.28, kPaperHeightPoints = 841.89;

// Of this thread: what others do on the machine does not count.
double ProcessorSeconds() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

void Require(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "bench: %s\n", status.ToString().c_str());
  std::exit(1);
}

NoticeForm Form() {
  NoticeForm form;
  form.application_url = "https://apply.mynumber.invalid/form?id=";
  form.enquiry_phone = "0120-95-0178";
  form.enquiry_name = "マイナンバー総合フリーダイヤル";
  form.enquiry_hours = {"平日　9時30分～20時00分", "土日祝　9時30分～17時30分（年末年始を除く）"};
  form.creation_time = absl::FromUnixSeconds(1'795'132'800);
  return form;
}

// Each with another name and application ID, as they come.
Notice MadeUpNotice(uint64_t index) {
  static constexpr const char* kFamilyNames[] = {"見本", "架空", "例示", "仮名", "雛形", "標本", "模擬", "想定"};
  static constexpr const char* kGivenNames[] = {"太郎", "花子", "一郎", "良子", "二葉", "三奈", "五月", "千尋"};
  Notice notice;
  notice.issue_date = "令和8年11月20日";
  notice.mayor_title = "架空市長";
  notice.mayor_name = "例示 花子";
  notice.number = "123456789018";
  notice.name = absl::StrFormat("%s %s", kFamilyNames[index % 8], kGivenNames[index / 8 % 8]);
  notice.birth_date = absl::StrFormat("平成%d年%d月%d日", index % 30 + 1, index % 12 + 1, index % 28 + 1);
  notice.application_id = absl::StrFormat("%023d", index * 7'919'000'001);
  notice.factory_code = absl::StrFormat("%09d", index);
  notice.control_codes = absl::StrFormat("202611201 120000 0000002 %08d 2/9", index);
  return notice;
}

// Pages a second of processor time; `draw` makes a document of so many pages.
double Rate(double seconds, uint64_t document_pages, const std::function<void(uint64_t first)>& draw) {
  // Fonts are opened once in a process's life.
  draw(0);
  uint64_t pages = 0;
  const double start = ProcessorSeconds();
  double taken = 0;
  for (; taken < seconds; taken = ProcessorSeconds() - start) {
    pages += document_pages;
    draw(pages);
  }
  return static_cast<double>(pages) / taken;
}

void DrawSingle(uint64_t index) { Require(RenderNotice(Form(), MadeUpNotice(index)).status()); }

void DrawRun(uint64_t first) {
  size_t bytes = 0;
  auto run = PrintRun::Begin(Form(), [&bytes](std::string_view part) {
    bytes += part.size();
    return absl::OkStatus();
  });
  Require(run.status());
  for (uint64_t i = first; i < first + kRunPages; ++i) Require((*run)->Add(MadeUpNotice(i)));
  Require((*run)->Finish());
}

cairo_status_t CountBytes(void* closure, const unsigned char*, unsigned int size) {
  *static_cast<size_t*>(closure) += size;
  return CAIRO_STATUS_SUCCESS;
}

// A paragraph of kanji, kGlyphs of kDistinctGlyphs; another one for each page.
std::string BareText(uint64_t page) {
  std::string text;
  for (int i = 0; i < kGlyphs; ++i) {
    char utf8[6];
    const auto at = static_cast<gunichar>((static_cast<uint64_t>(i) * 7 + page) % kDistinctGlyphs);
    text.append(utf8, static_cast<size_t>(g_unichar_to_utf8(0x5100 + at, utf8)));
  }
  return text;
}

void DrawBarePage(cairo_t* page, uint64_t index) {
  PangoLayout* const layout = pango_cairo_create_layout(page);
  PangoFontDescription* const font = pango_font_description_from_string("IPAmjMincho 10");
  pango_layout_set_font_description(layout, font);
  pango_layout_set_width(layout, 480 * PANGO_SCALE);
  const std::string text = BareText(index);
  pango_layout_set_text(layout, text.data(), static_cast<int>(text.size()));
  cairo_move_to(page, 50, 50);
  pango_cairo_show_layout(page, layout);
  cairo_show_page(page);
  pango_font_description_free(font);
  g_object_unref(layout);
}

void DrawBare(uint64_t first, uint64_t pages) {
  size_t bytes = 0;
  cairo_surface_t* const pdf =
      cairo_pdf_surface_create_for_stream(&CountBytes, &bytes, kPaperWidthPoints, kPaperHeightPoints);
  cairo_t* const page = cairo_create(pdf);
  for (uint64_t i = 0; i < pages; ++i) DrawBarePage(page, first + i);
  cairo_destroy(page);
  cairo_surface_destroy(pdf);
  if (bytes == 0) Require(absl::InternalError("Cairo wrote nothing."));
}

}  // namespace

void MeasureNotices(double seconds, Report* report) {
  const double singles = Rate(seconds, 1, DrawSingle);
  const double bare_singles = Rate(seconds, 1, [](uint64_t index) { DrawBare(index, 1); });
  report->Add({"notice.pdf.single", singles, "pages/s", "bare Cairo and Pango, one page", bare_singles,
               ">= 100/s on one core", singles >= 100});
  const double pages = Rate(seconds, kRunPages, DrawRun);
  const double bare_pages = Rate(seconds, kRunPages, [](uint64_t first) { DrawBare(first, kRunPages); });
  report->Add({"notice.pdf.run", pages, "pages/s", "bare Cairo and Pango, 200 pages", bare_pages,
               ">= 250/s on one core", pages >= 250});
}

}  // namespace mynumber::bench
