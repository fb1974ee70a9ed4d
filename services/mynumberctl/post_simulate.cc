#include <array>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/calendar/date.h"
#include "libs/carrier_csv/tracking_row_writer.h"
#include "libs/simulated_post_office/simulated_post_office.h"
#include "services/mynumberctl/bulk_command.h"
#include "services/mynumberctl/display_text.h"
#include "services/mynumberctl/post_commands.h"
#include "services/mynumberctl/private_file.h"
#include "services/mynumberctl/report_tally.h"

namespace mynumber::mynumberctl {
namespace {

using simulated_post_office::Piece;
using simulated_post_office::PlayedPiece;
using simulated_post_office::SentReport;

struct Options {
  simulated_post_office::Settings play;
  std::string route;
  std::string date;
  std::string send_from;
  std::string send_until;
  std::string file;
  BulkOptions bulk;
};

// Reports of one piece after another, each piece's in the order of sending, of the days that are asked for.
class Reports {
 public:
  Reports(const simulated_post_office::Settings& settings, std::vector<Piece> pieces, calendar::Day from,
          calendar::Day until)
      : settings_(settings), pieces_(std::move(pieces)), from_(from), until_(until) {}

  // Null: there are no more. Lives until the next call.
  const SentReport* Next() {
    for (;;) {
      for (; next_ < played_.sent.size(); ++next_) {
        const SentReport& sent = played_.sent[next_];
        if (sent.day >= from_ && sent.day <= until_) return &played_.sent[next_++];
      }
      if (pieces_played_ == pieces_.size()) return nullptr;
      played_ = simulated_post_office::Play(settings_, pieces_[pieces_played_++]);
      ++routes_[static_cast<size_t>(played_.route)];
      next_ = 0;
    }
  }

  const std::string& tracking_number() const { return pieces_[pieces_played_ - 1].tracking_number; }
  uint64_t pieces_played() const { return pieces_played_; }
  uint64_t piece_count() const { return pieces_.size(); }

  // "12 pieces: delivered 9, picked-up 1, ...".
  std::string Routes() const {
    std::string text = absl::StrCat(Grouped(piece_count()), " pieces");
    for (size_t route = 0; route < routes_.size(); ++route) {
      absl::StrAppend(&text, route == 0 ? ": " : ", ",
                      std::string(NameOf(static_cast<simulated_post_office::Route>(route))), " ",
                      Grouped(routes_[route]));
    }
    return text;
  }

 private:
  const simulated_post_office::Settings& settings_;
  const std::vector<Piece> pieces_;
  const calendar::Day from_;
  const calendar::Day until_;
  PlayedPiece played_;
  size_t next_ = 0;
  size_t pieces_played_ = 0;
  std::array<uint64_t, simulated_post_office::kRouteCount> routes_{};
};

ExitCode Report(Session& session, const BulkOptions& settings, Reports* reports) {
  BulkOptions bulk = settings;
  bulk.actor = session.Actor();
  ReportTally tally;
  FileProgress progress(session.console, "reports", reports->piece_count());
  BulkEnd end;
  uint64_t count = 0;
  end.status = BulkSend<ReportTrackingEvents>(
      session.post_office(), bulk,
      [&](postoffice::v1::PieceReport* piece, uint64_t* line) {
        const SentReport* sent = reports->Next();
        if (sent == nullptr) return false;
        piece->set_tracking_number(reports->tracking_number());
        *piece->mutable_report() = sent->report;
        progress.OnRead(reports->pieces_played());
        *line = ++count;
        return true;
      },
      [&](const BulkAnswer<ReportTrackingEvents>& answer) {
        tally.OnAnswer(answer);
        progress.OnAnswer(tally.done(), tally.refused());
      },
      &end.totals);
  return tally.Account(session, "--file FILE, imported with --acknowledgements,", &progress, &end);
}

carrier_csv::TrackingRow AsRow(const std::string& tracking_number,
                               const notice::events::v1::TrackingReport& report) {
  carrier_csv::TrackingRow row;
  row.texts[carrier_csv::kTrackingNumber] = tracking_number;
  row.texts[carrier_csv::kStatus] = report.status();
  row.texts[carrier_csv::kDetail] = report.detail();
  row.texts[carrier_csv::kOffice] = report.office();
  row.texts[carrier_csv::kPrefecture] = report.prefecture();
  row.texts[carrier_csv::kPostalCode] = report.postal_code();
  row.occurred.year = report.day().year();
  row.occurred.month = report.day().month();
  row.occurred.day = report.day().day();
  if (report.has_minute_of_day()) row.occurred.minute_of_day = static_cast<int>(report.minute_of_day());
  return row;
}

ExitCode WriteFile(Session& session, const std::string& path, Reports* reports) {
  PrivateFile file;
  if (!file.Open(session, path, "--file")) return ExitCode::kUsage;
  carrier_csv::TrackingRowWriter writer(*file.out());
  uint64_t count = 0;
  for (const SentReport* sent = reports->Next(); sent != nullptr; sent = reports->Next(), ++count) {
    if (!writer.Write(AsRow(reports->tracking_number(), sent->report)).ok()) break;  // Close says it
  }
  if (session.json()) {
    session.console.out << "{\"reports\":" << count << "}\n";
  } else {
    session.console.out << Grouped(count) << " reports are in the file.\n";
  }
  return file.Close(session, ExitCode::kDone);
}

// The pieces of the posting day, without whose they are.
ExitCode ReadPieces(Session& session, calendar::Day posted, std::vector<Piece>* pieces) {
  postoffice::v1::GetManifestRequest request;
  *request.mutable_actor() = session.Actor();
  *request.mutable_posting_date() = calendar::ToDate(posted);
  uint64_t without_number = 0;
  const ExitCode code = ReadManifest(
      session, request, [&](const auto& piece) { pieces->push_back({piece.tracking_number(), posted}); },
      &without_number);
  return code == ExitCode::kDone ? AllHaveNumbers(session, without_number) : code;
}

ExitCode Simulate(Session& session, Options& options) {
  // A file would tell the slip and not that it is taken back.
  if (!options.file.empty() && options.play.faults.corrected > 0) {
    return session.Usage("a file has no column that takes a report back: leave out --corrected, or --file");
  }
  if (const auto route = simulated_post_office::FindRoute(options.route)) {
    options.play.weights = {};
    options.play.weights[static_cast<size_t>(*route)] = 1;
  }
  calendar::Day posted = TodayInTokyo();
  if (!ReadDay(session, options.date, "--date", &posted)) return ExitCode::kUsage;
  calendar::Day from = posted;
  calendar::Day until = TodayInTokyo();
  if (!ReadDay(session, options.send_from, "--send-from", &from) ||
      !ReadDay(session, options.send_until, "--send-until", &until)) {
    return ExitCode::kUsage;
  }
  std::vector<Piece> pieces;
  const ExitCode code = ReadPieces(session, posted, &pieces);
  if (code != ExitCode::kDone) return code;
  Reports reports(options.play, std::move(pieces), from, until);
  const ExitCode end = options.file.empty() ? Report(session, options.bulk, &reports)
                                            : WriteFile(session, options.file, &reports);
  session.console.err << reports.Routes() << '\n';
  return end;
}

void AddFault(CLI::App* command, const char* name, double* probability, const char* what) {
  command->add_option(name, *probability, absl::StrCat("How often, 0 to 1, ", what))
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
}

}  // namespace

void AddPostSimulate(CLI::App& post, Session& session) {
  auto* command = post.add_subcommand(
      "simulate", "Play the post office for the pieces of a posting day: report by the stream, or write the carrier's "
                  "file, what it would send until a day. The same seed plays the same");
  auto options = std::make_shared<Options>();
  options->bulk.rows_per_batch = 500;
  auto& play = options->play;
  command->add_option("--seed", play.seed, "Chooses what becomes of each piece")->required();
  command->add_option("--date", options->date, "The posting day, YYYY-MM-DD; default: today in Tokyo");
  command->add_option("--send-from", options->send_from, "Only what is sent from then on; default: the posting day");
  command->add_option("--send-until", options->send_until, "Only what is sent by then; default: today in Tokyo");
  command->add_option("--route", options->route, "All pieces go this way, not by chance")
      ->check(CLI::IsMember({"delivered", "picked-up", "brought-again", "returned", "lost", "wrong-household"}));
  command->add_option("--file", options->file, "Write the carrier's file, and report nothing");
  AddFault(command, "--duplicated", &play.faults.duplicated, "a report is sent twice");
  AddFault(command, "--shuffled", &play.faults.shuffled, "a report comes after later ones");
  AddFault(command, "--late", &play.faults.late, "a report comes weeks later");
  AddFault(command, "--without-minute", &play.faults.without_minute, "a report does not say the minute");
  AddFault(command, "--corrected", &play.faults.corrected, "a report is wrong at first, and taken back");
  AddFault(command, "--unknown-word", &play.faults.unknown_word, "a piece has a report that nobody knows");
  AddFault(command, "--forwarded", &play.faults.forwarded, "a piece is forwarded, though it must not be");
  AddBulkOptions(command, &options->bulk);
  AsPostOffice(command, session, [&session, options] { return Simulate(session, *options); });
}

}  // namespace mynumber::mynumberctl
