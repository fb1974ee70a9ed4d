#include <map>
#include <memory>
#include <string>

#include "services/mynumberctl/commands.h"
#include "services/mynumberctl/pages.h"
#include "services/mynumberctl/show_notice.h"

namespace mynumber::mynumberctl {
namespace {

namespace events = mynumber::notice::events::v1;
using notice::v1::Work;
using Stub = notice::v1::NoticeService::Stub;

const std::map<std::string, events::WorkKind> kKinds = {
    {"no-scan", events::WORK_KIND_NO_SCAN},
    {"delivery-disputed", events::WORK_KIND_DELIVERY_DISPUTED},
    {"in-custody", events::WORK_KIND_IN_CUSTODY},
    {"custody-ending", events::WORK_KIND_CUSTODY_ENDING},
    {"forwarded", events::WORK_KIND_FORWARDED},
};

struct Options {
  std::string municipality;
  int limit = 50;
  std::string notice;
  std::string kind;
  int minutes = 15;
  std::string record;
};

ExitCode List(Session& session, const Options& options) {
  notice::v1::ListWorkRequest request;
  *request.mutable_actor() = session.ActorFor(options.municipality);
  request.set_municipality_code(options.municipality);
  return PrintPages(
      session, &Stub::ListWork, request, options.limit, [](const auto& page) -> const auto& { return page.work(); },
      AddWork, WorkTable(), "Nothing needs a person.");
}

template <typename Request>
ExitCode Change(Session& session, const Options& options,
                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Work*), Request request) {
  request.set_notice(options.notice);
  request.set_kind(kKinds.at(options.kind));
  Work work;
  const ExitCode code = session.Write("", method, request, &work);
  if (code != ExitCode::kDone) return code;
  if (session.json()) {
    session.PrintJson(work);
    return code;
  }
  Table table = WorkTable();
  AddWork(work, &table);
  table.Print(session.console.out, session.console.out_columns());
  return code;
}

ExitCode Claim(Session& session, const Options& options) {
  notice::v1::ClaimWorkRequest request;
  request.set_minutes(options.minutes);
  return Change(session, options, &Stub::ClaimWork, request);
}

ExitCode Resolve(Session& session, const Options& options) {
  notice::v1::ResolveWorkRequest request;
  request.set_record(options.record);
  return Change(session, options, &Stub::ResolveWork, request);
}

void AddWhich(CLI::App* command, Options* options) {
  command->add_option("NAME", options->notice, "residents/<32 hexadecimal digits>/notices/<number>")->required();
  command->add_option("--kind", options->kind, "What is to be done")->required()->check(CLI::IsMember(kKinds));
}

}  // namespace

void AddNoticeWork(CLI::App& work, Session& session) {
  auto options = std::make_shared<Options>();
  auto* list = work.add_subcommand("list", "What needs a person today");
  list->add_option("--municipality", options->municipality, "Its six-digit code")->required();
  AddLimit(list, &options->limit);
  list->callback([&session, options] { session.action = [&session, options] { return List(session, *options); }; });

  auto* claim = work.add_subcommand("claim", "Take it, so that nobody else does; again: longer");
  AddWhich(claim, options.get());
  claim->add_option("--minutes", options->minutes, "For so long")->check(CLI::Range(1, 480))->capture_default_str();
  claim->callback([&session, options] { session.action = [&session, options] { return Claim(session, *options); }; });

  auto* resolve = work.add_subcommand("resolve", "Record that it is done");
  AddWhich(resolve, options.get());
  resolve->add_option("--record", options->record, "What was done, without personal data")->required();
  resolve->callback(
      [&session, options] { session.action = [&session, options] { return Resolve(session, *options); }; });
}

}  // namespace mynumber::mynumberctl
