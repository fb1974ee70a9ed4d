#include "services/mynumberctl/request_ids.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>

#include "absl/strings/str_cat.h"
#include "libs/identifiers/lower_hex.h"

namespace mynumber::mynumberctl {
namespace {

using identifiers::RequestId;

// RFC 4122 section 4.1.1 and 4.1.3.
void SetVersion(int version, uint8_t* bytes) {
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0F) | version << 4);
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3F) | 0x80);
}

RequestId MakeRandom() {
  std::random_device chance;
  RequestId id;
  for (size_t i = 0; i < id.size(); i += 4) {
    const uint32_t word = chance();
    for (size_t j = 0; j < 4; ++j) id[i + j] = static_cast<uint8_t>(word >> (8 * j));
  }
  SetVersion(4, id.data());
  return id;
}

// Where the sixteen bytes' digits stand: 8-4-4-4-12.
void WriteUuid(const uint8_t* bytes, std::string* out) {
  out->resize(36);
  char* to = out->data();
  size_t from = 0;
  for (size_t group : {4, 2, 2, 2, 6}) {
    if (from > 0) *to++ = '-';
    identifiers::WriteLowerHex(bytes + from, group, to);
    to += 2 * group;
    from += group;
  }
}

void Require(bool done) {
  if (done) return;
  std::cerr << "OpenSSL gives no SHA-1: request ids cannot be derived\n";
  std::abort();
}

absl::Status WriteFresh(const std::string& path, const RequestId& id) {
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const std::string text = identifiers::FormatRequestId(id) + "\n";
  const bool written = file >= 0 && write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       fsync(file) == 0;
  if (file >= 0) close(file);
  if (written) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("cannot write ", path));
}

}  // namespace

std::string RandomRequestId() {
  std::string text;
  WriteUuid(MakeRandom().data(), &text);
  return text;
}

RequestIds::RequestIds(const RequestId& name_space)
    : name_space_(name_space), sha1_(EVP_MD_fetch(nullptr, "SHA1", nullptr)), context_(EVP_MD_CTX_new()) {
  Require(sha1_ != nullptr && context_ != nullptr);
}

RequestIds::~RequestIds() {
  EVP_MD_CTX_free(context_);
  EVP_MD_free(sha1_);
}

void RequestIds::Derive(absl::Span<const std::string_view> fields, std::string* out) {
  uint8_t hash[EVP_MAX_MD_SIZE];
  bool done = EVP_DigestInit_ex2(context_, sha1_, nullptr) == 1 &&
              EVP_DigestUpdate(context_, name_space_.data(), name_space_.size()) == 1;
  for (std::string_view field : fields.subspan(1)) {
    done = done && EVP_DigestUpdate(context_, field.data(), field.size()) == 1 &&
           EVP_DigestUpdate(context_, "\x1f", 1) == 1;
  }
  Require(done && EVP_DigestFinal_ex(context_, hash, nullptr) == 1);
  SetVersion(5, hash);
  WriteUuid(hash, out);
}

absl::StatusOr<RequestId> LoadNameSpace(const std::string& path) {
  std::ifstream file(path);
  std::string text;
  if (file && std::getline(file, text)) {
    if (auto id = identifiers::ParseRequestId(text)) return *id;
    return absl::FailedPreconditionError(
        absl::StrCat(path, " holds no UUID: remove it, or name another one with --namespace-file"));
  }
  const RequestId fresh = MakeRandom();
  if (absl::Status written = WriteFresh(path, fresh); !written.ok()) return written;
  return fresh;
}

std::string DefaultNameSpacePath() {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state != '\0') return absl::StrCat(state, "/mynumberctl/request-id-namespace");
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home == '\0') return "";
  return absl::StrCat(home, "/.local/state/mynumberctl/request-id-namespace");
}

}  // namespace mynumber::mynumberctl
