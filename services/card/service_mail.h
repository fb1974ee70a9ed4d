#ifndef MYNUMBER_SERVICES_CARD_SERVICE_MAIL_H_
#define MYNUMBER_SERVICES_CARD_SERVICE_MAIL_H_

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "libs/mailbox/mail.h"
#include "libs/metrics/metrics.h"
#include "libs/runtime/workers.h"
#include "services/card/service_context.h"

namespace mynumber::card {

// The mail that is still to be sent (table 'm'), of the partitions that this instance owns. What was sent is noted as
// an event; what was sent and not noted, since the process ended between the two, is sent again as the same mail. A
// mail that cannot be handed over now is tried again, ever later; one whose recipient is refused for good is noted as
// undeliverable. Bounded: so many mails are under way at once, and no more wait in memory.
class Outbox {
 public:
  // Begins at once. `link_url`: what stands before a link's token. The context outlives Stop, and the outbox the
  // partitions' host: that answers what was noted.
  Outbox(ServiceContext* context, mailbox::SendMail send, std::string link_url, metrics::Registry* registry);
  // Stops.
  ~Outbox() { Stop(); }
  // Before the partitions' host stops. Waits for what is being handed over, a few at once, as long as `send` takes for
  // one; what was not begun waits for the next start. A second call does nothing.
  void Stop();

 private:
  // How it went with a mail that is under way or was not taken.
  struct Try {
    int failures = 0;
    bool is_under_way = true;
    // Not again before.
    int64_t next_micros = 0;
  };

  bool IsStopping();
  void Run();
  void Look(uint32_t partition);
  // Marks what is to be sent now as under way.
  std::vector<std::string> Choose(const std::vector<std::string>& rows, int64_t now_micros);
  void Send(const std::string& row);
  void Note(const std::string& row, events::v1::MailSent sent);
  // Out of mind: it is noted, or there is nothing to send.
  void Forget(const std::string& row);
  void TryLater(const std::string& row);

  ServiceContext* context_;
  const mailbox::SendMail send_;
  const std::string link_url_;
  metrics::CounterSet mails_;
  // By partition: the row that was looked at last.
  std::vector<std::string> looked_at_;
  std::mutex mutex_;
  std::condition_variable changed_;
  // All by mutex.
  bool is_stopping_ = false;
  std::map<std::string, Try> tries_;
  size_t under_way_ = 0;
  // Before the thread that fills it, and gone after that.
  std::unique_ptr<runtime::Workers> senders_;
  std::thread thread_;
};

}  // namespace mynumber::card

#endif  // MYNUMBER_SERVICES_CARD_SERVICE_MAIL_H_
