// Everything that the notice service may be asked, by municipalities and by the post office.

#include <string>

#include "mynumber/notice/v1/error_reason.pb.h"
#include "mynumber/notice/v1/notice_service.pb.h"
#include "mynumber/postoffice/v1/postoffice_service.pb.h"
#include "services/notice/domain/refusals.h"
#include "services/notice/domain/validate.h"
#include "tests/fuzz/requests.h"

namespace mynumber::notice {
namespace {

using fuzz::FirstOf;
using fuzz::Holds;
using fuzz::Kind;
using fuzz::KindOf;

absl::Status Actor(const type::Actor& actor) { return serving::ValidateActor(kRefusals, actor, false); }

absl::Status Name(const std::string& name, const char* field = "name") {
  const auto notice = ValidateNoticeName(name, field);
  if (notice.ok() && notice->notice != 0) Holds(FormatNoticeName(*notice) == name, "one notice has one name");
  return notice.status();
}

template <class Message>
absl::Status Asked(const Message& message, const std::string& name) {
  return FirstOf({fuzz::ValidateAsked(kRefusals, message, true), Name(name, "name")});
}

absl::StatusOr<identifiers::TrackingNumber> Number(const std::string& text, const char* field) {
  auto number = ValidateTrackingNumber(text, field);
  if (number.ok()) {
    Holds(identifiers::TrackingNumber::FromSerial(number->Serial()) == *number && number->IsSimpleRegistered(),
          "a piece's number is its serial and its check digit");
  }
  return number;
}

template <class IsValid>
absl::Status Known(IsValid is_valid, int value, const absl::Status& missing) {
  return value != 0 && is_valid(value) ? absl::OkStatus() : missing;
}

std::vector<Kind> Writes() {
  return {
      KindOf<v1::RequestResendRequest>([](const v1::RequestResendRequest& r) {
        return FirstOf({Asked(r, r.name()), Number(r.tracking_number(), "tracking_number").status(),
                        ValidateResend(r.way(), r.window(), r.day())});
      }),
      KindOf<v1::RecordCounterHandoverRequest>([](const v1::RecordCounterHandoverRequest& r) {
        return FirstOf({Asked(r, r.name()), Known(events::v1::IdentityCheck_IsValid, r.identity_check(),
                                                  refusals::IdentityCheckMissing())});
      }),
      KindOf<v1::MailAgainRequest>([](const v1::MailAgainRequest& r) { return Asked(r, r.name()); }),
      KindOf<v1::RenderNoticeRequest>([](const v1::RenderNoticeRequest& r) { return Asked(r, r.name()); }),
      KindOf<v1::RecordDestructionRequest>([](const v1::RecordDestructionRequest& r) {
        return FirstOf({Asked(r, r.name()), ValidateRecord(r.record())});
      }),
      KindOf<v1::DisputeDeliveryRequest>([](const v1::DisputeDeliveryRequest& r) {
        return FirstOf({Asked(r, r.name()), ValidateText(r.statement(), "statement", 1000)});
      }),
      KindOf<v1::RecordInvestigationRequest>([](const v1::RecordInvestigationRequest& r) {
        return FirstOf({Asked(r, r.name()),
                        Known(events::v1::InvestigationOutcome_IsValid, r.outcome(), refusals::OutcomeMissing()),
                        ValidateRecord(r.record())});
      }),
      KindOf<v1::ClaimWorkRequest>([](const v1::ClaimWorkRequest& r) {
        return FirstOf({fuzz::ValidateAsked(kRefusals, r, true), Name(r.notice(), "notice"),
                        Known(events::v1::WorkKind_IsValid, r.kind(), refusals::WorkKindMissing()),
                        r.minutes() < 0 || r.minutes() > 480 ? kRefusals.TooManyItems("minutes", 480)
                                                             : absl::OkStatus()});
      }),
      KindOf<v1::ResolveWorkRequest>([](const v1::ResolveWorkRequest& r) {
        return FirstOf({fuzz::ValidateAsked(kRefusals, r, true), Name(r.notice(), "notice"),
                        Known(events::v1::WorkKind_IsValid, r.kind(), refusals::WorkKindMissing()),
                        ValidateRecord(r.record())});
      }),
  };
}

std::vector<Kind> Reads() {
  return {
      KindOf<v1::GetNoticeRequest>([](const v1::GetNoticeRequest& r) {
        return FirstOf({Name(r.name()), Actor(r.actor())});
      }),
      KindOf<v1::ExplainNoticeRequest>([](const v1::ExplainNoticeRequest& r) {
        return FirstOf({Name(r.name()), Actor(r.actor())});
      }),
      KindOf<v1::ListNoticesRequest>([](const v1::ListNoticesRequest& r) {
        return FirstOf({Actor(r.actor()), fuzz::ValidatePage(kRefusals, r, 4 + 17),
                        r.has_due_until() ? ValidateDate(r.due_until(), "due_until") : absl::OkStatus()});
      }),
      KindOf<v1::ListWorkRequest>([](const v1::ListWorkRequest& r) {
        return FirstOf({Actor(r.actor()), fuzz::ValidatePage(kRefusals, r, 4 + 1 + 17)});
      }),
      KindOf<v1::WatchNoticesRequest>([](const v1::WatchNoticesRequest& r) { return Actor(r.actor()); }),
  };
}

// The service's own limits stand in its files of calls.
absl::Status Range(const postoffice::v1::RegisterTrackingRangeRequest& request) {
  constexpr uint64_t kRangeMax = 1'000'000'000;
  const auto first = Number(request.first_tracking_number(), "first_tracking_number");
  const auto last = Number(request.last_tracking_number(), "last_tracking_number");
  absl::Status status = FirstOf({first.status(), last.status()});
  if (!status.ok()) return status;
  if (last->Serial() < first->Serial()) return refusals::RangeEmpty();
  return last->Serial() - first->Serial() >= kRangeMax ? refusals::RangeTooLarge(kRangeMax) : absl::OkStatus();
}

std::vector<Kind> PostOffice() {
  using namespace postoffice::v1;  // NOLINT: requests
  return {
      KindOf<RegisterTrackingRangeRequest>([](const RegisterTrackingRangeRequest& r) {
        return FirstOf({Actor(r.actor()), Range(r)});
      }),
      KindOf<GetManifestRequest>([](const GetManifestRequest& r) {
        return FirstOf({Actor(r.actor()),
                        r.has_posting_date() ? ValidateDate(r.posting_date(), "posting_date") : absl::OkStatus()});
      }),
      KindOf<ReportTrackingEventsRequest>([](const ReportTrackingEventsRequest& r) {
        absl::Status status = Actor(r.actor());
        for (const auto& row : r.reports()) {
          status.Update(
              FirstOf({Number(row.tracking_number(), "tracking_number").status(), ValidateReport(row.report())}));
        }
        return status;
      }),
      KindOf<ListUnknownWordsRequest>([](const ListUnknownWordsRequest& r) { return Actor(r.actor()); }),
  };
}

}  // namespace
}  // namespace mynumber::notice

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace mynumber;  // NOLINT: two rooms
  static const fuzz::Asked asked = {&notice::kRefusals, notice::v1::ErrorReason_descriptor(),
                                    fuzz::Joined({notice::Writes(), notice::Reads(), notice::PostOffice()})};
  fuzz::TryRequest(asked, fuzz::InputOf(data, size));
  return 0;
}
