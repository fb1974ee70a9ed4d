#include <memory>
#include <string>

#include "absl/strings/str_format.h"
#include "libs/calendar/date.h"
#include "libs/csv/quoted_field.h"
#include "services/mynumberctl/display_text.h"
#include "services/mynumberctl/post_commands.h"
#include "services/mynumberctl/private_file.h"
#include "services/mynumberctl/progress.h"
#include "services/mynumberctl/show.h"

namespace mynumber::mynumberctl {
namespace {

struct Options {
  std::string date;
  std::string file;
};

void WritePiece(const postoffice::v1::ManifestPiece& piece, std::string* line, std::ostream& out) {
  line->clear();
  csv::AppendLine({piece.tracking_number(), piece.addressee_name(), piece.postal_code(), piece.address(),
                   piece.municipality_code(), piece.notice()},
                  line);
  out << *line;
}

ExitCode Manifest(Session& session, const Options& options) {
  if (options.file.empty() && session.console.out_is_terminal) {
    return session.Usage("a manifest has names and addresses: name the file that it goes to with --file");
  }
  postoffice::v1::GetManifestRequest request;
  *request.mutable_actor() = session.Actor();
  calendar::Day day;
  if (!ReadDay(session, options.date, "--date", &day)) return ExitCode::kUsage;
  if (!options.date.empty()) *request.mutable_posting_date() = calendar::ToDate(day);
  PrivateFile file;
  if (!file.Open(session, options.file, "--file")) return ExitCode::kUsage;
  std::ostream& out = file.out() != nullptr ? *file.out() : session.console.out;
  std::string line;
  csv::AppendLine({"お問い合わせ番号", "宛名", "郵便番号", "住所", "差出人", "通知"}, &line);
  out << line;
  Progress progress(session.console, "pieces");
  uint64_t pieces = 0;
  uint64_t without_number = 0;
  const ExitCode code = ReadManifest(
      session, request,
      [&](const auto& piece) {
        WritePiece(piece, &line, out);
        progress.Update(++pieces, -1, "");
      },
      &without_number);
  progress.Clear();
  if (code != ExitCode::kDone) return code;
  // Standard output may be the manifest itself.
  std::ostream& account = file.out() != nullptr ? session.console.out : session.console.err;
  if (session.json()) {
    account << absl::StrFormat("{\"pieces\":%d,\"without_number\":%d}\n", pieces, without_number);
  } else {
    account << Grouped(pieces) << " pieces are on the manifest.\n";
  }
  return file.Close(session, AllHaveNumbers(session, without_number));
}

}  // namespace

void AddPostManifest(CLI::App& post, Session& session) {
  auto* command = post.add_subcommand(
      "manifest", "The pieces of a posting day as CSV; today's are given their tracking numbers. Ends with 1 if "
                  "numbers were wanting");
  auto options = std::make_shared<Options>();
  command->add_option("--date", options->date, "YYYY-MM-DD; default: today in Tokyo");
  command->add_option("--file", options->file, "Write it to this file, which its owner alone can read");
  AsPostOffice(command, session, [&session, options] { return Manifest(session, *options); });
}

}  // namespace mynumber::mynumberctl
