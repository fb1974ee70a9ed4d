#ifndef MYNUMBER_SERVICES_NOTICE_DOMAIN_COMMANDS_H_
#define MYNUMBER_SERVICES_NOTICE_DOMAIN_COMMANDS_H_

// What may be asked. Contents have been validated (validate.h); what is right only in a certain state is decided.
// Private to this service: may change any day. `notice` counts from 1; 0 is the resident's current one.

#include <cstdint>
#include <string>
#include <variant>

#include "libs/eventsourcing/subject.h"
#include "mynumber/notice/events/v1/events.pb.h"
#include "mynumber/type/type.pb.h"

namespace mynumber::notice {

// ---- From number issuance's events; the subject is the resident.

struct PrepareNotice {
  events::v1::Addressee addressee;
  std::string individual_number;
  std::string ten_free_digits;
  int64_t issued_micros = 0;
};
// The number was replaced.
struct PrepareNextNotice {
  std::string individual_number;
  int64_t issued_micros = 0;
};
struct MoveAddressee {
  std::string address;
  std::string postal_code;
  std::string municipality_code;
};
struct ChangeAddressee {
  events::v1::Addressee addressee;
};
struct CancelNotice {
  events::v1::CancellationGround ground = events::v1::CANCELLATION_GROUND_UNSPECIFIED;
};
// All that is known of the resident goes.
struct EraseResident {};

// ---- From municipalities; the subject is the resident.

struct RenderNotice {
  uint32_t notice = 0;
  type::Actor actor;
};
struct RequestResend {
  uint32_t notice = 0;
  type::Actor actor;
  std::string tracking_number;
  events::v1::ResendWay way = events::v1::RESEND_WAY_UNSPECIFIED;
  type::Date day;
  events::v1::ResendWindow window = events::v1::RESEND_WINDOW_UNSPECIFIED;
};
struct RecordCounterHandover {
  uint32_t notice = 0;
  type::Actor actor;
  events::v1::IdentityCheck identity_check = events::v1::IDENTITY_CHECK_UNSPECIFIED;
};
struct MailAgain {
  uint32_t notice = 0;
  type::Actor actor;
};
struct RecordDestruction {
  uint32_t notice = 0;
  type::Actor actor;
  std::string record;
};
struct DisputeDelivery {
  uint32_t notice = 0;
  type::Actor actor;
  std::string statement;
};
struct RecordInvestigation {
  uint32_t notice = 0;
  type::Actor actor;
  events::v1::InvestigationOutcome outcome = events::v1::INVESTIGATION_OUTCOME_UNSPECIFIED;
  std::string record;
};
struct ClaimWork {
  uint32_t notice = 0;
  type::Actor actor;
  events::v1::WorkKind kind = events::v1::WORK_KIND_UNSPECIFIED;
  int minutes = 0;
};
struct ResolveWork {
  uint32_t notice = 0;
  type::Actor actor;
  events::v1::WorkKind kind = events::v1::WORK_KIND_UNSPECIFIED;
  std::string record;
};

// ---- From the post office.

// The subject is the resident.
struct PostNotice {
  uint32_t notice = 0;
};
// The subject is the tracking number (TrackingSubject).
struct ReportTracking {
  std::string tracking_number;
  events::v1::TrackingReport report;
};
// The subject is a partition's share (ShareSubject); serials, both included.
struct RegisterRange {
  uint64_t first_serial = 0;
  uint64_t last_serial = 0;
  type::Date day;
};

// ---- From the clock; the subject is the resident.

struct MeetDeadline {
  uint32_t notice = 0;
  events::v1::DeadlineKind kind = events::v1::DEADLINE_KIND_UNSPECIFIED;
};

using Command = std::variant<PrepareNotice, PrepareNextNotice, MoveAddressee, ChangeAddressee, CancelNotice,
                             EraseResident, RenderNotice, RequestResend, RecordCounterHandover, MailAgain,
                             RecordDestruction, DisputeDelivery, RecordInvestigation, ClaimWork, ResolveWork,
                             PostNotice, ReportTracking, RegisterRange, MeetDeadline>;

}  // namespace mynumber::notice

#endif  // MYNUMBER_SERVICES_NOTICE_DOMAIN_COMMANDS_H_
