#include "services/issuance/domain/state_municipality.h"

#include <variant>

#include "services/issuance/domain/refusals.h"

namespace mynumber::issuance {
namespace {

using rows::v1::ResidentState;

constexpr std::string_view kMunicipality = "municipality/";

// Where the command brings the resident; empty: nowhere.
struct Destination {
  std::string_view operator()(const RecordMove& command) const { return command.municipality_code; }
  std::string_view operator()(const RecordReturn& command) const { return command.details.municipality_code(); }
  template <class Other>
  std::string_view operator()(const Other&) const {
    return {};
  }
};

bool IsOwn(const ResidentState& state, std::string_view caller) {
  // Of the erased one thing is known: who had it done.
  if (state.status() == ResidentState::STATUS_ERASED) return state.erasure().requested_by().authority() == caller;
  return caller.substr(kMunicipality.size()) == state.details().municipality_code();
}

}  // namespace

bool IsResident(const ResidentState& state) {
  return state.status() != ResidentState::STATUS_UNSPECIFIED && state.status() != ResidentState::STATUS_ALIAS &&
         state.status() != ResidentState::STATUS_ACCESS_RECORD;
}

absl::Status MaySee(const ResidentState& state, std::string_view caller) {
  if (caller.substr(0, kMunicipality.size()) != kMunicipality || !IsResident(state)) return absl::OkStatus();
  return IsOwn(state, caller) ? absl::OkStatus() : refusals::MunicipalityNotYours();
}

absl::Status MayAsk(const ResidentState& state, const Command& command, std::string_view caller) {
  // Whoever registers somebody whom another municipality knows learns that by a refusal, or by an equal registration.
  if (std::holds_alternative<RegisterResident>(command)) return absl::OkStatus();
  const std::string_view destination = std::visit(Destination{}, command);
  if (!destination.empty() && caller.size() > kMunicipality.size() &&
      caller.substr(kMunicipality.size()) == destination) {
    return absl::OkStatus();
  }
  return MaySee(state, caller);
}

}  // namespace mynumber::issuance
