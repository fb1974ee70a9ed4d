#include "libs/certificates/revocations.h"

#include <openssl/err.h>
#include <sys/stat.h>

#include <ctime>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/certificates/identity.h"
#include "libs/certificates/pem.h"
#include "libs/log/log.h"

namespace mynumber::certificates {
namespace {

bool IsSignedByOneOf(X509_CRL* list, const std::vector<Certificate>& authorities) {
  for (const Certificate& authority : authorities) {
    if (X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_subject_name(authority.get())) == 0 &&
        X509_CRL_verify(list, X509_get0_pubkey(authority.get())) == 1) {
      return true;
    }
  }
  ERR_clear_error();
  return false;
}

bool IsValidNow(const X509* certificate) {
  const int64_t now = std::time(nullptr);
  return SecondsOf(X509_get0_notBefore(certificate)) <= now && now <= SecondsOf(X509_get0_notAfter(certificate));
}

// Tells one version of the files from another.
std::string VersionOf(const std::string& folder) {
  std::string version;
  for (const char* name : {kRevokedFile, kAuthorityFile}) {
    struct stat found {};
    if (stat(absl::StrCat(folder, "/", name).c_str(), &found) != 0) continue;
    absl::StrAppend(&version, name, ":", found.st_dev, ":", found.st_ino, ":", found.st_size, ":", found.st_mtim.tv_sec,
                    ".", found.st_mtim.tv_nsec, " ");
  }
  return version;
}

}  // namespace

struct Revocations::Lists {
  std::vector<RevokedList> all;

  bool HaveOneBy(const X509_NAME* issuer) const {
    for (const RevokedList& list : all) {
      if (X509_NAME_cmp(X509_CRL_get_issuer(list.get()), issuer) == 0) return true;
    }
    return false;
  }

  bool Name(X509* certificate) const {
    for (const RevokedList& list : all) {
      X509_REVOKED* entry = nullptr;
      if (X509_NAME_cmp(X509_CRL_get_issuer(list.get()), X509_get_issuer_name(certificate)) == 0 &&
          X509_CRL_get0_by_cert(list.get(), &entry, certificate) == 1) {
        return true;
      }
    }
    return false;
  }

  void WarnIfStale(const std::string& folder) const {
    for (const RevokedList& list : all) {
      const ASN1_TIME* const next = X509_CRL_get0_nextUpdate(list.get());
      const int64_t late_seconds = next == nullptr ? 0 : std::time(nullptr) - SecondsOf(next);
      if (late_seconds > 0) log::Warn("revocations_stale", {{"folder", folder}, {"hours", late_seconds / 3'600}});
    }
  }
};

Revocations::Revocations(const std::string& folder) : folder_(folder) {}

Revocations::~Revocations() = default;

absl::StatusOr<std::unique_ptr<Revocations>> Revocations::Open(const std::string& folder) {
  std::unique_ptr<Revocations> revocations(new Revocations(folder));
  revocations->version_ = VersionOf(folder);
  if (absl::Status read = revocations->Read(); !read.ok()) return read;
  return revocations;
}

absl::Status Revocations::Check(std::string_view certificate, std::string_view chain) {
  const std::vector<Certificate> own = CertificatesIn(certificate);
  if (own.empty()) return absl::UnauthenticatedError("The peer's certificate cannot be read.");
  if (!IsValidNow(own[0].get())) return absl::UnauthenticatedError("The peer's certificate has expired: renew it.");
  const std::vector<Certificate> sent = CertificatesIn(chain);
  std::lock_guard lock(mutex_);
  ReadIfChanged();
  lists_->WarnIfStale(folder_);
  if (!lists_->HaveOneBy(X509_get_issuer_name(own[0].get()))) {
    return absl::PermissionDeniedError("No list says whether the peer's certificate is revoked: its issuer has none.");
  }
  bool is_revoked = lists_->Name(own[0].get());
  for (const Certificate& one : sent) is_revoked |= lists_->Name(one.get());
  if (!is_revoked) return absl::OkStatus();
  return absl::PermissionDeniedError("The peer's certificate is revoked: ask its authority for another.");
}

void Revocations::ReadIfChanged() {
  std::string there = VersionOf(folder_);
  if (there == version_) return;
  version_ = std::move(there);
  if (const absl::Status read = Read(); !read.ok()) log::Error("revocations_unreadable", {{"why", read.message()}});
}

absl::Status Revocations::Read() {
  const std::string path = absl::StrCat(folder_, "/", kRevokedFile);
  const absl::StatusOr<std::string> authorities = ReadFile(absl::StrCat(folder_, "/", kAuthorityFile));
  if (!authorities.ok()) return authorities.status();
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return text.status();
  auto lists = std::make_unique<Lists>();
  lists->all = RevokedListsIn(*text);
  const std::vector<Certificate> trusted = CertificatesIn(*authorities);
  for (const RevokedList& list : lists->all) {
    if (IsSignedByOneOf(list.get(), trusted)) continue;
    return absl::FailedPreconditionError(absl::StrCat("A list in ", path, " is signed by nobody in ", kAuthorityFile,
                                                      ": put the authority's list there."));
  }
  if (lists->all.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, " holds no list: put the authority's list there, even if it revokes nobody."));
  }
  lists_ = std::move(lists);
  return absl::OkStatus();
}

}  // namespace mynumber::certificates
