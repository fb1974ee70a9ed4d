#include "libs/certificates/pem.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <sstream>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace mynumber::certificates {
namespace {

Bio Over(std::string_view text) { return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

// OpenSSL would ask at the terminal.
int NoPassphrase(char*, int, int, void*) { return -1; }

template <typename Handle, auto kRead>
std::vector<Handle> AllIn(std::string_view pem) {
  std::vector<Handle> found;
  const Bio bio = Over(pem);
  while (auto* read = kRead(bio.get(), nullptr, NoPassphrase, nullptr)) found.emplace_back(read);
  ERR_clear_error();  // the end of the text is an error to OpenSSL, and gRPC reads the same queue
  return found;
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (file && text) return text.str();
  return absl::FailedPreconditionError(absl::StrCat(
      path, " cannot be read (", std::strerror(errno), "): it belongs to a folder of certificate.pem, key.pem, ",
      "authority.pem and revoked.pem, as deploy/certs/make gives one, readable by this process."));
}

std::vector<Certificate> CertificatesIn(std::string_view pem) { return AllIn<Certificate, PEM_read_bio_X509>(pem); }

std::vector<RevokedList> RevokedListsIn(std::string_view pem) { return AllIn<RevokedList, PEM_read_bio_X509_CRL>(pem); }

Key KeyIn(std::string_view pem) {
  Key key(PEM_read_bio_PrivateKey(Over(pem).get(), nullptr, NoPassphrase, nullptr));
  ERR_clear_error();
  return key;
}

int64_t SecondsOf(const ASN1_TIME* time) {
  std::tm parts{};
  return ASN1_TIME_to_tm(time, &parts) == 1 ? timegm(&parts) : 0;
}

}  // namespace mynumber::certificates
