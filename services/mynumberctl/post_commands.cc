#include "services/mynumberctl/post_commands.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/calendar/date.h"
#include "services/mynumberctl/commands.h"
#include "services/mynumberctl/display_text.h"
#include "services/mynumberctl/resident_row.h"
#include "services/mynumberctl/table.h"

namespace mynumber::mynumberctl {
namespace {

using Stub = postoffice::v1::PostOfficeService::Stub;

struct Range {
  std::string first;
  std::string last;
};

ExitCode RegisterRange(Session& session, const Range& range) {
  postoffice::v1::RegisterTrackingRangeRequest request;
  *request.mutable_actor() = session.Actor();
  request.set_first_tracking_number(range.first);
  request.set_last_tracking_number(range.last);
  postoffice::v1::RegisterTrackingRangeResponse response;
  const ExitCode code = session.Read(&Stub::RegisterTrackingRange, request, &response);
  if (code != ExitCode::kDone) return code;
  if (session.json()) {
    session.PrintJson(response);
  } else {
    session.console.out << Grouped(response.count()) << " tracking numbers are registered.\n";
  }
  return code;
}

ExitCode UnknownWords(Session& session) {
  postoffice::v1::ListUnknownWordsRequest request;
  *request.mutable_actor() = session.Actor();
  postoffice::v1::ListUnknownWordsResponse response;
  const ExitCode code = session.Read(&Stub::ListUnknownWords, request, &response);
  if (code != ExitCode::kDone) return code;
  Table table({{"REPORTS", Align::kRight}, {"WORD", Align::kLeft, Fit::kWrap}});
  for (const auto& word : response.words()) {
    if (session.json()) session.PrintJson(word);
    table.Add({Grouped(word.count()), Printable(word.status())});
  }
  if (session.json()) return code;
  if (table.empty()) {
    session.console.err << "Every word of the carrier is known.\n";
  } else {
    table.Print(session.console.out, session.console.out_columns());
  }
  return code;
}

}  // namespace

void AsPostOffice(CLI::App* command, Session& session, std::function<ExitCode()> run) {
  command->callback([&session, run = std::move(run)] {
    session.action = [&session, run] {
      if (session.settings.authority.empty()) session.settings.authority = "post-office";
      return run();
    };
  });
}

calendar::Day TodayInTokyo() { return calendar::DayInTokyo(absl::ToUnixMicros(absl::Now())); }

bool ReadDay(const Session& session, const std::string& text, const char* option, calendar::Day* day) {
  if (text.empty()) return true;
  mynumber::type::Date date;
  const auto read = ReadDate(text, &date) ? calendar::ToDay(date) : std::nullopt;
  if (read) *day = *read;
  if (!read) session.Usage(absl::StrCat(option, " is not a day as 2016-04-01: write year, month and day"));
  return read.has_value();
}

ExitCode ReadManifest(Session& session, const postoffice::v1::GetManifestRequest& request,
                      const std::function<void(const postoffice::v1::ManifestPiece& piece)>& sink,
                      uint64_t* without_number) {
  if (!session.Connect()) return ExitCode::kUnavailable;
  grpc::ClientContext context;
  auto stream = session.post_office().GetManifest(&context, request);
  postoffice::v1::GetManifestResponse response;
  while (stream->Read(&response)) {
    for (const auto& piece : response.pieces()) sink(piece);
    *without_number = response.without_number();
  }
  const grpc::Status status = stream->Finish();
  return status.ok() ? ExitCode::kDone : session.Fail(status);
}

ExitCode AllHaveNumbers(const Session& session, uint64_t without_number) {
  if (without_number == 0) return ExitCode::kDone;
  return session.Refuse(absl::StrCat(Grouped(without_number),
                                     " notices could not be posted, since no tracking numbers are left: register the "
                                     "carrier's next range with `mynumberctl post register-range`, and ask again"));
}

void AddPost(CLI::App& post, Session& session) {
  auto* registers = post.add_subcommand("register-range", "Register tracking numbers that the carrier gave");
  auto range = std::make_shared<Range>();
  registers->add_option("FIRST", range->first, "With its check digit, as 301-00-10000-0")->required();
  registers->add_option("LAST", range->last, "Included")->required();
  AsPostOffice(registers, session, [&session, range] { return RegisterRange(session, *range); });
  AddPostManifest(post, session);
  AddPostImport(post, session);
  AddPostSimulate(post, session);
  auto* words = post.add_subcommand("unknown-words", "Words of the carrier that nobody knows, and how often they came");
  AsPostOffice(words, session, [&session] { return UnknownWords(session); });
}

}  // namespace mynumber::mynumberctl
