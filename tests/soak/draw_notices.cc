// Draws the notices whose fields come as lines on standard input, with tabs between, in the order of Notice: each as
// FOLDER/<line>.pdf, and all of them as pages of FOLDER/run.pdf.  usage: draw_notices FOLDER APPLICATION_URL

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/notice_document/notice_document.h"

namespace {

using mynumber::notice_document::Notice;
using mynumber::notice_document::NoticeForm;
using mynumber::notice_document::PrintRun;
using mynumber::notice_document::RenderNotice;

constexpr size_t kFields = 10;

void Require(const absl::Status& status, int line) {
  if (status.ok()) return;
  std::cerr << "draw_notices: line " << line << ": " << status << "\n";
  std::exit(1);
}

NoticeForm FormWith(const std::string& application_url) {
  NoticeForm form;
  form.application_url = application_url;
  form.enquiry_phone = "0120-95-0178";
  form.enquiry_name = "マイナンバー総合フリーダイヤル";
  form.enquiry_hours = {"平日　9時30分～20時00分", "土日祝　9時30分～17時30分（年末年始を除く）"};
  form.creation_time = absl::FromUnixSeconds(1'795'132'800);
  return form;
}

Notice NoticeOf(const std::string& line, int number) {
  const std::vector<std::string> fields = absl::StrSplit(line, '\t');
  if (fields.size() != kFields) Require(absl::InvalidArgumentError("not ten fields"), number);
  return {fields[0], fields[1], fields[2], fields[3], fields[4], fields[5], fields[6], fields[7], fields[8], fields[9]};
}

std::ofstream NewFile(const std::string& folder, const std::string& name) {
  return std::ofstream(absl::StrCat(folder, "/", name, ".pdf"), std::ios::binary);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return std::fprintf(stderr, "usage: draw_notices FOLDER APPLICATION_URL < LINES\n"), 2;
  const std::string folder = argv[1];
  const NoticeForm form = FormWith(argv[2]);
  std::ofstream all = NewFile(folder, "run");
  auto run = PrintRun::Begin(form, [&all](std::string_view bytes) {
    all.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return all ? absl::OkStatus() : absl::UnavailableError("The file cannot be written.");
  });
  Require(run.status(), 0);
  int number = 0;
  for (std::string line; std::getline(std::cin, line); ++number) {
    const Notice notice = NoticeOf(line, number);
    const auto single = RenderNotice(form, notice);
    Require(single.status(), number);
    if (!(NewFile(folder, absl::StrCat(number)) << *single)) Require(absl::UnavailableError("cannot write"), number);
    Require((*run)->Add(notice), number);
  }
  Require((*run)->Finish(), number);
  return 0;
}
