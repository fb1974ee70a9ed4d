#include "libs/certificates/made_certificates.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <utility>

#include "libs/certificates/identity.h"

namespace mynumber::certificates {
namespace {

void Require(bool succeeded, const std::string& what) {
  if (succeeded) return;
  std::fprintf(stderr, "certificates for tests: %s failed\n", what.c_str());
  std::abort();
}

void AddExtension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  Require(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1, value);
  X509_EXTENSION_free(extension);
}

// Without extensions and signature.
Made Begin(const std::string& name, int64_t from_seconds, int64_t until_seconds) {
  Made made{Certificate(X509_new()), Key(EVP_EC_gen("P-256"))};
  X509* const certificate = made.certificate.get();
  unsigned char serial[8];
  RAND_bytes(serial, sizeof(serial));
  serial[0] = (serial[0] & 0x7f) | 0x40;
  BIGNUM* const number = BN_bin2bn(serial, sizeof(serial), nullptr);
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
  BN_free(number);
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_TIME_set(X509_getm_notBefore(certificate), std::time(nullptr) + from_seconds);
  ASN1_TIME_set(X509_getm_notAfter(certificate), std::time(nullptr) + until_seconds);
  X509_set_pubkey(certificate, made.key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return made;
}

void Sign(Made& made, const Made& issuer) {
  X509_set_issuer_name(made.certificate.get(), X509_get_subject_name(issuer.certificate.get()));
  Require(X509_sign(made.certificate.get(), issuer.key.get(), EVP_sha256()) > 0, "signing");
}

Made MakeAuthority(const std::string& name, const Made* issuer) {
  Made made = Begin(name, -86'400, 86'400);
  const Made& signer = issuer == nullptr ? made : *issuer;
  AddExtension(made.certificate.get(), signer.certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(made.certificate.get(), signer.certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  Sign(made, signer);
  return made;
}

template <typename Write>
std::string Text(const Write& write) {
  const Bio bio(BIO_new(BIO_s_mem()));
  Require(write(bio.get()) == 1, "writing PEM");
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &bytes);
  return std::string(bytes, size);
}

}  // namespace

std::string PemOf(const Certificate& certificate) {
  return Text([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate.get()); });
}

std::string PemOf(const Key& key) {
  return Text(
      [&](BIO* bio) { return PEM_write_bio_PKCS8PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

void WriteFile(const std::string& path, const std::string& text) {
  const std::string begun = path + ".begun";
  std::ofstream(begun, std::ios::binary) << text;
  Require(chmod(begun.c_str(), 0600) == 0 && std::rename(begun.c_str(), path.c_str()) == 0, path);
}

MadeAuthority::MadeAuthority() : root_(MakeAuthority("root", nullptr)), issuing_(MakeAuthority("issuing", &root_)) {}

Made MadeAuthority::Issue(const Wish& wish) const {
  Made made = Begin("made for a test", wish.from_seconds, wish.until_seconds);
  const Made& signer = wish.self_signed ? made : issuing_;
  X509* const certificate = made.certificate.get();
  AddExtension(certificate, signer.certificate.get(), NID_basic_constraints, "critical,CA:FALSE");
  AddExtension(certificate, signer.certificate.get(), NID_ext_key_usage,
               wish.for_servers ? "serverAuth,clientAuth" : "clientAuth");
  std::string names = "IP:127.0.0.1,DNS:localhost";
  for (const std::string& uri : wish.uris) names += ",URI:" + uri;
  AddExtension(certificate, signer.certificate.get(), NID_subject_alt_name, names);
  Sign(made, signer);
  return made;
}

std::string MadeAuthority::List(int64_t until_seconds) const {
  const RevokedList list(X509_CRL_new());
  X509_CRL_set_version(list.get(), 1);
  X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(issuing_.certificate.get()));
  ASN1_TIME* const time = ASN1_TIME_set(nullptr, std::time(nullptr) - 60);
  X509_CRL_set1_lastUpdate(list.get(), time);
  for (const X509* certificate : revoked_) {
    X509_REVOKED* const entry = X509_REVOKED_new();
    X509_REVOKED_set_serialNumber(entry, const_cast<ASN1_INTEGER*>(X509_get0_serialNumber(certificate)));
    X509_REVOKED_set_revocationDate(entry, time);
    X509_CRL_add0_revoked(list.get(), entry);
  }
  ASN1_TIME_set(time, std::time(nullptr) + until_seconds);
  X509_CRL_set1_nextUpdate(list.get(), time);
  ASN1_TIME_free(time);
  X509_CRL_sort(list.get());
  Require(X509_CRL_sign(list.get(), issuing_.key.get(), EVP_sha256()) > 0, "signing");
  return Text([&](BIO* bio) { return PEM_write_bio_X509_CRL(bio, list.get()); });
}

void MadeAuthority::Write(const std::string& folder, const Made& made) const {
  std::filesystem::create_directories(folder);
  WriteFile(folder + "/" + kRevokedFile, List());
  WriteFile(folder + "/" + kAuthorityFile, Authorities());
  WriteFile(folder + "/" + kKeyFile, PemOf(made.key));
  WriteFile(folder + "/" + kCertificateFile, ChainOf(made));
}

Made MadeAuthority::WriteNew(const std::string& folder, const Wish& wish) const {
  Made made = Issue(wish);
  Write(folder, made);
  return made;
}

}  // namespace mynumber::certificates
