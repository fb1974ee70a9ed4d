#include "services/card/service_keys.h"

#include <array>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "libs/identifiers/application_id_permutation.h"
#include "libs/identifiers/card_serial_permutation.h"
#include "libs/identifiers/person_name.h"
#include "libs/sealing/block_cipher.h"

namespace mynumber::card {
namespace {

using eventsourcing::SubjectId;
using sealing::HashUse;

template <size_t kSize>
std::string BytesOf(const std::array<uint8_t, kSize>& bytes) {
  return {bytes.begin(), bytes.end()};
}

template <size_t kSize>
std::string HexOf(const std::array<uint8_t, kSize>& bytes) {
  return absl::BytesToHexString(BytesOf(bytes));
}

// A cipher is one thread's, and making one takes a microsecond.
sealing::BlockCipher* Of(sealing::BlockCipher&& made, std::optional<sealing::BlockCipher>* cipher) {
  return &cipher->emplace(std::move(made));
}

// As long as both are, whatever differs.
bool IsSame(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned differs = 0;
  for (size_t i = 0; i < a.size(); ++i) differs |= static_cast<unsigned char>(a[i] ^ b[i]);
  return differs == 0;
}

std::optional<SubjectId> ReadResident(const std::string& hex) {
  const std::string bytes = hex.size() == 32 ? absl::HexStringToBytes(hex) : std::string();
  if (bytes.size() != 16 || absl::BytesToHexString(bytes) != hex) return std::nullopt;
  return SubjectId::FromBytes(bytes);
}

bool ReadCount(const std::string& text, uint32_t* count) {
  return absl::SimpleAtoi(text, count) && *count > 0 && std::to_string(*count) == text;
}

}  // namespace

ServiceKeys::ServiceKeys(const sealing::Keyring* keyring)
    : keyring_(keyring),
      resident_id_(keyring->Hash(HashUse::kResidentId)),
      name_(keyring->Hash(HashUse::kNameLookup)),
      token_(keyring->Hash(HashUse::kMailToken)),
      code_word_(keyring->Hash(HashUse::kCodeWord)),
      request_(keyring->Hash(HashUse::kRequest)) {}

SubjectId ServiceKeys::IdOf(std::string_view ten_free_digits) const { return {resident_id_.Hash16(ten_free_digits)}; }

std::string ServiceKeys::NameHash(std::string_view name, const type::Date& birth_date) const {
  const std::string day = absl::StrFormat("%04d%02d%02d", birth_date.year(), birth_date.month(), birth_date.day());
  return BytesOf(name_.Hash16(identifiers::MatchingForm(name), day));
}

std::optional<OfResident> ServiceKeys::FormOf(const identifiers::ApplicationId& id) const {
  std::optional<sealing::BlockCipher> cipher;
  const identifiers::ApplicationIdPermutation permutation(
      {&sealing::BlockCipher::Call, Of(keyring_->ApplicationIdCipher(), &cipher)});
  const auto home = permutation.HomeOf(id);
  if (!home) return std::nullopt;
  return OfResident{IdOf(home->ten_free_digits), static_cast<uint32_t>(home->serial) + 1};
}

std::optional<OfResident> ServiceKeys::CardOf(const identifiers::CardSerial& serial) const {
  std::optional<sealing::BlockCipher> cipher;
  const identifiers::CardSerialPermutation permutation(
      {&sealing::BlockCipher::Call, Of(keyring_->CardSerialCipher(), &cipher)});
  const auto home = permutation.HomeOf(serial);
  if (!home) return std::nullopt;
  return OfResident{IdOf(home->ten_free_digits), static_cast<uint32_t>(home->card) + 1};
}

std::string ServiceKeys::SerialFor(std::string_view ten_free_digits, int card) const {
  std::optional<sealing::BlockCipher> cipher;
  const identifiers::CardSerialPermutation permutation(
      {&sealing::BlockCipher::Call, Of(keyring_->CardSerialCipher(), &cipher)});
  return std::string(permutation.SerialFor(ten_free_digits, card).digits());
}

std::string ServiceKeys::Mac(const SubjectId& resident, uint32_t application, uint32_t link) const {
  return HexOf(token_.Hash16("mailed", resident.view(), std::to_string(application), std::to_string(link)));
}

std::string ServiceKeys::TokenFor(const SubjectId& resident, uint32_t application, uint32_t link) const {
  return absl::StrCat(absl::BytesToHexString(std::string(resident.view())), "-", application, "-", link, "-",
                      Mac(resident, application, link));
}

std::string ServiceKeys::TokenHashFor(const SubjectId& resident, uint32_t application, uint32_t link) const {
  return BytesOf(token_.Hash32("kept", Mac(resident, application, link)));
}

ServiceKeys::TokenVerdict ServiceKeys::ReadToken(std::string_view token, LinkSaid* said) const {
  // Longer than any token is.
  if (token.size() > 100) return TokenVerdict::kMalformed;
  const std::vector<std::string> parts = absl::StrSplit(std::string(token), '-');
  if (parts.size() != 4 || parts[3].size() != 32) return TokenVerdict::kMalformed;
  const auto resident = ReadResident(parts[0]);
  if (!resident || !ReadCount(parts[1], &said->application) || !ReadCount(parts[2], &said->link)) {
    return TokenVerdict::kMalformed;
  }
  said->resident = *resident;
  if (!IsSame(Mac(*resident, said->application, said->link), parts[3])) return TokenVerdict::kNotOurs;
  said->token_hash = TokenHashFor(*resident, said->application, said->link);
  return TokenVerdict::kOurs;
}

std::string ServiceKeys::CodeWordHash(const SubjectId& resident, std::string_view code_word) const {
  if (code_word.empty()) return {};
  return BytesOf(code_word_.Hash32(resident.view(), identifiers::MatchingForm(code_word)));
}

std::string ServiceKeys::PhotoFileName(const SubjectId& resident, std::string_view digest) const {
  return HexOf(request_.Hash16("photo", resident.view(), digest));
}

std::string ServiceKeys::MailId(const SubjectId& resident, uint32_t application, int kind, uint32_t number) const {
  return HexOf(token_.Hash16("mail id", resident.view(), std::to_string(application), std::to_string(kind),
                             std::to_string(number)));
}

}  // namespace mynumber::card
