#include "libs/sealing/sealed_text.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "libs/sealing/chance.h"
#include "libs/sealing/key_file.h"
#include "libs/token/token_key.h"

namespace mynumber::sealing {
namespace {

constexpr std::string_view kHeader = "mynumber-keyring-in-token 1\n";

// Header and URI, which are bound to what is sealed.
std::string HeadOf(const std::string& uri) { return std::string(kHeader) + uri + "\n"; }

absl::Status Damaged(const std::string& path) {
  return absl::DataLossError(
      absl::StrCat("The keyring ", path, " cannot be used, since it is damaged, or another key sealed it than the one "
                   "that it names: restore it from its backup, or the token from its own."));
}

absl::Status OfToken(const std::string& path, const absl::Status& said) {
  return absl::Status(said.code(),
                      absl::StrCat("The keyring ", path, " is sealed by a key in a token. ", said.message()));
}

absl::Status OpenBytes(token::TokenKey* key, const std::string& uri, std::string_view bytes, std::string* text) {
  if (bytes.size() < token::kNonceBytes) return absl::DataLossError("too short");
  return key->Open(bytes.substr(0, token::kNonceBytes), bytes.substr(token::kNonceBytes), HeadOf(uri), text);
}

}  // namespace

bool IsSealedText(std::string_view text) { return text.substr(0, kHeader.size()) == kHeader; }

absl::StatusOr<std::string> SealText(const std::string& uri, std::string_view text) {
  if (uri.find('\n') != std::string::npos) return absl::InvalidArgumentError("The URI of a key has one line.");
  auto key = token::TokenKey::Find(uri);
  if (!key.ok()) return key.status();
  std::string nonce(token::kNonceBytes, '\0');
  SystemRandom()(reinterpret_cast<uint8_t*>(nonce.data()), nonce.size());
  const auto sealed = (*key)->Seal(nonce, text, HeadOf(uri));
  if (!sealed.ok()) return sealed.status();
  const std::string bytes = nonce + *sealed;
  SecretText again(kKeyFileBytesMax);
  const absl::Status opened = OpenBytes(key->get(), uri, bytes, &again.text);
  if (!opened.ok() || again.text != text) return absl::UnavailableError("The token does not open what it sealed.");
  return absl::StrCat(HeadOf(uri), absl::BytesToHexString(bytes), "\n");
}

absl::Status OpenSealedText(const std::string& path, std::string* uri, std::string* text) {
  const size_t second = kHeader.size();
  const size_t third = text->find('\n', second);
  if (third == std::string::npos || text->back() != '\n') return Damaged(path);
  *uri = text->substr(second, third - second);
  const std::string hex = text->substr(third + 1, text->size() - third - 2);
  if (hex.size() % 2 != 0 || hex.find_first_not_of("0123456789abcdef") != std::string::npos) return Damaged(path);
  auto key = token::TokenKey::Find(*uri);
  // It was a URI when it was written.
  if (absl::IsInvalidArgument(key.status())) return Damaged(path);
  if (!key.ok()) return OfToken(path, key.status());
  const absl::Status opened = OpenBytes(key->get(), *uri, absl::HexStringToBytes(hex), text);
  if (absl::IsDataLoss(opened)) return Damaged(path);
  return opened.ok() ? opened : OfToken(path, opened);
}

}  // namespace mynumber::sealing
