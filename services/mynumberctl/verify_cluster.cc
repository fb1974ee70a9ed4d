#include "services/mynumberctl/verify_cluster.h"

#include <map>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"
#include "services/mynumberctl/progress.h"
#include "services/mynumberctl/show.h"

namespace mynumber::mynumberctl {
namespace {

constexpr const char* kServices[] = {"issuance", "notice", "card", "hotline"};

// How far all partitions together are that have reported.
class VerifyProgress {
 public:
  explicit VerifyProgress(const Console& console) : progress_(console, "events") {}

  void Update(const operations::VerifyProgress& step) {
    steps_[step.partition()] = step;
    uint64_t events = 0;
    double offset = 0;
    double end = 0;
    for (const auto& [partition, seen] : steps_) {
      events += seen.folded_events();
      offset += static_cast<double>(seen.offset());
      end += static_cast<double>(seen.end_offset());
    }
    progress_.Update(events, end > 0 ? offset / end : -1, "");
  }
  void Clear() { progress_.Clear(); }

 private:
  Progress progress_;
  std::map<uint32_t, operations::VerifyProgress> steps_;
};

struct OneReport {
  std::string server;
  std::string service;
  operations::VerifyReport report;
};

// The running hashes that instances name, by (service, partition, offset): one sentence for each that differ.
std::vector<std::string> Disagreements(const std::vector<OneReport>& reports) {
  std::map<std::tuple<std::string, uint32_t, int64_t>, const OneReport*> first;
  std::map<std::tuple<std::string, uint32_t, int64_t>, std::string> hashes;
  std::vector<std::string> found;
  for (const OneReport& one : reports) {
    for (const auto& partition : one.report.partitions()) {
      const auto key = std::make_tuple(one.service, partition.partition(), partition.offset());
      const auto [entry, is_new] = hashes.emplace(key, partition.running_hash());
      if (is_new) first[key] = &one;
      if (entry->second == partition.running_hash()) continue;
      found.push_back(absl::StrCat(one.service, " partition ", partition.partition(), " at ", partition.offset(), ": ",
                                   first[key]->server, " and ", one.server, " have different histories"));
    }
  }
  return found;
}

void PrintReports(const Session& session, const std::vector<OneReport>& reports,
                  const std::vector<std::string>& disagreements) {
  Table table({{"INSTANCE"},
               {"SERVICE"},
               {"EVENTS", Align::kRight},
               {"VOID", Align::kRight},
               {"ROWS", Align::kRight},
               {"DIFFER", Align::kRight},
               {"IS"}});
  std::string problems;
  for (const OneReport& one : reports) {
    uint64_t events = 0, void_records = 0, rows = 0, differ = 0;
    for (const auto& partition : one.report.partitions()) {
      events += partition.events();
      void_records += partition.void_records();
      rows += partition.rows();
      differ += partition.rows_that_differ();
    }
    table.Add({one.server, one.service, Grouped(events), Grouped(void_records), Grouped(rows), Grouped(differ),
               one.report.clean() ? "clean" : "NOT CLEAN"});
    for (const std::string& problem : one.report.problems()) {
      absl::StrAppend(&problems, one.server, " ", one.service, ": ", Printable(problem), "\n");
    }
  }
  table.Print(session.console.out, session.console.out_columns());
  session.console.out << problems;
  for (const std::string& one : disagreements) session.console.out << "problem: " << one << '\n';
}

void PrintLines(const Session& session, const std::vector<OneReport>& reports,
                const std::vector<std::string>& disagreements) {
  for (const OneReport& one : reports) {
    nlohmann::ordered_json line = {{"server", one.server}, {"service", one.service}};
    line["report"] = nlohmann::ordered_json::parse(ToJson(one.report, false));
    session.console.out << line.dump() << '\n';
  }
  for (const std::string& one : disagreements) {
    session.console.out << nlohmann::ordered_json({{"problem", one}}).dump() << '\n';
  }
}

}  // namespace

ExitCode AskForReport(Session& session, const std::string& service, operations::VerifyReport* report) {
  if (!session.Connect()) return ExitCode::kUnavailable;
  grpc::ClientContext context;
  operations::VerifyRequest request;
  request.set_service(service);
  auto stream = session.operations().Verify(&context, request);
  VerifyProgress progress(session.console);
  operations::VerifyResponse response;
  bool reported = false;
  while (stream->Read(&response)) {
    if (response.has_progress()) progress.Update(response.progress());
    if (!response.has_report()) continue;
    *report = response.report();
    reported = true;
  }
  progress.Clear();
  if (const grpc::Status status = stream->Finish(); !status.ok()) return session.Fail(status);
  if (reported) return ExitCode::kDone;
  return session.Fail(Failure{ExitCode::kInternal, "", "", "the server ended without a report: ask again"});
}

ExitCode VerifyCluster(Session& session) {
  std::vector<OneReport> reports;
  bool clean = true;
  const std::vector<std::string> servers = absl::StrSplit(session.settings.server, ',', absl::SkipEmpty());
  for (const std::string& server : servers) {
    Session one(session.console);
    one.settings = session.settings;
    one.settings.server = server;
    for (const char* service : kServices) {
      reports.push_back({server, service, {}});
      const ExitCode code = AskForReport(one, service, &reports.back().report);
      if (code != ExitCode::kDone) return code;
      clean = clean && reports.back().report.clean();
    }
  }
  const std::vector<std::string> disagreements = Disagreements(reports);
  session.json() ? PrintLines(session, reports, disagreements) : PrintReports(session, reports, disagreements);
  clean = clean && disagreements.empty();
  if (!session.json()) {
    session.console.out << (clean ? "Clean: every instance has what the log says.\n" : "NOT CLEAN: see above.\n");
  }
  return clean ? ExitCode::kDone : ExitCode::kRefused;
}

}  // namespace mynumber::mynumberctl
