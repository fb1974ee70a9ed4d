// For the hotline: who a caller may be, and whether what they say of themselves is true. Never by the twelve digits.

#include <utility>

#include "libs/calendar/date.h"
#include "libs/identifiers/person_name.h"
#include "services/card/projections/tables.h"
#include "services/card/service.h"
#include "services/card/service_asked.h"
#include "services/card/service_forms.h"

namespace mynumber::card {
namespace {

using Reactor = CardService::Reactor;
using v1::FindHoldersRequest;
using v1::FindHoldersResponse;

constexpr int kCandidatesMax = 20;
constexpr int kNameCharactersMax = 200;
constexpr int kAddressCharactersMax = 300;

absl::Status AddCandidate(const ServiceContext& context, const SubjectId& resident, FindHoldersResponse* response) {
  rows::v1::CardState state;
  auto found = context.Read(resident, &state);
  if (!found.ok()) return found.status();
  if (*found && state.file().has_person()) FillCandidate(resident, state.file(), response->add_candidates());
  return absl::OkStatus();
}

absl::Status AddByName(const ServiceContext& context, const FindHoldersRequest& request,
                       FindHoldersResponse* response) {
  const std::string prefix =
      TableOf(kNameTable, context.own.keys->NameHash(request.name(), request.birth_date()));
  for (const eventsourcing::Rows* rows : context.rows) {
    std::vector<SubjectId> residents;
    absl::Status status = rows->Scan(prefix, "", [&](std::string_view key, std::string_view) {
      residents.push_back(SubjectId::FromBytes(key.substr(prefix.size())));
      return residents.size() <= kCandidatesMax;
    });
    for (const SubjectId& resident : residents) {
      if (!status.ok() || response->candidates_size() == kCandidatesMax) break;
      status = AddCandidate(context, resident, response);
    }
    if (!status.ok()) return status;
    response->set_more(response->more() ||
                       (response->candidates_size() == kCandidatesMax && residents.size() > kCandidatesMax));
  }
  return absl::OkStatus();
}

// Where the caller may be found: in one partition by serial or application ID, anywhere by name.
struct Search {
  std::vector<uint32_t> partitions;
  std::optional<SubjectId> resident;
};

absl::StatusOr<Search> SearchFor(const ServiceContext& context, const FindHoldersRequest& request) {
  absl::Status status = ValidateHotline(request.actor());
  if (!status.ok()) return status;
  const bool by_serial = !request.card_serial().empty(), by_id = !request.application_id().empty();
  if (by_serial || by_id) {
    const auto found = by_serial ? CardWithSerial(*context.own.keys, request.card_serial(), "card_serial")
                                 : FormWithId(*context.own.keys, request.application_id());
    if (!found.ok()) return found.status();
    return Search{{context.PartitionOf(found->resident)}, found->resident};
  }
  if (request.name().empty()) return refusals::SearchMissing();
  status = ValidateText(request.name(), "name", kNameCharactersMax);
  if (status.ok()) status = ValidateDate(request.birth_date(), "birth_date");
  if (!status.ok()) return status;
  return Search{AllPartitions(context), std::nullopt};
}

// As one writes it down: 一丁目２番 is 一丁目2番.
bool IsSameAddress(const std::string& a, const std::string& b) {
  return identifiers::MatchingForm(a) == identifiers::MatchingForm(b);
}

absl::Status ValidateConfirmation(const v1::ConfirmHolderRequest& request) {
  absl::Status status = ValidateHotline(request.actor());
  if (status.ok()) status = ValidateText(request.address(), "address", kAddressCharactersMax);
  if (status.ok() && request.has_birth_date()) status = ValidateDate(request.birth_date(), "birth_date");
  return status.ok() ? ValidateCodeWord(request.code_word()) : status;
}

void Confirm(const ServiceKeys& keys, const v1::ConfirmHolderRequest& request, const SubjectId& resident,
             const rows::v1::HolderFile& file, v1::ConfirmHolderResponse* response) {
  response->set_birth_date_matches(calendar::DayNumber(request.birth_date()) ==
                                   calendar::DayNumber(file.person().birth_date()));
  response->set_address_matches(!request.address().empty() &&
                                IsSameAddress(request.address(), file.person().address()));
  response->set_has_code_word(!file.code_word_hash().empty());
  response->set_code_word_matches(!request.code_word().empty() &&
                                  keys.CodeWordHash(resident, request.code_word()) == file.code_word_hash());
}

}  // namespace

Reactor* CardService::FindHolders(Context* rpc_call, const FindHoldersRequest* request,
                                  FindHoldersResponse* response) {
  const UnaryCall call(context_, rpc_call, "FindHolders", *request);
  auto search = SearchFor(*context_, *request);
  if (!search.ok()) {
    call.End(search.status());
    return call.reactor();
  }
  const auto find = [=, context = context_, resident = search->resident](const absl::Status& current) {
    absl::Status status = current;
    if (status.ok()) {
      status = resident ? AddCandidate(*context, *resident, response) : AddByName(*context, *request, response);
    }
    if (!status.ok()) response->Clear();
    call.End(status);
  };
  WhenRead(context_, call, search->partitions, find);
  return call.reactor();
}

Reactor* CardService::ConfirmHolder(Context* call, const v1::ConfirmHolderRequest* request,
                                    v1::ConfirmHolderResponse* response) {
  absl::StatusOr<SubjectId> resident = ValidateResidentName(request->resident(), "resident");
  const absl::Status valid = ValidateConfirmation(*request);
  if (!valid.ok()) resident = valid;
  return serving::ReadCurrent(context_, call, "ConfirmHolder", request->actor(), resident,
                              [=, context = context_](const rows::v1::CardState& state) {
                                if (!state.file().has_person()) return refusals::HolderUnknown();
                                Confirm(*context->own.keys, *request, *resident, state.file(), response);
                                return absl::OkStatus();
                              });
}

}  // namespace mynumber::card
