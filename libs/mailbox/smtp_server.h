#ifndef MYNUMBER_LIBS_MAILBOX_SMTP_SERVER_H_
#define MYNUMBER_LIBS_MAILBOX_SMTP_SERVER_H_

#include <sys/types.h>

#include <string>

namespace mynumber::mailbox {

// smtp_server_for_tests.py as a process of its own, ended with the object.
class SmtpServer {
 public:
  // "plain", "starttls", "smtps", or "silent", which accepts connections and says nothing.
  explicit SmtpServer(const std::string& kind);
  ~SmtpServer();
  SmtpServer(const SmtpServer&) = delete;
  SmtpServer& operator=(const SmtpServer&) = delete;

  // HOST:PORT.
  std::string address() const { return "127.0.0.1:" + port_; }
  std::string authorities_file() const { return folder_ + "/authority.pem"; }
  // Of its own, for whatever a test needs.
  const std::string& folder() const { return folder_; }
  // How the script describes the mail that came `index`-th; empty if there is none.
  std::string Received(int index) const;

 private:
  std::string folder_;
  std::string port_;
  pid_t pid_ = 0;
};

}  // namespace mynumber::mailbox

#endif  // MYNUMBER_LIBS_MAILBOX_SMTP_SERVER_H_
