#include "libs/certificates/identity.h"

#include <openssl/err.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/certificates/pem.h"

namespace mynumber::certificates {
namespace {

bool IsWord(absl::string_view word) {
  if (word.empty() || word == "." || word == "..") return false;
  return std::all_of(word.begin(), word.end(),
                     [](unsigned char c) { return absl::ascii_isalnum(c) || c == '.' || c == '_' || c == '-'; });
}

template <typename... Words>
absl::Status Unusable(const Words&... words) {
  return absl::FailedPreconditionError(absl::StrCat(words...));
}

absl::Status CheckKeyIsPrivate(const std::string& path) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) return Unusable(path, " cannot be read: ", std::strerror(errno), ".");
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) == 0) return absl::OkStatus();
  return Unusable("Others than its owner may read or change the key ", path, ": take it for known, renew it (",
                  "deploy/certs/make), and give the new one mode 0600.");
}

absl::Status CheckAuthority(const std::vector<Certificate>& chain, const std::vector<Certificate>& authorities,
                            const std::string& path) {
  const Store store(X509_STORE_new());
  for (const Certificate& authority : authorities) X509_STORE_add_cert(store.get(), authority.get());
  STACK_OF(X509)* const between = sk_X509_new_null();
  for (size_t i = 1; i < chain.size(); ++i) sk_X509_push(between, chain[i].get());
  const StoreContext context(X509_STORE_CTX_new());
  const bool verified = X509_STORE_CTX_init(context.get(), store.get(), chain[0].get(), between) == 1 &&
                        X509_verify_cert(context.get()) == 1;
  sk_X509_free(between);
  ERR_clear_error();
  if (verified) return absl::OkStatus();
  return Unusable(path, " cannot be used: ", X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get())),
                  ". Renew it (deploy/certs/make), and see that ", kAuthorityFile, " beside it is its authority's.");
}

// Of all URI names; other names do not matter.
std::vector<std::string> UrisOf(const X509* certificate) {
  std::vector<std::string> uris;
  const Names names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_URI) continue;
    const ASN1_IA5STRING* const uri = name->d.uniformResourceIdentifier;
    uris.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)), ASN1_STRING_length(uri));
  }
  return uris;
}

}  // namespace

bool IsIdentity(std::string_view uri) {
  if (uri.substr(0, std::strlen(kTrustDomain)) != kTrustDomain) return false;
  uri.remove_prefix(std::strlen(kTrustDomain));
  const std::vector<absl::string_view> words = absl::StrSplit(absl::string_view(uri.data(), uri.size()), '/');
  return std::all_of(words.begin(), words.end(), IsWord);
}

absl::StatusOr<Identity> ReadIdentity(const std::string& folder) {
  const std::string path = absl::StrCat(folder, "/", kCertificateFile);
  const std::string key_path = absl::StrCat(folder, "/", kKeyFile);
  const std::string authority_path = absl::StrCat(folder, "/", kAuthorityFile);
  if (absl::Status is_private = CheckKeyIsPrivate(key_path); !is_private.ok()) return is_private;
  std::vector<std::string> texts;
  for (const std::string& file : {path, key_path, authority_path}) {
    absl::StatusOr<std::string> text = ReadFile(file);
    if (!text.ok()) return text.status();
    texts.push_back(*std::move(text));
  }
  const std::vector<Certificate> chain = CertificatesIn(texts[0]);
  if (chain.empty()) return Unusable(path, " holds no certificate: make it anew (deploy/certs/make).");
  const Key key = KeyIn(texts[1]);
  if (key == nullptr) return Unusable(key_path, " holds no key that opens without a passphrase.");
  const bool belong_together = X509_check_private_key(chain[0].get(), key.get()) == 1;
  ERR_clear_error();
  if (!belong_together) return Unusable(key_path, " is not the key of ", path, ": put both there as they were made.");
  const std::vector<Certificate> authorities = CertificatesIn(texts[2]);
  if (absl::Status good = CheckAuthority(chain, authorities, path); !good.ok()) return good;
  const std::vector<std::string> uris = UrisOf(chain[0].get());
  if (uris.size() != 1 || !IsIdentity(uris[0])) {
    return Unusable(path, " has ", uris.size(), " URI names; it needs one, as ", kTrustDomain, "service/issuance.");
  }
  return Identity{uris[0], SecondsOf(X509_get0_notAfter(chain[0].get()))};
}

}  // namespace mynumber::certificates
