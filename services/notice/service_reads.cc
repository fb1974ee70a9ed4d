// Reads: current ones after an append that was sent later, stale ones at once. Longer ones run on workers.

#include <utility>

#include "libs/calendar/date.h"
#include "libs/identifiers/municipality_code.h"
#include "libs/serving/positions.h"
#include "libs/serving/reads.h"
#include "services/notice/domain/explain.h"
#include "services/notice/projections/tables.h"
#include "services/notice/service.h"
#include "services/notice/service_answers.h"

namespace mynumber::notice {
namespace {

// A municipality sees its own notices; the hotline those of everybody who calls.
bool MaySee(const type::Actor& actor, const std::string& municipality) {
  return actor.authority() == "hotline" || MunicipalityOf(actor) == municipality;
}

// Calls `fill` with the notice as it is now, on a worker, and ends the call with what it says.
template <class Fill>
NoticeService::Reactor* ReadNotice(ServiceContext* context, grpc::CallbackServerContext* rpc_call, const char* method,
                                   const std::string& notice_name, const type::Actor& actor, const Fill& fill) {
  const auto name = ValidateNoticeName(notice_name, "name");
  const auto resident = name.ok() ? absl::StatusOr<SubjectId>(name->resident) : name.status();
  return serving::ReadCurrent(context, rpc_call, method, actor, resident,
                              [name, actor, fill](const rows::v1::NoticeState& state) -> absl::Status {
                                if (state.has_erased()) return refusals::ResidentErased();
                                const rows::v1::Notice* notice = FindNotice(state.file(), name->notice);
                                if (notice == nullptr) return refusals::NoticeUnknown();
                                if (!MaySee(actor, notice->addressee().municipality_code())) {
                                  return refusals::MunicipalityNotYours();
                                }
                                return fill(state, name->resident, *notice);
                              });
}

// What is the same for every list: who asks, for which municipality, from where on.
template <class Asked>
absl::StatusOr<serving::List> CheckList(const ServiceContext& context, const Asked& request, size_t last_bytes) {
  absl::Status status = ValidateActor(kRefusals, request.actor(), false);
  if (!status.ok()) return status;
  if (!MaySee(request.actor(), request.municipality_code())) return refusals::MunicipalityNotYours();
  return serving::CheckPage(context, request, last_bytes);
}

absl::Status AddNotice(const ServiceContext& context, std::string_view key, v1::ListNoticesResponse* response) {
  const NoticeKey of = NoticeOfKey(key);
  rows::v1::NoticeState state;
  auto found = context.Read(of.resident, &state);
  if (!found.ok()) return found.status();
  const rows::v1::Notice* notice = FindNotice(state.file(), of.notice);
  if (*found && notice != nullptr) FillNotice(state, of.resident, *notice, nullptr, response->add_notices());
  return absl::OkStatus();
}

absl::Status ReadNotices(const ServiceContext& context, const v1::ListNoticesRequest& request,
                         v1::ListNoticesResponse* response) {
  const bool by_state = request.state() != v1::Notice::STATE_UNSPECIFIED;
  auto list = CheckList(context, request, by_state ? 17 : 4 + 17);
  if (!list.ok()) return list.status();
  list->prefix = TableOf(by_state ? kStateOfNoticeTable : kDueTable, request.municipality_code());
  if (by_state) list->prefix.push_back(static_cast<char>(request.state()));
  if (!by_state && request.has_due_until()) {
    absl::Status status = ValidateDate(request.due_until(), "due_until");
    if (!status.ok()) return status;
    list->until = list->prefix + EncodeDay(calendar::DayNumber(request.due_until()) + 1);
  }
  auto token = serving::ReadPage(context, *std::move(list), [&](std::string_view key, std::string_view) {
    return AddNotice(context, key, response);
  });
  if (!token.ok()) return token.status();
  response->set_next_page_token(*token);
  return absl::OkStatus();
}

absl::Status AddWork(const ServiceContext& context, std::string_view key, v1::ListWorkResponse* response) {
  const NoticeKey of = NoticeOfKey(key);
  const auto kind = static_cast<events::v1::WorkKind>(key[key.size() - 18]);
  rows::v1::NoticeState state;
  auto found = context.Read(of.resident, &state);
  if (!found.ok()) return found.status();
  const rows::v1::Notice* notice = FindNotice(state.file(), of.notice);
  if (*found && notice != nullptr) {
    FillWork(*notice, {of.resident, of.notice}, kind, context.now(), response->add_work());
  }
  return absl::OkStatus();
}

absl::Status ReadWork(const ServiceContext& context, const v1::ListWorkRequest& request,
                      v1::ListWorkResponse* response) {
  auto list = CheckList(context, request, 4 + 1 + 17);
  if (!list.ok()) return list.status();
  list->prefix = TableOf(kWorkTable, request.municipality_code());
  auto token = serving::ReadPage(context, *std::move(list), [&](std::string_view key, std::string_view) {
    return AddWork(context, key, response);
  });
  if (!token.ok()) return token.status();
  response->set_next_page_token(*token);
  return absl::OkStatus();
}

}  // namespace

NoticeService::Reactor* NoticeService::GetNotice(Context* call, const v1::GetNoticeRequest* request,
                                                 v1::Notice* response) {
  return ReadNotice(context_, call, "GetNotice", request->name(), request->actor(),
                    [context = context_, response](const rows::v1::NoticeState& state, const SubjectId& resident,
                                                   const rows::v1::Notice& notice) {
                      const auto position = serving::PositionNow(*context, context->PartitionOf(resident));
                      if (!position.ok()) return position.status();
                      FillNotice(state, resident, notice, &*position, response);
                      return absl::OkStatus();
                    });
}

NoticeService::Reactor* NoticeService::ExplainNotice(Context* call, const v1::ExplainNoticeRequest* request,
                                                     v1::ExplainNoticeResponse* response) {
  return ReadNotice(context_, call, "ExplainNotice", request->name(), request->actor(),
                    [context = context_, response](const rows::v1::NoticeState&, const SubjectId&,
                                                   const rows::v1::Notice& notice) {
                      *response = Explain(notice, context->now());
                      return absl::OkStatus();
                    });
}

NoticeService::Reactor* NoticeService::ListNotices(Context* rpc_call, const v1::ListNoticesRequest* request,
                                                   v1::ListNoticesResponse* response) {
  const UnaryCall call(context_, rpc_call, "ListNotices", *request);
  OnWorker(context_, call, [=, context = context_] { return ReadNotices(*context, *request, response); });
  return call.reactor();
}

NoticeService::Reactor* NoticeService::ListWork(Context* rpc_call, const v1::ListWorkRequest* request,
                                                v1::ListWorkResponse* response) {
  const UnaryCall call(context_, rpc_call, "ListWork", *request);
  OnWorker(context_, call, [=, context = context_] { return ReadWork(*context, *request, response); });
  return call.reactor();
}

}  // namespace mynumber::notice
