#include "libs/mailbox/smtp.h"

#include <curl/curl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <fstream>
#include <memory>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "libs/mailbox/message.h"

namespace mynumber::mailbox {
namespace {

struct Release {
  void operator()(CURL* it) const { curl_easy_cleanup(it); }
  void operator()(curl_slist* it) const { curl_slist_free_all(it); }
};

struct Login {
  std::string user;
  std::string password;
};

// What curl is given to work on, and what it was seen to do.
struct Transfer {
  std::string_view unsent;
  // The last command but QUIT, without what stands behind it, and the last reply to it (0: none).
  std::string verb;
  int reply = 0;
  bool quits = false;
};

absl::StatusOr<Login> ReadLogin(const std::string& path) {
  struct stat state;
  Login login;
  std::ifstream file(path);
  if (stat(path.c_str(), &state) != 0 || !std::getline(file, login.user) || !std::getline(file, login.password)) {
    return absl::UnavailableError(
        absl::StrCat("The login file ", path, " cannot be read: put user and password there, a line each."));
  }
  if ((state.st_mode & 077) != 0) {
    return absl::UnavailableError(
        absl::StrCat("The login file ", path, " is open to others than its owner: run `chmod 600 ", path, "`."));
  }
  return login;
}

size_t ReadMessage(char* buffer, size_t size, size_t count, void* transfer) {
  std::string_view& unsent = static_cast<Transfer*>(transfer)->unsent;
  const size_t taken = unsent.copy(buffer, size * count);
  unsent.remove_prefix(taken);
  return taken;
}

// Stands in place of curl's own, which writes to stderr.
int SeeTalk(CURL*, curl_infotype type, char* data, size_t size, void* it) {
  auto* transfer = static_cast<Transfer*>(it);
  const std::string_view line(data, size);
  if (type == CURLINFO_HEADER_OUT) {
    transfer->quits = line.substr(0, 4) == "QUIT";
    if (transfer->quits) return 0;
    transfer->verb = std::string(line.substr(0, 4));
    transfer->reply = 0;
  } else if (type == CURLINFO_HEADER_IN && !transfer->quits) {
    if (!absl::SimpleAtoi(absl::string_view(data, std::min<size_t>(size, 3)), &transfer->reply)) transfer->reply = 0;
  }
  return 0;
}

// 552 says that the mailbox is full, which passes; codes below 550 speak of our commands and login.
bool IsRefusedForGood(const Transfer& transfer) {
  return (transfer.verb == "RCPT" || transfer.verb == "DATA") && transfer.reply >= 550 && transfer.reply <= 559 &&
         transfer.reply != 552;
}

absl::Status StatusOf(CURLcode code, const Transfer& transfer) {
  if (code == CURLE_OK) return absl::OkStatus();
  if (IsRefusedForGood(transfer)) {
    return absl::InvalidArgumentError(
        absl::StrCat("The mail server refuses the recipient of a mail for good (reply ", transfer.reply, ")."));
  }
  return absl::UnavailableError(absl::StrCat("A mail could not be handed to the mail server (",
                                             curl_easy_strerror(code), "; last reply ", transfer.reply,
                                             "): it can be sent again."));
}

void SetConnection(CURL* curl, const SmtpOptions& options, const Login& login) {
  curl_easy_setopt(curl, CURLOPT_URL, options.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  // The environment may name a proxy for the web.
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_millis_max));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options.mail_millis_max));
  curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(options.needs_tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options.authorities_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, options.authorities_file.c_str());
  if (login.user.empty()) return;
  curl_easy_setopt(curl, CURLOPT_USERNAME, login.user.c_str());
  curl_easy_setopt(curl, CURLOPT_PASSWORD, login.password.c_str());
}

void SetTransfer(CURL* curl, Transfer* transfer) {
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, &ReadMessage);
  curl_easy_setopt(curl, CURLOPT_READDATA, transfer);
  curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, &SeeTalk);
  curl_easy_setopt(curl, CURLOPT_DEBUGDATA, transfer);
}

absl::Status HandOver(const SmtpOptions& options, const Sender& sender, const Mail& mail) {
  if (absl::Status checked = CheckRecipient(mail); !checked.ok()) return checked;
  Login login;
  if (!options.login_file.empty()) {
    auto read = ReadLogin(options.login_file);
    if (!read.ok()) return read.status();
    login = *std::move(read);
  }
  const std::string message = MessageOf(mail, sender, sender.now_micros());
  Transfer transfer;
  transfer.unsent = message;
  const std::unique_ptr<CURL, Release> curl(curl_easy_init());
  const std::unique_ptr<curl_slist, Release> recipients(curl_slist_append(nullptr, mail.to.c_str()));
  assert(curl && recipients && "memory is exhausted");
  SetConnection(curl.get(), options, login);
  SetTransfer(curl.get(), &transfer);
  curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, sender.address.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, recipients.get());
  return StatusOf(curl_easy_perform(curl.get()), transfer);
}

}  // namespace

absl::StatusOr<SendMail> BySmtp(SmtpOptions options, Sender sender) {
  // Once for the process, before there is a handle.
  static const bool is_ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  assert(is_ready && "libcurl is unusable");
  if (!absl::StartsWith(options.url, "smtp://") && !absl::StartsWith(options.url, "smtps://")) {
    return absl::InvalidArgumentError("a mail server is named by smtp://HOST:PORT or smtps://HOST:PORT");
  }
  if (!options.login_file.empty()) {
    const auto login = ReadLogin(options.login_file);
    if (!login.ok()) return login.status();
  }
  return SendMail([options = std::move(options), sender = std::move(sender)](const Mail& mail) {
    return HandOver(options, sender, mail);
  });
}

}  // namespace mynumber::mailbox
