#include "tests/bench/made_up_residents.h"

#include <cstdio>
#include <string>

#include "libs/identifiers/decimal_digits.h"
#include "libs/identifiers/resident_record_code.h"

namespace mynumber::bench {
namespace {

// A bijection of 64 bits (splitmix64): neighbours look unlike each other.
uint64_t Mix(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

constexpr const char* kMunicipalities[] = {"131016", "011002", "141003", "271004", "131041", "131130"};
constexpr const char* kFamilyNames[] = {"見本", "架空", "例示", "試験", "仮名", "想定"};
constexpr const char* kGivenNames[] = {"太郎", "花子", "一郎", "桜", "次郎", "葵"};

}  // namespace

void MakeUpResident(uint64_t index, issuance::v1::RegisterResidentRequest* row) {
  const uint64_t mixed = Mix(index + 1);
  char text[64];
  std::snprintf(text, sizeof text, "%08x-0000-4000-8000-%012llx", static_cast<uint32_t>(mixed),
                static_cast<unsigned long long>(index + 1));
  row->set_request_id(text);
  // 7,919 and 10^10 have no common factor: distinct codes, far apart.
  char code[12] = {};
  identifiers::WriteDecimal(index * 7919 % 10'000'000'000, 10, code);
  code[10] = static_cast<char>('0' + identifiers::ResidentRecordCode::CheckDigit({code, 10}));
  row->set_resident_record_code(code, 11);
  auto* details = row->mutable_details();
  std::snprintf(text, sizeof text, "%s %s", kFamilyNames[mixed % 6], kGivenNames[mixed / 6 % 6]);
  details->set_full_name(text);
  details->set_name_kana("ミホン タロウ");
  auto* birth = details->mutable_birth_date();
  birth->set_year(static_cast<int32_t>(1930 + mixed / 36 % 95));
  birth->set_month(static_cast<int32_t>(1 + mixed / 4000 % 12));
  birth->set_day(static_cast<int32_t>(1 + mixed / 50000 % 28));
  std::snprintf(text, sizeof text, "見本町%llu丁目%llu番", static_cast<unsigned long long>(mixed % 9 + 1),
                static_cast<unsigned long long>(mixed / 9 % 99 + 1));
  details->set_address(text);
  identifiers::WriteDecimal(mixed % 10'000'000, 7, code);
  details->set_postal_code(code, 7);
  details->set_municipality_code(kMunicipalities[mixed / 7 % 6]);
}

}  // namespace mynumber::bench
