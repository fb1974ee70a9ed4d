#include "services/notice/domain/made_up.h"

#include "libs/calendar/date.h"

namespace mynumber::notice::made_up {
namespace {

using eventsourcing::SubjectId;

Given GivenOf(uint32_t partition_count) {
  Given given;
  given.partition_count = partition_count;
  given.application_id_for = [](std::string_view ten_free_digits, int serial) {
    return std::string(ten_free_digits) + "0000000000" + std::to_string(100 + serial);
  };
  given.custody_months = [](std::string_view municipality) { return municipality == kMunicipality ? 3 : 12; };
  return given;
}

}  // namespace

SubjectId Resident(char letter) { return SubjectId::FromBytes(std::string(16, letter)); }

events::v1::Addressee Hanako() {
  events::v1::Addressee addressee;
  addressee.set_full_name("見本 花子");
  *addressee.mutable_birth_date() = Date(1987, 3, 1);
  addressee.set_address("架空町1-2-3");
  addressee.set_postal_code("1000001");
  addressee.set_municipality_code(kMunicipality);
  return addressee;
}

type::Actor Clerk(const std::string& id) {
  type::Actor actor;
  actor.set_authority(std::string("municipality/") + kMunicipality);
  actor.set_clerk_id(id);
  return actor;
}

type::Actor OtherTownsClerk() {
  type::Actor actor = Clerk();
  actor.set_authority(std::string("municipality/") + kOtherMunicipality);
  return actor;
}

type::Date Date(int year, int month, int day) { return calendar::ToDate(calendar::Day(year, month, day)); }

int64_t Moment(int year, int month, int day, int hour, int minute) {
  return calendar::StartOfDayMicros(calendar::Day(year, month, day)) + (hour * 60 + minute) * int64_t{60'000'000};
}

events::v1::TrackingReport Report(const std::string& status, const type::Date& day, int minute,
                                  const std::string& office) {
  events::v1::TrackingReport report;
  *report.mutable_day() = day;
  if (minute >= 0) report.set_minute_of_day(static_cast<uint32_t>(minute));
  report.set_status(status);
  report.set_office(office);
  return report;
}

PrepareNotice Preparation(int64_t issued_micros) { return {Hanako(), "123456789018", "5000000000", issued_micros}; }

PostNotice Posting(uint32_t notice) { return {notice}; }

RegisterRange Range(int64_t now_micros, uint64_t first_serial, uint64_t count) {
  return {first_serial, first_serial + count - 1, calendar::DateInTokyo(now_micros)};
}

Town::Town(uint32_t partition_count)
    : OnePartition(NoticeDomain{GivenOf(partition_count)}, Moment(2026, 11, 2)) {}

absl::Status Town::Report(const std::string& tracking_number, const events::v1::TrackingReport& report) {
  const auto number = identifiers::TrackingNumber::Parse(tracking_number);
  return number.ok() ? When(TrackingSubject(*number), ReportTracking{tracking_number, report}) : number.status();
}

std::string Town::Posted(char letter) {
  (void)When(ShareSubject(0), Range(now_micros));
  (void)Resident(letter, Preparation(now_micros));
  (void)Resident(letter, RenderNotice{1, Clerk()});
  (void)Resident(letter, Posting());
  return CurrentPiece(NoticeOf(letter))->tracking_number();
}

const rows::v1::Notice& Town::NoticeOf(char letter, int notice) const {
  return states.at(std::string(16, letter)).file().notices(notice - 1);
}

std::vector<events::v1::WorkKind> Town::WorkKinds(char letter) const {
  std::vector<events::v1::WorkKind> kinds;
  for (const OpenWork& work : WorkOf(NoticeOf(letter))) kinds.push_back(work.kind);
  return kinds;
}

}  // namespace mynumber::notice::made_up
