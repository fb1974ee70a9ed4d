#ifndef MYNUMBER_LIBS_NOTICE_DOCUMENT_NOTICE_DOCUMENT_H_
#define MYNUMBER_LIBS_NOTICE_DOCUMENT_NOTICE_DOCUMENT_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace mynumber::notice_document {

// The Individual Number Notice (docs/domain.md B.1) as a PDF: one page of A4, text that can be read back, fonts
// embedded. All texts are UTF-8.
//
// Threads: every function may be called from any thread. Each thread that calls keeps fonts and what is the same on
// every notice until it ends: the first call of a process takes some 50 ms, of a thread some 10 ms more than others. A
// PrintRun belongs to the thread that began it.
//
// The same arguments give the same bytes. Nothing of the resident stands in the PDF's metadata, and no error holds
// more of them than one character of a name.

// What is the same on every notice of a run.
struct NoticeForm {
  // A QR code opens this with the application ID appended, as "https://.../apply?id=".
  std::string application_url;
  // The line for enquiries: number, whose it is, and when somebody answers (a line each, 4 at most).
  std::string enquiry_phone;
  std::string enquiry_name;
  std::vector<std::string> enquiry_hours;
  // The PDF's date of creation, in whole seconds.
  absl::Time creation_time;
};

struct Notice {
  std::string issue_date;   // as printed, "令和8年11月20日"
  std::string mayor_title;  // "架空市長"
  std::string mayor_name;   // may be empty
  std::string number;       // an Individual Number: twelve digits, the check digit right
  std::string name;         // identifiers::CheckName takes it
  std::string alias;        // 通称; may be empty
  std::string birth_date;   // as printed
  std::string application_id;  // 23 digits
  // Marks of the printer, at most 24 and 60 characters; may be empty.
  std::string factory_code;   // "031100007"
  std::string control_codes;  // batch and page, "202611201 120000 0000002 00000008 2/9"
};

// The notice as a PDF. A long name is made smaller, then broken into lines, and always stands there whole.
//
// INVALID_ARGUMENT: a field cannot be printed as it is; the sentence names field and reason. Where no font has a
// character, it names the code point (or code point and variation selector): no other shape is drawn in its place.
// Characters for private use (municipal gaiji) always end so, since each municipality means another shape by them.
// FAILED_PRECONDITION: a font of deploy/packages.txt is missing on this machine.
absl::StatusOr<std::string> RenderNotice(const NoticeForm& form, const Notice& notice);

// Many notices as pages of one PDF, written as it grows. Memory grows by the glyphs in use, and hardly by
// pages: 0.3 MB over 24,000 of them.
class PrintRun {
 public:
  // Takes the next bytes of the PDF. After an error it is not called again.
  using Write = std::function<absl::Status(std::string_view bytes)>;

  // Errors as RenderNotice.
  static absl::StatusOr<std::unique_ptr<PrintRun>> Begin(const NoticeForm& form, Write write);
  // Without Finish, what was written is no whole PDF.
  virtual ~PrintRun() = default;

  // Appends a page. INVALID_ARGUMENT as RenderNotice: the run has no such page and goes on. Any other error is final:
  // Write's own, or one of this class.
  virtual absl::Status Add(const Notice& notice) = 0;

  // Writes the rest. At most once; nothing may be added after. FAILED_PRECONDITION: the run has no page.
  virtual absl::Status Finish() = 0;
};

}  // namespace mynumber::notice_document

#endif  // MYNUMBER_LIBS_NOTICE_DOCUMENT_NOTICE_DOCUMENT_H_
