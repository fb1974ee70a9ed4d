#include "services/card/service_assembly.h"

#include <algorithm>
#include <utility>

#include "libs/mailbox/email_address.h"
#include "libs/mailbox/mail_folder.h"
#include "libs/mailbox/smtp.h"
#include "mynumber/card/v1/error_reason.pb.h"
#include "services/card/projections/tables.h"

namespace mynumber::card {
namespace {

// A suspension waits for the batch that is under way: beside a load of number issuance a large one takes long.
constexpr size_t kInsideCommands = 50;

// One photograph may need 256 MiB while it is judged, and waits with 8 MiB.
constexpr int kJudgedAtOnce = 2;
constexpr size_t kWaitingPhotosMax = 30;

constexpr auto kSweepEvery = std::chrono::hours(1);
constexpr size_t kSweptAtOnce = 10'000;

Given GivenBy(const serving::AssemblyOptions& options, const ServiceKeys* keys, const CardOptions& cards) {
  Given given;
  given.partition_count = options.partition_count;
  given.serial_for = [keys](std::string_view ten_free_digits, int card) {
    return keys->SerialFor(ten_free_digits, card);
  };
  given.token_hash_for = [keys](const SubjectId& resident, uint32_t application, uint32_t link) {
    return keys->TokenHashFor(resident, application, link);
  };
  given.nationals_abroad_keep_cards = cards.nationals_abroad_keep_cards;
  return given;
}

absl::StatusOr<mailbox::SendMail> SenderOf(const CardOptions& cards, const std::string& data, runtime::Now now) {
  if (!mailbox::IsEmailAddress(cards.mail_from)) {
    return absl::InvalidArgumentError("the address that mails come from is none: correct --mail_from");
  }
  mailbox::Sender sender{cards.mail_from, cards.mail_from_name, std::move(now)};
  if (cards.smtp_url.empty()) {
    return mailbox::IntoFolder(cards.mail_folder.empty() ? data + "/mail" : cards.mail_folder, std::move(sender));
  }
  mailbox::SmtpOptions smtp;
  smtp.url = cards.smtp_url;
  smtp.needs_tls = cards.smtp_needs_tls;
  smtp.login_file = cards.smtp_login_file;
  return mailbox::BySmtp(std::move(smtp), std::move(sender));
}

}  // namespace

serving::ServedService<CardDomain> Assembly::Describe() {
  serving::ServedService<CardDomain> served;
  served.name = kName;
  served.full_name = v1::CardService::service_full_name();
  served.domain = &domain_;
  served.refusals = &kRefusals;
  served.reasons = v1::ErrorReason_descriptor();
  served.events = CardDomain::Event::descriptor();
  served.projection_version = kProjectionVersion;
  served.inside_commands = kInsideCommands;
  served.collection = "residents";
  served.reacts_to = {"issuance", "notice"};
  served.now_and_then = [this] {
    SweepPhotos();
    metrics_.NowAndThen(*served_.context());
  };
  return served;
}

Assembly::Assembly(const serving::AssemblyOptions& options, const serving::Surroundings& around,
                   const CardOptions& cards)
    : keys_(around.keyring),
      domain_{GivenBy(options, &keys_, cards)},
      metrics_(around.registry),
      served_(Describe(), options, around),
      calls_(served_.context()),
      judges_(std::make_unique<runtime::Workers>(kJudgedAtOnce, kWaitingPhotosMax)) {
  CardParts& own = served_.context()->own;
  own.keys = &keys_;
  own.judges = judges_.get();
  own.judged_photos =
      around.registry->AddCounters("mynumber_judged_photos_total", "Photographs that came with an application.",
                                   "outcome", {"taken", "refused"}, {{"service", kName}});
}

absl::StatusOr<std::unique_ptr<Assembly>> Assembly::Start(const serving::AssemblyOptions& options,
                                                          const serving::Surroundings& around,
                                                          const CardOptions& cards, bool sends_mail) {
  std::unique_ptr<Assembly> assembly(new Assembly(options, around, cards));
  auto photos = PhotoStore::Open(
      cards.photo_folder.empty() ? options.data + "/" + kName + "/photos" : cards.photo_folder, &assembly->keys_);
  if (!photos.ok()) return photos.status();
  assembly->photos_ = *std::move(photos);
  assembly->served_.context()->own.photos = assembly->photos_.get();
  absl::StatusOr<mailbox::SendMail> send = mailbox::SendMail();
  if (sends_mail) send = SenderOf(cards, options.data, options.now);
  absl::Status status = send.ok() ? assembly->served_.Open() : send.status();
  if (!status.ok()) return status;
  if (sends_mail) {
    assembly->outbox_ = std::make_unique<Outbox>(assembly->served_.context(), *std::move(send),
                                                 cards.application_link_url, around.registry);
  }
  return assembly;
}

void Assembly::SweepPhotos() {
  const auto now = std::chrono::steady_clock::now();
  if (swept_ && now - *swept_ < kSweepEvery) return;
  swept_ = now;
  photos_->Sweep([this](const SubjectId& resident, std::string_view name) { return IsPhotoOfUse(resident, name); },
                 kSweptAtOnce);
}

bool Assembly::IsPhotoOfUse(const SubjectId& resident, std::string_view file_name) {
  const ServiceContext& context = *served_.context();
  rows::v1::CardState state;
  // A partition that serves is less than a day behind its log.
  if (!context.host->Snapshot(context.PartitionOf(resident)).serving()) return true;
  const auto found = context.Read(resident, &state);
  if (!found.ok() || !*found) return true;
  const auto& all = state.file().applications();
  return std::any_of(all.begin(), all.end(), [&](const rows::v1::Application& application) {
    return keys_.PhotoFileName(resident, application.submitted().photo().digest()) == file_name;
  });
}

void Assembly::Stop() {
  served_.Refuse();
  // Both send commands, which nobody would answer once the loops have stopped.
  if (outbox_) outbox_->Stop();
  judges_.reset();
  served_.Stop();
  outbox_.reset();
}

}  // namespace mynumber::card
