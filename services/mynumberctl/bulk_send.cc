#include "services/mynumberctl/bulk_send.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/rpc/problem.h"
#include "libs/rpc/status_details.h"
#include "services/mynumberctl/bulk_connection.h"
#include "services/mynumberctl/bulk_window.h"

namespace mynumber::mynumberctl {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// A status that gRPC made itself when a connection broke has no Problem; which code it has depends on the moment.
bool MayPass(const absl::Status& status) {
  const bool from_server = rpc::ProblemOf(status).has_value();
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kAborted:
      return true;
    case absl::StatusCode::kResourceExhausted:  // without a Problem: a message that is too large
    case absl::StatusCode::kDeadlineExceeded:
      return from_server;
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kCancelled:
      return !from_server;
    default:
      return false;
  }
}

std::optional<milliseconds> WaitNamedBy(const absl::Status& status) {
  const auto problem = rpc::ProblemOf(status);
  if (!problem || !problem->retry_millis) return std::nullopt;
  return milliseconds(*problem->retry_millis);
}

template <typename Kind>
class BulkLoad {
 public:
  BulkLoad(typename Kind::Stub& stub, const BulkOptions& options, const RowSource<Kind>& source,
           const AnswerSink<Kind>& sink, BulkTotals* totals)
      : stub_(stub), options_(options), source_(source), window_(options, sink, totals), totals_(totals) {}

  absl::Status Run();

 private:
  // One stream, until every row is answered (true) or it ended (false).
  bool Serve(BulkConnection<Kind>& connection);
  void FillFromSource(Batch<Kind>* batch);

  typename Kind::Stub& stub_;
  const BulkOptions& options_;
  const RowSource<Kind>& source_;
  BulkWindow<Kind> window_;
  BulkTotals* totals_;
};

template <typename Kind>
absl::Status BulkLoad<Kind>::Run() {
  milliseconds wait = options_.first_wait;
  for (;;) {
    const uint64_t answered = window_.Answered();
    BulkConnection<Kind> connection(stub_, options_.reconnect, &window_);
    ++totals_->connections;
    const bool done = Serve(connection);
    absl::Status end = rpc::FromGrpc(connection.Finish(/*cancel=*/!done));
    if (done) return absl::OkStatus();
    if (!window_.fault().ok()) return window_.fault();
    if (window_.Silent()) {
      return absl::UnavailableError(absl::StrCat("no row was answered for ", options_.silence_max.count() / 1000,
                                                 " s: run it again once the server answers"));
    }
    if (end.ok()) end = absl::UnavailableError("the server ended the stream before all rows were answered");
    if (!MayPass(end)) return end;
    if (!options_.reconnect) return rpc::ProblemOf(end) ? end : absl::UnavailableError(end.message());
    if (window_.Answered() > answered) wait = options_.first_wait;
    window_.Rewind();
    window_.Sleep(WaitNamedBy(end).value_or(wait));
    wait = std::min(wait * 2, options_.longest_wait);
  }
}

template <typename Kind>
bool BulkLoad<Kind>::Serve(BulkConnection<Kind>& connection) {
  for (;;) {
    switch (window_.Next()) {
      case BulkStep::kSend:
        connection.Send(window_.TakeForSending());
        break;
      case BulkStep::kFill: {
        Batch<Kind>* batch = window_.TakeFree();
        FillFromSource(batch);
        window_.PutFilled(batch);
        break;
      }
      case BulkStep::kDone:
        return true;
      case BulkStep::kEnded:
        return false;
    }
  }
}

template <typename Kind>
void BulkLoad<Kind>::FillFromSource(Batch<Kind>* batch) {
  auto& rows = *Kind::Rows(&batch->request);
  batch->lines.clear();
  size_t bytes = 0;
  int count = 0;
  for (; count < options_.rows_per_batch && bytes < options_.batch_bytes; ++count) {
    // Rows of an earlier batch are written over: clearing them would free and allocate every string anew.
    typename Kind::Row* row = count < rows.size() ? rows.Mutable(count) : rows.Add();
    uint64_t line = 0;
    if (!source_(row, &line)) {
      window_.SourceIsEmpty();
      break;
    }
    batch->lines.push_back(line);
    bytes += Kind::Bytes(*row);
  }
  rows.DeleteSubrange(count, rows.size() - count);
}

}  // namespace

template <typename Kind>
absl::Status BulkSend(typename Kind::Stub& stub, const BulkOptions& options, const RowSource<Kind>& source,
                      const AnswerSink<Kind>& sink, BulkTotals* totals) {
  return BulkLoad<Kind>(stub, options, source, sink, totals).Run();
}

template absl::Status BulkSend<RegisterResidents>(RegisterResidents::Stub&, const BulkOptions&,
                                                  const RowSource<RegisterResidents>&,
                                                  const AnswerSink<RegisterResidents>&, BulkTotals*);
template absl::Status BulkSend<ReportTrackingEvents>(ReportTrackingEvents::Stub&, const BulkOptions&,
                                                     const RowSource<ReportTrackingEvents>&,
                                                     const AnswerSink<ReportTrackingEvents>&, BulkTotals*);

}  // namespace mynumber::mynumberctl
