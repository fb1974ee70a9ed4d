#ifndef MYNUMBER_SERVICES_CARD_SERVICE_KEYS_H_
#define MYNUMBER_SERVICES_CARD_SERVICE_KEYS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libs/eventsourcing/subject.h"
#include "libs/identifiers/application_id.h"
#include "libs/identifiers/card_serial.h"
#include "libs/sealing/keyed_hash.h"
#include "libs/sealing/keyring.h"
#include "mynumber/type/type.pb.h"

namespace mynumber::card {

// Something of a resident: a form, an application or a card, counted from 1.
struct OfResident {
  eventsourcing::SubjectId resident;
  uint32_t number = 0;
};

// What a link's token says, once it was found to be ours.
struct LinkSaid {
  eventsourcing::SubjectId resident;
  uint32_t application = 0;
  uint32_t link = 0;
  // As Given::token_hash_for makes it.
  std::string token_hash;
};

// All that the card service makes with the cluster's keys. Any thread; the keyring must outlive it.
class ServiceKeys {
 public:
  explicit ServiceKeys(const sealing::Keyring* keyring);

  // As number issuance has it: a keyed hash of the ten free digits of the record code first registered.
  eventsourcing::SubjectId IdOf(std::string_view ten_free_digits) const;
  // As number issuance hashes a name or kana with a birth date, 16 bytes. Takes the name as it is written.
  std::string NameHash(std::string_view name, const type::Date& birth_date) const;

  // The form that has this ID printed on it; nothing for an ID that was never made here.
  std::optional<OfResident> FormOf(const identifiers::ApplicationId& id) const;
  // Nothing for a serial that was never made here.
  std::optional<OfResident> CardOf(const identifiers::CardSerial& serial) const;
  // 20 digits; `card` counts from 0.
  std::string SerialFor(std::string_view ten_free_digits, int card) const;

  // What a mailed link opens an application with: always the same of the same link. ASCII letters, digits, hyphens.
  std::string TokenFor(const eventsourcing::SubjectId& resident, uint32_t application, uint32_t link) const;
  // What is kept of it, 32 bytes.
  std::string TokenHashFor(const eventsourcing::SubjectId& resident, uint32_t application, uint32_t link) const;
  enum class TokenVerdict { kOurs, kMalformed, kNotOurs };
  // Looks nothing up; `said` is filled if it is ours.
  TokenVerdict ReadToken(std::string_view token, LinkSaid* said) const;

  // As it is heard: in matching form. 32 bytes; of no word: empty.
  std::string CodeWordHash(const eventsourcing::SubjectId& resident, std::string_view code_word) const;

  // Of a photograph's file: tells nothing of resident or picture. 32 lower-case hexadecimal digits.
  std::string PhotoFileName(const eventsourcing::SubjectId& resident, std::string_view digest) const;
  // Names a mail for ever, likewise.
  std::string MailId(const eventsourcing::SubjectId& resident, uint32_t application, int kind, uint32_t number) const;

 private:
  std::string Mac(const eventsourcing::SubjectId& resident, uint32_t application, uint32_t link) const;

  const sealing::Keyring* keyring_;
  sealing::KeyedHash resident_id_;
  sealing::KeyedHash name_;
  sealing::KeyedHash token_;
  sealing::KeyedHash code_word_;
  sealing::KeyedHash request_;
};

}  // namespace mynumber::card

#endif  // MYNUMBER_SERVICES_CARD_SERVICE_KEYS_H_
