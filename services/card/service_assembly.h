#ifndef MYNUMBER_SERVICES_CARD_SERVICE_ASSEMBLY_H_
#define MYNUMBER_SERVICES_CARD_SERVICE_ASSEMBLY_H_

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/mailbox/mail.h"
#include "libs/rpc/server.h"
#include "libs/serving/assembly.h"
#include "services/card/metrics.h"
#include "services/card/service.h"
#include "services/card/service_mail.h"

namespace mynumber::card {

struct CardOptions {
  // Mails go to this server; empty: into the folder.
  std::string smtp_url;
  // Of two lines, user and password; empty: no login.
  std::string smtp_login_file;
  // False only for a relay on this machine.
  bool smtp_needs_tls = true;
  // Empty: <data>/mail.
  std::string mail_folder;
  // Of photographs, sealed; all instances of a cluster share it. Empty: <data>/card/photos.
  std::string photo_folder;
  std::string mail_from = "card@example.invalid";
  std::string mail_from_name = "個人番号カード交付申請窓口（見本）";
  // Stands before a link's token.
  std::string application_link_url = "https://card.example.invalid/confirm?token=";
  // Given::nationals_abroad_keep_cards.
  bool nationals_abroad_keep_cards = true;
};

inline constexpr char kName[] = "card";

// The card service of one process, put together.
class Assembly {
 public:
  using Served = serving::Assembly<CardDomain, CardParts>;

  // Opens everything and starts to catch up. Reacts to the logs of number issuance and the notice service, which have
  // as many partitions. `sends_mail`: else the outbox stays shut.
  static absl::StatusOr<std::unique_ptr<Assembly>> Start(const serving::AssemblyOptions& options,
                                                         const serving::Surroundings& around,
                                                         const CardOptions& cards, bool sends_mail);
  // After Stop.
  ~Assembly() { Stop(); }

  rpc::NamedService service() { return {v1::CardService::service_full_name(), &calls_}; }
  operations::OperatedService operated() { return served_.operated(); }
  // The partitions, and how they are owned and refused.
  Served& served() { return served_; }
  // PhotoStore::IsOfUse: whether an application of the resident names it; true where this instance does not serve the
  // resident's partition or knows nobody under this id. Any thread.
  bool IsPhotoOfUse(const SubjectId& resident, std::string_view file_name);
  // Call after the server has drained. A second call does nothing.
  void Stop();

 private:
  Assembly(const serving::AssemblyOptions& options, const serving::Surroundings& around, const CardOptions& cards);
  serving::ServedService<CardDomain> Describe();
  // Once an hour, and so many files each time.
  void SweepPhotos();

  const ServiceKeys keys_;
  CardDomain domain_;
  CardMetrics metrics_;
  std::unique_ptr<PhotoStore> photos_;
  std::optional<std::chrono::steady_clock::time_point> swept_;
  Served served_;
  CardService calls_;
  std::unique_ptr<runtime::Workers> judges_;
  std::unique_ptr<Outbox> outbox_;
};

}  // namespace mynumber::card

#endif  // MYNUMBER_SERVICES_CARD_SERVICE_ASSEMBLY_H_
