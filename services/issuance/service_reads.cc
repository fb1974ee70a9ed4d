// Reads: current ones after an append that was sent later, stale ones at once. Longer ones run on workers.

#include <algorithm>
#include <utility>

#include "libs/eventsourcing/sealed_rows.h"
#include "libs/identifiers/person_name.h"
#include "libs/serving/pages.h"
#include "libs/serving/positions.h"
#include "services/issuance/domain/state_municipality.h"
#include "services/issuance/domain/refusals.h"
#include "services/issuance/domain/validate.h"
#include "services/issuance/projections/tables.h"
#include "services/issuance/service.h"
#include "services/issuance/service_access.h"
#include "services/issuance/service_answers.h"
#include "services/issuance/service_ids.h"

namespace mynumber::issuance {

using rows::v1::ResidentState;

namespace {

absl::Status ReadResident(const ServiceContext& context, const SubjectId& id, const type::Actor& actor,
                          v1::Resident* response) {
  ResidentState state;
  auto found = context.Read(id, &state);
  if (!found.ok()) return found.status();
  if (!*found || !IsResident(state)) return refusals::ResidentUnknown();
  const absl::Status seen = MaySee(state, actor.authority());
  if (!seen.ok()) return seen;
  const auto position = serving::PositionNow(context, context.PartitionOf(id));
  if (!position.ok()) return position.status();
  FillResident(state, id, &*position, response);
  return absl::OkStatus();
}

absl::Status ReadList(const ServiceContext& context, const v1::ListResidentsRequest& request,
                      v1::ListResidentsResponse* response) {
  std::vector<SubjectId> ids;
  const absl::Status read = ReadIds(context, IndexKey(kMunicipalityTable, request.municipality_code()),
                                    request.page_token(), request.page_size(), &ids,
                                    response->mutable_next_page_token());
  if (!read.ok()) return read;
  for (const SubjectId& id : ids) {
    ResidentState state;
    auto found = context.Read(id, &state);
    if (!found.ok()) return found.status();
    if (*found) FillResident(state, id, nullptr, response->add_residents());
  }
  return absl::OkStatus();
}

// Answers to a name are for the municipality that asks, and about its own residents.
absl::StatusOr<std::string> OwnMunicipality(const type::Actor& actor, const std::string& asked_for) {
  absl::Status status = ValidateActor(kRefusals, actor, false);
  if (!status.ok()) return status;
  const std::string own(MunicipalityOf(actor));
  if (own.empty() || (!asked_for.empty() && own != asked_for)) return refusals::MunicipalityNotYours();
  return own;
}

constexpr int kCandidatesMax = 20;

absl::Status ReadCandidates(const ServiceContext& context, const std::string& municipality,
                            const v1::FindResidentsRequest& request, v1::FindResidentsResponse* response) {
  const auto hash = context.own.keys->NameHash(identifiers::MatchingForm(request.full_name()), request.birth_date());
  const std::string prefix = IndexKey(kNameTable, eventsourcing::View(hash));
  for (const eventsourcing::Rows* rows : context.rows) {
    absl::Status failed;
    absl::Status status = rows->Scan(prefix, {}, [&](std::string_view key, std::string_view) {
      const SubjectId id = IdOfKey(key);
      ResidentState state;
      auto found = context.Read(id, &state);
      if (!found.ok()) failed = found.status();
      if (!found.ok() || !*found || state.details().municipality_code() != municipality) return failed.ok();
      if (response->candidates_size() == kCandidatesMax) {
        response->set_truncated(true);
        return false;
      }
      FillCandidate(state, id, response->add_candidates());
      return true;
    });
    if (!status.ok() || !failed.ok()) return status.ok() ? failed : status;
  }
  return absl::OkStatus();
}

serving::ReadKind KindOf(v1::Freshness freshness) {
  if (freshness == v1::FRESHNESS_STALE) return serving::ReadKind::kStale;
  return freshness == v1::FRESHNESS_FRESH ? serving::ReadKind::kFresh : serving::ReadKind::kCurrent;
}

}  // namespace

IssuanceService::Reactor* IssuanceService::GetResident(Context* rpc_call, const v1::GetResidentRequest* request,
                                                       v1::Resident* response) {
  const UnaryCall call(context_, rpc_call, "GetResident", *request);
  auto id = ValidateResidentName(request->name(), "name");
  absl::Status status = ValidateActor(kRefusals, request->actor(), false);
  if (status.ok()) status = id.status();
  if (!status.ok()) {
    call.End(status);
    return call.reactor();
  }
  auto as = serving::ReadAsOf(*rpc_call, KindOf(request->freshness()));
  if (as && !request->position().empty()) {
    as->at = eventsourcing::ParsePosition(request->position());
    if (!as->at) as.reset();
  }
  WhenRead(context_, call, {context_->PartitionOf(SubjectId{*id})}, as,
           [this, call, id = SubjectId{*id}, request, response](const absl::Status& current) {
             call.End(current.ok() ? ReadResident(*context_, id, request->actor(), response) : current);
           });
  return call.reactor();
}

IssuanceService::Reactor* IssuanceService::ListResidents(Context* rpc_call, const v1::ListResidentsRequest* request,
                                                         v1::ListResidentsResponse* response) {
  const UnaryCall call(context_, rpc_call, "ListResidents", *request);
  absl::Status status = ValidateMunicipality(request->municipality_code(), "municipality_code");
  if (status.ok()) status = OwnMunicipality(request->actor(), request->municipality_code()).status();
  if (status.ok() && request->page_size() < 0) status = kRefusals.PageSizeNegative();
  if (!status.ok()) {
    call.End(status);
  } else {
    OnWorker(context_, call, [this, request, response] { return ReadList(*context_, *request, response); });
  }
  return call.reactor();
}

IssuanceService::Reactor* IssuanceService::FindResidents(Context* rpc_call, const v1::FindResidentsRequest* request,
                                                         v1::FindResidentsResponse* response) {
  const UnaryCall call(context_, rpc_call, "FindResidents", *request);
  auto municipality = OwnMunicipality(request->actor(), "");
  absl::Status status = municipality.status();
  if (status.ok()) status = ValidateText(request->full_name(), "full_name", refusals::NameEmpty("full_name"));
  if (status.ok()) status = ValidatePastDay(request->birth_date(), context_->Today(), "birth_date");
  if (!status.ok()) {
    call.End(status);
  } else {
    call.told()->kind = serving::ReadKind::kStale;
    const bool taken = context_->workers->Run([this, call, municipality = *municipality, request, response] {
      const absl::Status read = ReadCandidates(*context_, municipality, *request, response);
      if (!read.ok()) return call.End(read);
      const auto found = static_cast<uint32_t>(response->candidates_size());
      NoteLookUp(context_, *call.rpc(), {request->actor(), "FindResidents", 1, found},
                 [call, response](const absl::Status& noted) {
                   if (!noted.ok()) response->Clear();
                   call.End(noted);
                 });
    });
    if (!taken) call.End(kRefusals.QueueFull());
  }
  return call.reactor();
}

IssuanceService::Reactor* IssuanceService::GetDigest(Context* rpc_call, const v1::GetDigestRequest* request,
                                                     v1::GetDigestResponse* response) {
  const UnaryCall call(context_, rpc_call, "GetDigest", *request);
  absl::Status status = ValidateMunicipality(request->municipality_code(), "municipality_code");
  if (status.ok()) status = OwnMunicipality(request->actor(), request->municipality_code()).status();
  if (!status.ok()) {
    call.End(status);
    return call.reactor();
  }
  const auto read = [this, request, response]() -> absl::Status {
    response->set_digest_key(context_->own.keys->DigestKey(request->municipality_code()));
    for (uint32_t p = 0; p < context_->rows.size(); ++p) {
      std::string value;
      auto found = context_->rows[p]->Get(IndexKey(kDigestTable, request->municipality_code()), &value);
      if (!found.ok()) return found.status();
      const eventsourcing::Sum sum = *found ? eventsourcing::DecodeSum(value) : eventsourcing::Sum{};
      auto* partition = response->add_partitions();
      partition->set_partition(p);
      partition->set_count(static_cast<uint64_t>(sum.count));
      partition->set_digest(eventsourcing::EncodeSum(sum).substr(8));
    }
    return absl::OkStatus();
  };
  WhenRead(context_, call, AllPartitions(*context_),
              [call, read](const absl::Status& current) { call.End(current.ok() ? read() : current); });
  return call.reactor();
}

namespace {

// Rows in answers of up to 200; the next is read when the last has been written.
class ResidentStream final : public grpc::ServerWriteReactor<v1::StreamResidentsResponse> {
 public:
  ResidentStream(ServiceContext* context, grpc::CallbackServerContext* call,
                 const rpc::Received<v1::StreamResidentsRequest>& received)
      : context_(context), counted_((*context->calls)["StreamResidents"]) {
    const v1::StreamResidentsRequest& request = received.message;
    absl::Status status = Readable(kRefusals, received.flaw);
    municipality_ = request.municipality_code();
    if (status.ok()) status = ValidateMunicipality(municipality_, "municipality_code");
    if (status.ok()) status = OwnMunicipality(request.actor(), municipality_).status();
    if (status.ok()) status = TakePartitions(request);
    if (status.ok()) {
      Next();
    } else {
      Finish(counted_.End(serving::Refuse(*context, *call, "StreamResidents", request.actor(), status)));
    }
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(counted_.End(absl::CancelledError("the client has gone")));
    Next();
  }
  void OnDone() override { delete this; }

 private:
  absl::Status TakePartitions(const v1::StreamResidentsRequest& request) {
    const std::vector<uint32_t> all = AllPartitions(*context_);
    partitions_.assign(request.partitions().begin(), request.partitions().end());
    if (partitions_.empty()) partitions_ = all;
    std::sort(partitions_.begin(), partitions_.end());
    const bool known = std::includes(all.begin(), all.end(), partitions_.begin(), partitions_.end());
    return known ? absl::OkStatus() : kRefusals.PartitionUnknown(static_cast<uint32_t>(all.size()));
  }

  void Next() {
    const bool taken = context_->workers->Run([this] { Fill(); });
    if (!taken) Finish(counted_.End(context_->refusals->Refuse(kRefusals.QueueFull())));
  }

  void Fill() {
    response_.Clear();
    while (at_ < partitions_.size() && response_.residents_size() == 0) {
      absl::Status status = FillFrom(partitions_[at_]);
      if (!status.ok()) return Finish(counted_.End(context_->refusals->Refuse(status)));
    }
    if (response_.residents_size() == 0) return Finish(counted_.End(absl::OkStatus()));
    StartWrite(&response_);
  }

  absl::Status FillFrom(uint32_t partition) {
    cursor_.partition = partition;
    std::vector<SubjectId> ids;
    auto more = NextIds(*context_, IndexKey(kMunicipalityTable, municipality_), 200, &cursor_, &ids);
    if (!more.ok()) return more.status();
    response_.set_partition(partition);
    for (const SubjectId& id : ids) {
      ResidentState state;
      auto found = context_->Read(id, &state);
      if (!found.ok()) return found.status();
      if (*found && state.status() == ResidentState::STATUS_REGISTERED) {
        FillResident(state, id, nullptr, response_.add_residents());
      }
    }
    if (!*more) {
      ++at_;
      cursor_.last.clear();
    }
    return absl::OkStatus();
  }

  ServiceContext* context_;
  rpc::CountedCall counted_;
  std::string municipality_;
  std::vector<uint32_t> partitions_;
  size_t at_ = 0;
  serving::PartitionCursor cursor_;
  v1::StreamResidentsResponse response_;
};

}  // namespace

grpc::ServerWriteReactor<v1::StreamResidentsResponse>* IssuanceService::OpenResidents(
    Context* call, const rpc::Received<v1::StreamResidentsRequest>& received) {
  return new ResidentStream(context_, call, received);
}

}  // namespace mynumber::issuance
