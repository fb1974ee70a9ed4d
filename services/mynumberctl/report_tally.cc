#include "services/mynumberctl/report_tally.h"

#include "services/mynumberctl/display_text.h"

namespace mynumber::mynumberctl {

using postoffice::v1::ReportedEvent;

Failure ReportTally::OnAnswer(const BulkAnswer<ReportTrackingEvents>& answer) {
  std::lock_guard lock(mutex_);
  if (answer.answer.has_error()) {
    Failure failure = Explain(rpc::FromRpc(answer.answer.error()), nullptr);
    if (failure.code == ExitCode::kUnavailable) ++not_now_;
    refused_.Add(answer.line, failure.reason, failure.sentence);
    return failure;
  }
  ++(answer.answer.outcome() == ReportedEvent::OUTCOME_DUPLICATE        ? duplicate_
     : answer.answer.outcome() == ReportedEvent::OUTCOME_KEPT_UNMATCHED ? unmatched_
                                                                        : accepted_);
  return {ExitCode::kDone, "", "", ""};
}

void ReportTally::OnBroken(uint64_t line, std::string_view reason, std::string_view sentence) {
  std::lock_guard lock(mutex_);
  refused_.Add(line, std::string(reason), std::string(sentence));
}

uint64_t ReportTally::done() const {
  std::lock_guard lock(mutex_);
  return accepted_ + duplicate_ + unmatched_ + refused_.count();
}

uint64_t ReportTally::refused() const {
  std::lock_guard lock(mutex_);
  return refused_.count();
}

ExitCode ReportTally::Account(const Session& session, std::string_view elsewhere, FileProgress* progress,
                              BulkEnd* end) const {
  const uint64_t answered = done();
  std::lock_guard lock(mutex_);
  end->refused = refused_.count();
  end->not_now = not_now_;
  end->unanswered = progress->rows_read() - answered;
  const std::string elapsed = progress->Elapsed(answered);
  if (!session.json()) refused_.Print(session.console.out, session.console.out_columns(), elsewhere);
  PrintCounts(session, elapsed, progress->ElapsedSeconds(), *end);
  return Conclude(session, *end, "what is known already counts as a duplicate");
}

void ReportTally::PrintCounts(const Session& session, const std::string& elapsed, double seconds,
                              const BulkEnd& end) const {
  std::ostream& out = session.console.out;
  if (session.json()) {
    out << "{\"accepted\":" << accepted_ << ",\"duplicate\":" << duplicate_ << ",\"kept_unmatched\":" << unmatched_
        << ",\"refused\":" << end.refused << ",\"unanswered\":" << end.unanswered
        << ",\"sent_again\":" << end.totals.sent_again << ",\"connections\":" << end.totals.connections
        << ",\"seconds\":" << seconds << "}\n";
    return;
  }
  out << Grouped(accepted_) << " reports are new, " << Grouped(duplicate_) << " were known already, "
      << Grouped(unmatched_) << " are kept for pieces not posted yet, " << Grouped(end.refused)
      << " lines were not understood, " << elapsed;
  if (end.totals.connections > 1) out << "; connected " << end.totals.connections << " times";
  out << ".\n";
}

}  // namespace mynumber::mynumberctl
