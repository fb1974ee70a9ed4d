#ifndef MYNUMBER_LIBS_CERTIFICATES_OPENSSL_HANDLES_H_
#define MYNUMBER_LIBS_CERTIFICATES_OPENSSL_HANDLES_H_

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

namespace mynumber::certificates {

// Frees what OpenSSL gave, by the function that it wants.
template <auto kFree>
struct Freed {
  template <typename T>
  void operator()(T* pointer) const {
    kFree(pointer);
  }
};

using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using RevokedList = std::unique_ptr<X509_CRL, Freed<X509_CRL_free>>;
using Store = std::unique_ptr<X509_STORE, Freed<X509_STORE_free>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, Freed<X509_STORE_CTX_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Freed<GENERAL_NAMES_free>>;

}  // namespace mynumber::certificates

#endif  // MYNUMBER_LIBS_CERTIFICATES_OPENSSL_HANDLES_H_
