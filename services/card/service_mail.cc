#include "services/card/service_mail.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "libs/eventsourcing/big_endian.h"
#include "services/card/domain/state_standing.h"
#include "services/card/projections/tables.h"
#include "services/card/service_mail_texts.h"

namespace mynumber::card {
namespace {

constexpr int kSenders = 4;
constexpr size_t kUnderWayMax = 100;
// What is remembered of mails that were not taken; of more than these it is forgotten how often.
constexpr size_t kTriesMax = 10'000;
constexpr size_t kRowsAtOnce = 1000;
constexpr auto kLook = std::chrono::milliseconds(200);
constexpr int64_t kFirstWaitMicros = 1'000'000;
constexpr int kDoublingsMax = 8;

struct RowOf {
  NumberedKey application;
  events::v1::MailKind kind;
  uint32_t number;
};

RowOf ReadRow(std::string_view row) {
  return {DecodeNumbered(row.substr(1)), static_cast<events::v1::MailKind>(row[1 + kNumberedBytes]),
          static_cast<uint32_t>(eventsourcing::BigEndian(row.substr(1 + kNumberedBytes + 1, 4)))};
}

MailText TextOf(const ServiceKeys& keys, const std::string& link_url, const RowOf& row,
                const rows::v1::Application& application) {
  switch (row.kind) {
    case events::v1::MAIL_KIND_LINK:
      return LinkText(link_url + keys.TokenFor(row.application.resident, row.application.number, row.number));
    case events::v1::MAIL_KIND_DEFECT:
      return DefectText(application.defects());
    default:
      return ReceivedText();
  }
}

bool IsStillToBeSent(const rows::v1::Application& application, const RowOf& row) {
  return std::any_of(application.mails().begin(), application.mails().end(), [&](const events::v1::MailSent& mail) {
    return mail.kind() == row.kind && mail.number() == row.number;
  });
}

}  // namespace

Outbox::Outbox(ServiceContext* context, mailbox::SendMail send, std::string link_url, metrics::Registry* registry)
    : context_(context),
      send_(std::move(send)),
      link_url_(std::move(link_url)),
      mails_(registry->AddCounters("mynumber_mails_total", "Mails to applicants, by what became of a try to send one.",
                                   "outcome", {"sent", "refused", "failed"}, {{"service", "card"}})),
      looked_at_(context->rows.size()),
      senders_(std::make_unique<runtime::Workers>(kSenders, kUnderWayMax)),
      thread_([this] { Run(); }) {}

bool Outbox::IsStopping() {
  std::lock_guard<std::mutex> lock(mutex_);
  return is_stopping_;
}

void Outbox::Stop() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  senders_.reset();
}

void Outbox::Run() {
  while (true) {
    for (uint32_t p = 0; p < context_->rows.size(); ++p) {
      if (context_->host->Snapshot(p).serving()) Look(p);
    }
    std::unique_lock<std::mutex> lock(mutex_);
    if (changed_.wait_for(lock, kLook, [this] { return is_stopping_; })) return;
  }
}

// Goes on behind the row that was looked at last, so that mails that nobody takes keep no others waiting.
void Outbox::Look(uint32_t partition) {
  std::vector<std::string> rows;
  std::string& looked_at = looked_at_[partition];
  const absl::Status status = context_->rows[partition]->Scan(
      TableOf(kMailTable), looked_at, [&](std::string_view key, std::string_view) {
        rows.emplace_back(key);
        return rows.size() < kRowsAtOnce;
      });
  if (!status.ok()) return;
  looked_at = rows.size() < kRowsAtOnce ? std::string() : rows.back();
  for (const std::string& row : Choose(rows, context_->now())) {
    if (!senders_->Run([this, row] { Send(row); })) TryLater(row);
  }
}

std::vector<std::string> Outbox::Choose(const std::vector<std::string>& rows, int64_t now_micros) {
  std::vector<std::string> chosen;
  std::lock_guard<std::mutex> lock(mutex_);
  if (tries_.size() > kTriesMax) {
    for (auto one = tries_.begin(); one != tries_.end();) one = one->second.is_under_way ? ++one : tries_.erase(one);
  }
  for (const std::string& row : rows) {
    if (is_stopping_ || under_way_ >= kUnderWayMax) break;
    const auto [found, is_new] = tries_.emplace(row, Try());
    Try& one = found->second;
    if (!is_new && (one.is_under_way || one.next_micros > now_micros)) continue;
    one.is_under_way = true;
    ++under_way_;
    chosen.push_back(row);
  }
  return chosen;
}

void Outbox::Send(const std::string& row) {
  // A server that hangs would make each of those that wait behind it take its whole time-out.
  if (IsStopping()) return TryLater(row);
  const RowOf of = ReadRow(row);
  rows::v1::CardState state;
  auto found = context_->Read(of.application.resident, &state);
  if (!found.ok()) return TryLater(row);
  const auto* application = FindApplication(state.file(), of.application.number);
  if (application == nullptr || !IsStillToBeSent(*application, of)) return Forget(row);
  MailText text = TextOf(*context_->own.keys, link_url_, of, *application);
  mailbox::Mail mail;
  mail.to = application->email();
  mail.subject = std::move(text.subject);
  mail.text = std::move(text.text);
  mail.message_id =
      context_->own.keys->MailId(of.application.resident, of.application.number, of.kind, of.number);
  const absl::Status sent = send_(mail);
  const bool is_refused = absl::IsInvalidArgument(sent);
  mails_[sent.ok() ? "sent" : is_refused ? "refused" : "failed"].Increment();
  if (!sent.ok() && !is_refused) return TryLater(row);
  events::v1::MailSent noted;
  noted.set_application(of.application.number);
  noted.set_kind(of.kind);
  noted.set_number(of.number);
  noted.set_undeliverable(is_refused);
  Note(row, std::move(noted));
}

void Outbox::Note(const std::string& row, events::v1::MailSent sent) {
  auto origin = std::make_shared<Origin>();
  origin->caller = "service/card";
  origin->method = "NoteMailSent";
  origin->needs_no_receipt = true;
  Request request;
  request.subject = ReadRow(row).application.resident;
  request.command = NoteMailSent{std::move(sent)};
  request.origin = std::move(origin);
  request.prepare = [](const Prepared&) {};
  request.finish = [this, row](const absl::Status& done) { done.ok() ? Forget(row) : TryLater(row); };
  context_->Submit(context_->PartitionOf(request.subject), std::move(request));
}

void Outbox::Forget(const std::string& row) {
  std::lock_guard<std::mutex> lock(mutex_);
  tries_.erase(row);
  --under_way_;
}

void Outbox::TryLater(const std::string& row) {
  const int64_t now_micros = context_->now();
  std::lock_guard<std::mutex> lock(mutex_);
  Try& one = tries_[row];
  one.is_under_way = false;
  one.next_micros = now_micros + (kFirstWaitMicros << std::min(one.failures, kDoublingsMax));
  ++one.failures;
  --under_way_;
}

}  // namespace mynumber::card
