#include "libs/sealing/record_code.h"

#include "absl/strings/str_cat.h"

namespace mynumber::sealing {

eventsourcing::RecordCode RecordCodeOf(const Keyring& keyring, const std::string& service, uint32_t partition) {
  return [hash = keyring.Hash(HashUse::kRecordCode), service, partition = absl::StrCat(partition)](
             std::string_view record) {
    const Digest code = hash.Hash32(service, partition, record);
    return std::string(code.begin(), code.end());
  };
}

}  // namespace mynumber::sealing
