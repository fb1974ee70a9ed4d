#include "services/mynumberctl/bulk_register.h"

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

class BulkLoad {
 public:
  BulkLoad(v1::IssuanceService::StubInterface& stub, const BulkOptions& options,
           const RowSource& source, const AnswerSink& sink, BulkTotals* totals)
      : stub_(stub), options_(options), source_(source), window_(options, sink, totals), totals_(totals) {}

  absl::Status Run();

 private:
  // One stream, until every row is answered (true) or it ended (false).
  bool Serve(BulkConnection& connection);
  void FillFromSource(Batch* batch);

  v1::IssuanceService::StubInterface& stub_;
  const BulkOptions& options_;
  const RowSource& source_;
  BulkWindow window_;
  BulkTotals* totals_;
};

absl::Status BulkLoad::Run() {
  milliseconds wait = options_.first_wait;
  for (;;) {
    const uint64_t answered = window_.Answered();
    BulkConnection connection(stub_, options_.reconnect, &window_);
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

bool BulkLoad::Serve(BulkConnection& connection) {
  for (;;) {
    switch (window_.Next()) {
      case BulkWindow::Step::kSend:
        connection.Send(window_.TakeForSending());
        break;
      case BulkWindow::Step::kFill: {
        Batch* batch = window_.TakeFree();
        FillFromSource(batch);
        window_.PutFilled(batch);
        break;
      }
      case BulkWindow::Step::kDone:
        return true;
      case BulkWindow::Step::kEnded:
        return false;
    }
  }
}

// Strings' sizes only: what a row weighs on the wire but for some dozen bytes.
size_t TextBytes(const v1::RegisterResidentRequest& row) {
  const auto& details = row.details();
  return 160 + details.full_name().size() + details.alias().size() + details.name_kana().size() +
         details.address().size();
}

void BulkLoad::FillFromSource(Batch* batch) {
  auto& rows = *batch->request.mutable_residents();
  batch->lines.clear();
  size_t bytes = 0;
  int count = 0;
  for (; count < options_.rows_per_batch && bytes < options_.batch_bytes; ++count) {
    // Rows of an earlier batch are written over: clearing them would free and allocate every string anew.
    v1::RegisterResidentRequest* row = count < rows.size() ? rows.Mutable(count) : rows.Add();
    uint64_t line = 0;
    if (!source_(row, &line)) {
      window_.SourceIsEmpty();
      break;
    }
    batch->lines.push_back(line);
    bytes += TextBytes(*row);
  }
  rows.DeleteSubrange(count, rows.size() - count);
}

}  // namespace

absl::Status BulkRegister(v1::IssuanceService::StubInterface& stub, const BulkOptions& options,
                          const RowSource& source, const AnswerSink& sink, BulkTotals* totals) {
  return BulkLoad(stub, options, source, sink, totals).Run();
}

}  // namespace mynumber::mynumberctl
