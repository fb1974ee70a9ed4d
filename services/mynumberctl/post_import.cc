#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "libs/calendar/date.h"
#include "libs/carrier_csv/tracking_row_reader.h"
#include "services/mynumberctl/acknowledgements.h"
#include "services/mynumberctl/bulk_command.h"
#include "services/mynumberctl/post_commands.h"
#include "services/mynumberctl/private_file.h"
#include "services/mynumberctl/report_tally.h"

namespace mynumber::mynumberctl {
namespace {

using carrier_csv::LineReason;
using carrier_csv::TrackingRow;
using carrier_csv::TrackingRowReader;
using postoffice::v1::PieceReport;

struct Options {
  std::string file;
  std::string acknowledgements;
  std::string today;
  BulkOptions bulk;
};

// Nothing if no year is written and none has such a day.
std::optional<calendar::Day> DayOf(const carrier_csv::Occurred& occurred, calendar::Day today) {
  if (occurred.year) return calendar::MakeDay(*occurred.year, occurred.month, occurred.day);
  return calendar::LatestUntil(today, occurred.month, occurred.day);
}

// Writes over all of `piece`, which holds an earlier report. False if its day does not exist.
bool WriteReport(const TrackingRow& row, calendar::Day today, PieceReport* piece) {
  const auto day = DayOf(row.occurred, today);
  if (!day) return false;
  piece->set_tracking_number(row.texts[carrier_csv::kTrackingNumber]);
  auto& report = *piece->mutable_report();
  *report.mutable_day() = calendar::ToDate(*day);
  report.clear_minute_of_day();
  if (row.occurred.minute_of_day) report.set_minute_of_day(static_cast<uint32_t>(*row.occurred.minute_of_day));
  report.set_status(row.texts[carrier_csv::kStatus]);
  report.set_detail(row.texts[carrier_csv::kDetail]);
  report.set_office(row.texts[carrier_csv::kOffice]);
  report.set_prefecture(row.texts[carrier_csv::kPrefecture]);
  report.set_postal_code(row.texts[carrier_csv::kPostalCode]);
  return true;
}

class Import {
 public:
  Import(Session& session, const Options& options, calendar::Day today, TrackingRowReader& reader, uint64_t file_bytes,
         carrier_csv::AcknowledgementWriter* writer)
      : session_(session),
        options_(options),
        today_(today),
        reader_(reader),
        acknowledgements_(writer),
        progress_(session.console, "lines", file_bytes) {}

  ExitCode Run() {
    BulkOptions bulk = options_.bulk;
    bulk.actor = session_.Actor();
    BulkEnd end;
    end.status = BulkSend<ReportTrackingEvents>(
        session_.post_office(), bulk, [this](PieceReport* report, uint64_t* line) { return Next(report, line); },
        [this](const BulkAnswer<ReportTrackingEvents>& answer) { OnAnswer(answer); }, &end.totals);
    const ExitCode code = tally_.Account(session_, "--acknowledgements FILE", &progress_, &end);
    if (const absl::Status written = acknowledgements_.Finish(); !written.ok()) {
      return session_.Fail(Failure{ExitCode::kInternal, "", "", std::string(written.message())});
    }
    return reader_.status().ok() ? code : session_.Usage(std::string(reader_.status().message()));
  }

 private:
  bool Next(PieceReport* report, uint64_t* line) {
    for (;;) {
      LineReason reason = LineReason::kOccurredImpossible;
      const TrackingRowReader::Result result = reader_.Read(&row_, &reason);
      if (result == TrackingRowReader::Result::kEnd) return false;
      *line = reader_.line();
      progress_.OnRead(reader_.bytes_read());
      if (result == TrackingRowReader::Result::kRow && WriteReport(row_, today_, report)) {
        acknowledgements_.Sent(*line);
        return true;
      }
      tally_.OnBroken(*line, NameOf(reason), SentenceOf(reason));
      acknowledgements_.NotUnderstood(*line, NameOf(reason), SentenceOf(reason));
    }
  }

  void OnAnswer(const BulkAnswer<ReportTrackingEvents>& answer) {
    const Failure failure = tally_.OnAnswer(answer);
    progress_.OnAnswer(tally_.done(), tally_.refused());
    // "Not now" says nothing of the line: it is to be sent again.
    if (failure.code == ExitCode::kUnavailable) return;
    const bool known = answer.answer.outcome() == postoffice::v1::ReportedEvent::OUTCOME_DUPLICATE;
    acknowledgements_.Answered({answer.line, answer.row.tracking_number(),
                                failure.code != ExitCode::kDone ? carrier_csv::Outcome::kNotUnderstood
                                : known                         ? carrier_csv::Outcome::kDuplicate
                                                                : carrier_csv::Outcome::kAccepted,
                                failure.reason, failure.sentence});
  }

  Session& session_;
  const Options& options_;
  const calendar::Day today_;
  TrackingRowReader& reader_;
  TrackingRow row_;
  ReportTally tally_;
  Acknowledgements acknowledgements_;
  FileProgress progress_;
};

ExitCode ImportFile(Session& session, const Options& options) {
  calendar::Day today = TodayInTokyo();
  if (!ReadDay(session, options.today, "--today", &today)) return ExitCode::kUsage;
  InputFile file;
  if (!file.Open(session, options.file)) return ExitCode::kUsage;
  auto reader = TrackingRowReader::Open(file.in());
  if (!reader.ok()) return session.Usage(std::string(reader.status().message()));
  if (!session.Connect()) return ExitCode::kUnavailable;
  PrivateFile answers;
  if (!answers.Open(session, options.acknowledgements, "--acknowledgements")) return ExitCode::kUsage;
  std::optional<carrier_csv::AcknowledgementWriter> writer;
  if (answers.out() != nullptr) {
    auto opened = carrier_csv::AcknowledgementWriter::Open(*answers.out(), (*reader)->encoding());
    if (!opened.ok()) return session.Usage(std::string(opened.status().message()));
    writer.emplace(*std::move(opened));
  }
  Import import(session, options, today, **reader, file.bytes(), writer ? &*writer : nullptr);
  return answers.Close(session, import.Run());
}

}  // namespace

void AddPostImport(CLI::App& post, Session& session) {
  auto* command = post.add_subcommand(
      "import", "Report what a file of the carrier says (CSV in UTF-8 or Shift_JIS). Safe to import twice. Ends with 1 "
                "if lines were not understood");
  auto options = std::make_shared<Options>();
  options->bulk.rows_per_batch = 500;
  command->add_option("FILE", options->file, "- is standard input")->required();
  command->add_option("--acknowledgements", options->acknowledgements,
                      "Write the answer to each line, for the carrier");
  command->add_option("--today", options->today,
                      "A day without a year is the latest one that is not after this YYYY-MM-DD; default: today in "
                      "Tokyo. Name the first import's day to import an old file again");
  AddBulkOptions(command, &options->bulk);
  AsPostOffice(command, session, [&session, options] { return ImportFile(session, *options); });
}

}  // namespace mynumber::mynumberctl
