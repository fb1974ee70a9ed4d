// The notice itself. It is drawn first, so that what cannot be drawn is not posted, and answered once the look at the
// number is written down. Until it is posted it may be asked for again.

#include <utility>

#include "absl/time/time.h"
#include "libs/calendar/date.h"
#include "libs/calendar/era.h"
#include "libs/notice_document/notice_document.h"
#include "services/notice/service.h"
#include "services/notice/service_answers.h"
#include "services/notice/service_asked.h"

namespace mynumber::notice {
namespace {

notice_document::NoticeForm FormOf(const NoticeParts& parts, int64_t micros) {
  notice_document::NoticeForm form;
  form.application_url = parts.application_url;
  form.enquiry_phone = parts.enquiry_phone;
  form.enquiry_name = parts.enquiry_name;
  form.enquiry_hours = parts.enquiry_hours;
  form.creation_time = absl::FromUnixMicros(micros);
  return form;
}

notice_document::Notice ToDraw(const rows::v1::Notice& notice, const v1::RenderNoticeRequest& request) {
  const auto& prepared = notice.prepared();
  notice_document::Notice drawn;
  drawn.issue_date = calendar::FormatInEra(calendar::DayInTokyo(prepared.issued_micros()));
  drawn.mayor_title = request.mayor_title();
  drawn.mayor_name = request.mayor_name();
  drawn.number = prepared.individual_number();
  drawn.name = notice.addressee().full_name();
  drawn.alias = notice.addressee().alias();
  drawn.birth_date = calendar::FormatInEra(calendar::ToDay(notice.addressee().birth_date()).value_or(calendar::Day()));
  drawn.application_id = prepared.application_id();
  return drawn;
}

// One rendering on its way.
struct Rendering {
  UnaryCall call;
  Asked asked;
  NoticeName name;
  const v1::RenderNoticeRequest* request;
  v1::RenderNoticeResponse* response;
  std::string pdf;
  // What the PDF says.
  std::string drawn_from;
};

std::string WhatIsDrawn(const rows::v1::Notice& notice) {
  return notice.prepared().SerializeAsString() + notice.addressee().SerializeAsString();
}

absl::Status Draw(const ServiceContext& context, const rows::v1::Notice& notice, Rendering* rendering) {
  const auto form = FormOf(context.own, notice.prepared().issued_micros());
  auto pdf = notice_document::RenderNotice(form, ToDraw(notice, *rendering->request));
  if (!pdf.ok()) return refusals::NoticeNotDrawn(std::string(pdf.status().message()));
  rendering->pdf = *std::move(pdf);
  rendering->drawn_from = WhatIsDrawn(notice);
  return absl::OkStatus();
}

absl::Status DrawCurrent(const ServiceContext& context, Rendering* rendering) {
  rows::v1::NoticeState state;
  auto found = context.Read(rendering->name.resident, &state);
  if (!found.ok()) return found.status();
  if (state.has_erased()) return refusals::ResidentErased();
  const rows::v1::Notice* notice = FindNotice(state.file(), rendering->name.notice);
  return notice == nullptr ? refusals::NoticeUnknown() : Draw(context, *notice, rendering);
}

void WriteDown(ServiceContext* context, const std::shared_ptr<Rendering>& rendering) {
  auto notice = std::make_shared<rows::v1::Notice>();
  Send(
      context, rendering->asked, rendering->name.resident,
      notice::RenderNotice{rendering->name.notice, rendering->request->actor()},
      [rendering, notice](const Prepared& prepared) {
        rendering->response->Clear();
        const rows::v1::Notice* found = FindNotice(prepared.state.file(), rendering->name.notice);
        if (found == nullptr) return;
        *notice = *found;
        FillNotice(prepared.state, rendering->name.resident, *found, &prepared.position,
                   rendering->response->mutable_notice());
      },
      [context, rendering, notice](const absl::Status& done) {
        if (!done.ok()) return rendering->call.End(done);
        OnWorker(context, rendering->call, [context, rendering, notice] {
          // The resident may have moved meanwhile.
          const bool is_same = WhatIsDrawn(*notice) == rendering->drawn_from;
          absl::Status status = is_same ? absl::OkStatus() : Draw(*context, *notice, rendering.get());
          if (status.ok()) rendering->response->set_pdf(std::move(rendering->pdf));
          return status;
        });
      });
}

}  // namespace

NoticeService::Reactor* NoticeService::RenderNotice(Context* rpc_call, const v1::RenderNoticeRequest* request,
                                                    v1::RenderNoticeResponse* response) {
  const UnaryCall call(context_, rpc_call, "RenderNotice", *request);
  auto asked = CheckAskedOfNotice(context_, *rpc_call, "RenderNotice", *request, request->name(), absl::OkStatus());
  if (!asked.ok()) {
    call.End(asked.status());
    return call.reactor();
  }
  auto rendering = std::make_shared<Rendering>(Rendering{call, asked->asked, asked->name, request, response, "", ""});
  const auto draw = [context = context_, rendering](const absl::Status& current) {
    const absl::Status drawn = current.ok() ? DrawCurrent(*context, rendering.get()) : current;
    drawn.ok() ? WriteDown(context, rendering) : rendering->call.End(drawn);
  };
  WhenCurrent(context_, {context_->PartitionOf(asked->name.resident)}, asked->asked.deadline_micros, draw);
  return call.reactor();
}

}  // namespace mynumber::notice
