#ifndef MYNUMBER_LIBS_NOTICE_DOCUMENT_GEOMETRY_H_
#define MYNUMBER_LIBS_NOTICE_DOCUMENT_GEOMETRY_H_

namespace mynumber::notice_document {

// Where things stand on the page: points from the upper left corner, written in millimetres.

constexpr double Millimetres(double length) { return length * 72 / 25.4; }

struct Box {
  double x, y, width, height;
  constexpr double right() const { return x + width; }
  constexpr double bottom() const { return y + height; }
};
constexpr Box BoxOf(double x, double y, double width, double height) {
  return {Millimetres(x), Millimetres(y), Millimetres(width), Millimetres(height)};
}

constexpr Box kPaper = BoxOf(0, 0, 210, 297);
// Between the margins.
constexpr double kLeft = Millimetres(20);
constexpr double kRight = Millimetres(190);

constexpr Box kIssueDate = BoxOf(80, 16, 110, 6);
constexpr Box kMayor = BoxOf(80, 22, 110, 9);
constexpr Box kTitleBox = BoxOf(20, 35, 170, 12);

// The table: labels on the left, what is the resident's on the right.
constexpr double kLabelWidth = Millimetres(34);
constexpr Box kNumberRow = BoxOf(20, 52, 170, 17);
constexpr Box kNameRow = BoxOf(20, 69, 170, 27);
constexpr Box kBirthDateRow = BoxOf(20, 96, 170, 11);
constexpr double kCellPadding = Millimetres(4);

constexpr double kAboutNoticeTop = Millimetres(111);
constexpr Box kCardHeadingBox = BoxOf(20, 153, 170, 8);
constexpr double kAboutCardTop = Millimetres(164);
constexpr double kAboutCardWidth = Millimetres(128);
constexpr Box kQrBox = BoxOf(155, 166, 31, 31);
constexpr Box kApplicationIdRow = BoxOf(20, 224, 170, 11);

constexpr Box kEnquiryBox = BoxOf(20, 245, 92, 27);
// Empty: the voice code is printed or stuck here, and the notch in the paper's edge beside it lets a finger find it.
constexpr Box kVoiceCodeBox = BoxOf(168, 252, 20, 20);
constexpr double kNotchRadius = Millimetres(3);
constexpr Box kFactoryBox = BoxOf(122, 260, 40, 12);
constexpr Box kControlCodes = BoxOf(20, 283, 170, 5);

}  // namespace mynumber::notice_document

#endif  // MYNUMBER_LIBS_NOTICE_DOCUMENT_GEOMETRY_H_
