#ifndef MYNUMBER_LIBS_CERTIFICATES_MADE_CERTIFICATES_H_
#define MYNUMBER_LIBS_CERTIFICATES_MADE_CERTIFICATES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "libs/certificates/openssl_handles.h"

// Certificates as no good authority would give them, for tests. deploy/certs makes the good ones.
namespace mynumber::certificates {

struct Wish {
  std::vector<std::string> uris;
  // For clients in any case.
  bool for_servers = false;
  // Against now.
  int64_t from_seconds = -3'600;
  int64_t until_seconds = 3'600;
  // By its own key instead of the authority's.
  bool self_signed = false;
};

struct Made {
  Certificate certificate;
  Key key;
};

std::string PemOf(const Certificate& certificate);
std::string PemOf(const Key& key);
// Aborts what cannot be written. The key gets mode 0600.
void WriteFile(const std::string& path, const std::string& text);

// A root and an issuing authority under it. One thread.
class MadeAuthority {
 public:
  MadeAuthority();

  Made Issue(const Wish& wish) const;
  // From the next list on.
  void Revoke(const Certificate& certificate) { revoked_.push_back(certificate.get()); }
  // A list of what is revoked, to be replaced within `until_seconds` from now.
  std::string List(int64_t until_seconds = 3'600) const;
  std::string ChainOf(const Made& made) const { return PemOf(made.certificate) + PemOf(issuing_.certificate); }
  std::string Authorities() const { return PemOf(root_.certificate) + PemOf(issuing_.certificate); }
  // All four files into the folder, which is made.
  void Write(const std::string& folder, const Made& made) const;
  // Issued and written at once.
  Made WriteNew(const std::string& folder, const Wish& wish) const;

 private:
  Made root_;
  Made issuing_;
  std::vector<const X509*> revoked_;
};

}  // namespace mynumber::certificates

#endif  // MYNUMBER_LIBS_CERTIFICATES_MADE_CERTIFICATES_H_
