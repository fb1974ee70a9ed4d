#ifndef MYNUMBER_LIBS_CERTIFICATES_PEM_H_
#define MYNUMBER_LIBS_CERTIFICATES_PEM_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/certificates/openssl_handles.h"

// PEM files and texts, for this room alone.
namespace mynumber::certificates {

// FAILED_PRECONDITION: a sentence that names the file.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// Every certificate or list in the text, in its order; what else stands there is passed over, as in every PEM file.
// Ends before one that is damaged.
std::vector<Certificate> CertificatesIn(std::string_view pem);
std::vector<RevokedList> RevokedListsIn(std::string_view pem);

// None if there is none, or if it asks for a passphrase.
Key KeyIn(std::string_view pem);

// Seconds since 1970.
int64_t SecondsOf(const ASN1_TIME* time);

}  // namespace mynumber::certificates

#endif  // MYNUMBER_LIBS_CERTIFICATES_PEM_H_
