#include <map>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/mynumberctl/commands.h"
#include "services/mynumberctl/progress.h"
#include "services/mynumberctl/show.h"
#include "services/mynumberctl/checkpoint_commands.h"
#include "services/mynumberctl/verify_cluster.h"

namespace mynumber::mynumberctl {
namespace {

ExitCode Status(Session& session) {
  operations::GetStatusResponse response;
  const ExitCode code =
      session.Read(&operations::OperationsService::Stub::GetStatus, operations::GetStatusRequest(), &response);
  if (code != ExitCode::kDone) return code;
  Table table({{"SERVICE"},
               {"PARTITION", Align::kRight},
               {"PHASE"},
               {"OWNER"},
               {"SEQUENCE", Align::kRight},
               {"OFFSET", Align::kRight},
               {"BEHIND", Align::kRight},
               {"WAITING", Align::kRight},
               {"CLAIMS", Align::kRight},
               {"VOID", Align::kRight}});
  std::string stopped;
  for (const auto& partition : response.partitions()) {
    if (partition.phase() == "stopped") {
      absl::StrAppend(&stopped, partition.service(), " partition ", partition.partition(), " has stopped: ",
                      Printable(partition.stopped()), "\n");
    }
    if (!partition.reactions_stopped().empty()) {
      absl::StrAppend(&stopped, partition.service(), " partition ", partition.partition(),
                      " reacts no more to another service: ", Printable(partition.reactions_stopped()), "\n");
    }
    const int64_t behind = std::max<int64_t>(0, partition.target_offset() - partition.offset() - 1);
    table.Add({partition.service(), absl::StrCat(partition.partition()), partition.phase(),
               Printable(partition.owner_instance()),
               Grouped(partition.sequence()), absl::StrCat(partition.offset()), Grouped(behind),
               Grouped(partition.waiting_commands()), Grouped(partition.claims()), Grouped(partition.void_records())});
  }
  if (session.json()) {
    session.PrintJson(response);
  } else {
    table.Print(session.console.out, session.console.out_columns());
    session.console.out << stopped;
  }
  return !stopped.empty() ? ExitCode::kRefused : ExitCode::kDone;
}

void PrintReport(const Session& session, const operations::VerifyReport& report) {
  std::ostream& out = session.console.out;
  Table table({{"PARTITION", Align::kRight},
               {"SEQUENCE", Align::kRight},
               {"EVENTS", Align::kRight},
               {"VOID", Align::kRight},
               {"ROWS", Align::kRight},
               {"DIFFER", Align::kRight},
               {"HEAD"}});
  for (const auto& partition : report.partitions()) {
    table.Add({absl::StrCat(partition.partition()), Grouped(partition.sequence()), Grouped(partition.events()),
               Grouped(partition.void_records()), Grouped(partition.rows()), Grouped(partition.rows_that_differ()),
               partition.head_differs() ? "differs" : "same"});
  }
  table.Print(out, session.console.out_columns());
  out << Grouped(report.residents()) << " residents, " << Grouped(report.numbers()) << " distinct numbers, "
      << Grouped(report.duplicate_numbers()) << " duplicates, " << Grouped(report.bad_check_digits())
      << " bad check digits; " << ShowDuration(report.seconds()) << '\n';
  for (const auto& partition : report.partitions()) {
    for (const std::string& difference : partition.differences()) {
      out << "differs in partition " << partition.partition() << ": " << Printable(difference) << '\n';
    }
  }
  for (const std::string& problem : report.problems()) out << "problem: " << Printable(problem) << '\n';
  out << (report.clean() ? "Clean: the rows are what the log says.\n" : "NOT CLEAN: see above.\n");
}

ExitCode Verify(Session& session, const std::string& service) {
  operations::VerifyReport report;
  const ExitCode code = AskForReport(session, service, &report);
  if (code != ExitCode::kDone) return code;
  if (session.json()) {
    session.PrintJson(report);
  } else {
    PrintReport(session, report);
  }
  return report.clean() ? ExitCode::kDone : ExitCode::kRefused;
}

ExitCode LostAnswers(Session& session, const std::string& service) {
  if (!session.Connect()) return ExitCode::kUnavailable;
  grpc::ClientContext context;
  operations::ListLostAnswersRequest request;
  request.set_service(service);
  auto stream = session.operations().ListLostAnswers(&context, request);
  Table table({{"PARTITION", Align::kRight}, {"ANSWERED (JST)"}, {"REQUEST"}, {"CHANGED"}, {"KEPT IN"}});
  uint64_t count = 0;
  for (operations::ListLostAnswersResponse lost; stream->Read(&lost); ++count) {
    if (session.json()) session.PrintJson(lost);
    table.Add({absl::StrCat(lost.partition()), ShowTime(lost.time()), lost.request_id(), lost.name(),
               Printable(lost.rows_aside())});
  }
  if (const grpc::Status status = stream->Finish(); !status.ok()) return session.Fail(status);
  if (!session.json()) {
    if (count > 0) table.Print(session.console.out, session.console.out_columns());
    session.console.out << (count == 0
                                ? "Every answer that is known here is in the log.\n"
                                : Grouped(count) + " answers are not in the log any more: have them asked again.\n");
  }
  return count == 0 ? ExitCode::kDone : ExitCode::kRefused;
}

}  // namespace

void AddOperations(CLI::App& app, Session& session) {
  auto* status = app.add_subcommand("status",
                                    "Where each partition stands; ends with 1 if one has stopped, or reacts no more");
  status->callback([&session] { session.action = [&session] { return Status(session); }; });

  auto* lost = app.add_subcommand("lost-answers", "Requests that were answered and that the log has lost since; ends "
                                                  "with 1 if there are any");
  auto of = std::make_shared<std::string>("issuance");
  lost->add_option("--service", *of, "Whose log")->capture_default_str();
  lost->callback([&session, of] { session.action = [&session, of] { return LostAnswers(session, *of); }; });

  auto* verify = app.add_subcommand(
      "verify", "Fold the whole log afresh and compare it with the live rows; ends with 1 on any difference");
  auto service = std::make_shared<std::string>("issuance");
  verify->add_option("--service", *service, "Whose log")->capture_default_str();
  auto whole = std::make_shared<bool>(false);
  verify->add_flag("--cluster", *whole, "Every service at every instance that --server names");
  auto chain = std::make_shared<ChainOptions>();
  auto* against = verify->add_option("--chain", chain->file,
                                     "Hold the log against checkpoints in this file (`log checkpoint`), not the rows");
  verify->add_option("--key", chain->key, "With --chain: the public key of their signatures")
      ->needs(against)
      ->check([](const std::string& key) {
        return key.size() == 64 && key.find_first_not_of("0123456789abcdef") == std::string::npos
                   ? std::string()
                   : std::string("64 hexadecimal digits, as `log checkpoint` shows them");
      });
  verify->callback([&session, service, whole, chain] {
    if (!chain->file.empty() && chain->key.empty()) throw CLI::RequiredError("--key");
    session.action = [&session, service, whole, chain] {
      if (!chain->file.empty()) return VerifyChain(session, *chain);
      return *whole ? VerifyCluster(session) : Verify(session, *service);
    };
  });
}

}  // namespace mynumber::mynumberctl
