#include <map>
#include <memory>
#include <string>

#include "services/mynumberctl/commands.h"
#include "services/mynumberctl/show.h"

namespace mynumber::mynumberctl {
namespace {

namespace events = mynumber::issuance::events::v1;
using Stub = v1::IssuanceService::Stub;

const std::map<std::string, events::ErasureGround> kGrounds = {
    {"retention-ended", events::ERASURE_GROUND_RETENTION_ENDED},
    {"ordered", events::ERASURE_GROUND_ORDERED},
    {"registered-without-basis", events::ERASURE_GROUND_REGISTERED_WITHOUT_BASIS},
};

struct Options {
  std::string name;
  std::string ground;
  std::string reference;
  std::string reason;
};

ExitCode Ask(Session& session, const Options& options) {
  v1::RequestErasureRequest request;
  request.set_name(options.name);
  request.set_reference(options.reference);
  request.set_ground(kGrounds.at(options.ground));
  v1::Resident resident;
  return ShowIfDone(session, session.Write("RequestErasure", &Stub::RequestErasure, request, &resident), resident);
}

ExitCode Approve(Session& session, const Options& options) {
  v1::ApproveErasureRequest request;
  request.set_name(options.name);
  v1::Resident resident;
  return ShowIfDone(session, session.Write("ApproveErasure", &Stub::ApproveErasure, request, &resident), resident);
}

ExitCode Withdraw(Session& session, const Options& options) {
  v1::WithdrawErasureRequest request;
  request.set_name(options.name);
  request.set_reason(options.reason);
  v1::Resident resident;
  return ShowIfDone(session, session.Write("WithdrawErasure", &Stub::WithdrawErasure, request, &resident), resident);
}

}  // namespace

void AddErasureCommands(CLI::App& erasure, Session& session) {
  constexpr const char* kName = "residents/<32 hexadecimal digits>";
  auto options = std::make_shared<Options>();
  auto* ask = AddAction(erasure, session, options, "request", "Ask that all of a resident's data be destroyed", Ask);
  ask->add_option("NAME", options->name, kName)->required();
  ask->add_option("--ground", options->ground, "The legal ground")
      ->required()
      ->check(CLI::IsMember(kGrounds));
  ask->add_option("--reference", options->reference, "The order or file, without personal data: it stays")->required();

  options = std::make_shared<Options>();
  auto* approve = AddAction(erasure, session, options, "approve",
                            "Agree, as another clerk: 30 days later it is done, and nothing brings it back", Approve);
  approve->add_option("NAME", options->name, kName)->required();

  options = std::make_shared<Options>();
  auto* withdraw = AddAction(erasure, session, options, "withdraw", "End an erasure that is not yet done", Withdraw);
  withdraw->add_option("NAME", options->name, kName)->required();
  withdraw->add_option("--reason", options->reason, "Why, without personal data")->required();
}

}  // namespace mynumber::mynumberctl
