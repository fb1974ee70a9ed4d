#include "libs/notice_document/page.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "libs/identifiers/individual_number.h"
#include "libs/identifiers/person_name.h"
#include "libs/notice_document/geometry.h"
#include "libs/notice_document/wording.h"

namespace mynumber::notice_document {
namespace {

constexpr size_t kApplicationIdDigits = 23;
constexpr int kDateCharactersMax = 24;
constexpr int kFactoryCodeCharactersMax = 24;
constexpr int kControlCodesCharactersMax = 60;

constexpr Sizes kNameSizes = {20, 14, 5.5};
constexpr Sizes kAliasSizes = {13, 10, 5.5};
constexpr Sizes kMayorSizes = {14, 9, 4};

absl::Status Refused(const std::string& field, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("The notice's ", field, " ", why, "."));
}

// "1234 5678 9012 3456 7890 123"
std::string GroupByFour(const std::string& digits) {
  std::string groups;
  for (size_t at = 0; at < digits.size(); at += 4) {
    absl::StrAppend(&groups, at == 0 ? "" : " ", digits.substr(at, 4));
  }
  return groups;
}

// Sets the texts one after the other; after the first that is refused it does nothing more.
class PageSetting {
 public:
  PageSetting(const Fonts& fonts, SetNotice* page) : fonts_(fonts), page_(page) {}

  const absl::Status& status() const { return status_; }
  void Check(const std::string& field, std::string_view text, int characters_max, bool may_be_empty);

  // Set in the middle of the box's height, and against its left or right end.
  enum class End { kLeft, kRight };
  void Place(const std::string& field, std::string_view text, Typeface typeface, const Sizes& sizes, const Box& box,
             End end = End::kLeft);

 private:
  const Fonts& fonts_;
  SetNotice* page_;
  absl::Status status_;
};

void PageSetting::Check(const std::string& field, std::string_view text, int characters_max, bool may_be_empty) {
  if (!status_.ok() || (text.empty() && may_be_empty)) return;
  switch (identifiers::CheckName(text, characters_max).verdict) {
    case identifiers::NameVerdict::kValid:
      return;
    case identifiers::NameVerdict::kNotUtf8:
      status_ = Refused(field, "is not UTF-8: send it in that encoding");
      return;
    case identifiers::NameVerdict::kControlCharacter:
      status_ = Refused(field, "holds a control character or an invisible one: take it out");
      return;
    case identifiers::NameVerdict::kEmpty:
      status_ = Refused(field, "is empty: give it");
      return;
    case identifiers::NameVerdict::kTooLong:
      status_ = Refused(field, absl::StrCat("has more than ", characters_max, " characters: shorten it"));
      return;
  }
}

void PageSetting::Place(const std::string& field, std::string_view text, Typeface typeface, const Sizes& sizes,
                        const Box& box, End end) {
  if (!status_.ok() || text.empty()) return;
  absl::StatusOr<SetText> set = SetToFit(fonts_, text, typeface, sizes, {box.width, box.height});
  if (!set.ok()) {
    status_ = Refused(field, set.status().message());
    return;
  }
  const double x = end == End::kLeft ? box.x : box.right() - set->width_points;
  const double y = box.y + (box.height - set->height_points) / 2;
  page_->texts.push_back({*std::move(set), x, y});
}

// The part of a table's row that is right of its label.
Box ValueOf(const Box& row) {
  return {row.x + kLabelWidth + kCellPadding, row.y, row.width - kLabelWidth - 2 * kCellPadding, row.height};
}

Sizes OneSize(double size_points) { return {size_points, size_points / 2, size_points / 2}; }

void PlaceName(const Notice& notice, PageSetting* setting) {
  Box box = ValueOf(kNameRow);
  box.y += Millimetres(0.5);
  box.height -= Millimetres(1);
  if (notice.alias.empty()) {
    setting->Place("name", notice.name, Typeface::kMincho, kNameSizes, box);
    return;
  }
  const double name_height = box.height * 0.56;
  setting->Place("name", notice.name, Typeface::kMincho, kNameSizes, {box.x, box.y, box.width, name_height});
  const Box below = {box.x, box.y + name_height, box.width, box.height - name_height};
  constexpr double kLabel = Millimetres(11);
  setting->Place("alias", kAliasLabel, Typeface::kGothic, OneSize(9), below);
  setting->Place("alias", notice.alias, Typeface::kMincho, kAliasSizes,
                 {below.x + kLabel, below.y, below.width - kLabel, below.height});
}

void CheckTexts(const Notice& notice, PageSetting* setting) {
  setting->Check("issue_date", notice.issue_date, kDateCharactersMax, false);
  setting->Check("mayor_title", notice.mayor_title, identifiers::kNameCharactersMax, false);
  setting->Check("mayor_name", notice.mayor_name, identifiers::kNameCharactersMax, true);
  setting->Check("name", notice.name, identifiers::kNameCharactersMax, false);
  setting->Check("alias", notice.alias, identifiers::kNameCharactersMax, true);
  setting->Check("birth_date", notice.birth_date, kDateCharactersMax, false);
  setting->Check("factory_code", notice.factory_code, kFactoryCodeCharactersMax, true);
  setting->Check("control_codes", notice.control_codes, kControlCodesCharactersMax, true);
}

void PlaceTexts(const Notice& notice, PageSetting* setting) {
  setting->Place("issue_date", absl::StrCat(notice.issue_date, kIssued), Typeface::kMincho, OneSize(11), kIssueDate,
                 PageSetting::End::kRight);
  const std::string mayor =
      absl::StrCat(notice.mayor_title, notice.mayor_name.empty() ? "" : "　", notice.mayor_name);
  setting->Place("mayor_title or mayor_name", mayor, Typeface::kMincho, kMayorSizes, kMayor, PageSetting::End::kRight);
  setting->Place("number", GroupByFour(notice.number), Typeface::kGothic, OneSize(28), ValueOf(kNumberRow));
  PlaceName(notice, setting);
  setting->Place("birth_date", notice.birth_date, Typeface::kMincho, OneSize(14), ValueOf(kBirthDateRow));
  setting->Place("application_id", GroupByFour(notice.application_id), Typeface::kGothic, OneSize(16),
                 ValueOf(kApplicationIdRow));
  setting->Place("factory_code", notice.factory_code, Typeface::kGothic, OneSize(9),
                 {kFactoryBox.x, kFactoryBox.y + kFactoryBox.height / 3, kFactoryBox.width, kFactoryBox.height / 2});
  setting->Place("control_codes", notice.control_codes, Typeface::kGothic, OneSize(8), kControlCodes);
}

}  // namespace

absl::StatusOr<SetNotice> SetPage(const Fonts& fonts, const NoticeForm& form, const Notice& notice) {
  const identifiers::NumberVerdict verdict = identifiers::IndividualNumber::Judge(notice.number);
  // The sample of the leaflets may be printed: on a sample.
  if (verdict != identifiers::NumberVerdict::kReserved && verdict != identifiers::NumberVerdict::kValid) {
    return identifiers::ToStatus(verdict);
  }
  if (notice.application_id.size() != kApplicationIdDigits ||
      !std::all_of(notice.application_id.begin(), notice.application_id.end(), absl::ascii_isdigit)) {
    return Refused("application_id", "is not 23 digits: give the ID without spaces");
  }
  SetNotice page;
  PageSetting setting(fonts, &page);
  CheckTexts(notice, &setting);
  PlaceTexts(notice, &setting);
  if (!setting.status().ok()) return setting.status();
  absl::StatusOr<QrCode> code = EncodeQrCode(absl::StrCat(form.application_url, notice.application_id));
  if (!code.ok()) return Refused("application_url", code.status().message());
  page.qr_code = *std::move(code);
  return page;
}

void DrawPage(cairo_t* page, cairo_surface_t* recorded_form, const SetNotice& notice) {
  cairo_set_source_surface(page, recorded_form, 0, 0);
  cairo_paint(page);
  cairo_set_source_rgb(page, 0, 0, 0);
  for (const PlacedText& placed : notice.texts) Draw(page, placed.text, placed.x, placed.y);
  Draw(page, notice.qr_code, kQrBox.x, kQrBox.y, kQrBox.width);
}

}  // namespace mynumber::notice_document
