// What one registered resident costs in cryptography and in reading identifiers.
// bazel run //libs/sealing:sealing_bench
#include <benchmark/benchmark.h>

#include <string>

#include "libs/identifiers/individual_number.h"
#include "libs/identifiers/municipality_code.h"
#include "libs/identifiers/number_permutation.h"
#include "libs/identifiers/person_name.h"
#include "libs/identifiers/request_id.h"
#include "libs/identifiers/resident_record_code.h"
#include "libs/identifiers/resource_name.h"
#include "libs/sealing/block_cipher.h"
#include "libs/sealing/chance.h"
#include "libs/sealing/data_key.h"
#include "libs/sealing/keyed_hash.h"
#include "libs/sealing/keyring.h"
#include "libs/sealing/master_keys.h"
#include "libs/sealing/running_hash.h"

namespace {

using benchmark::DoNotOptimize;
using benchmark::State;
using namespace mynumber;

const std::string kKey(32, 'k');
const std::string kText(300, 't');

std::string NextCode(uint64_t* state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  std::string digits = std::to_string(10'000'000'000 + (*state >> 16) % 10'000'000'000);
  return digits.substr(1);
}

void AesBlock(State& state) {
  sealing::BlockCipher cipher(kKey);
  uint8_t block[16] = {};
  for (auto _ : state) {
    cipher.Encrypt(block, block);
    DoNotOptimize(block);
  }
}
BENCHMARK(AesBlock);

void NumberFor(State& state) {
  sealing::BlockCipher cipher(kKey);
  const identifiers::NumberPermutation numbers({&sealing::BlockCipher::Call, &cipher});
  uint64_t chance = 1;
  const std::string code = NextCode(&chance);
  int generation = 0;
  for (auto _ : state) {
    DoNotOptimize(numbers.NumberFor(code, generation));
    generation = generation == 9 ? 0 : generation + 1;
  }
}
BENCHMARK(NumberFor);

void HomeOf(State& state) {
  sealing::BlockCipher cipher(kKey);
  const identifiers::NumberPermutation numbers({&sealing::BlockCipher::Call, &cipher});
  const auto number = identifiers::IndividualNumber::FromBody(62149832025);
  for (auto _ : state) DoNotOptimize(numbers.HomeOf(number));
}
BENCHMARK(HomeOf);

void Ff1Of22Digits(State& state) {
  sealing::BlockCipher cipher(kKey);
  const identifiers::FeistelPermutation ff1({&sealing::BlockCipher::Call, &cipher}, 10, 22);
  identifiers::FeistelPermutation::Halves halves{12345678901, 98765432109};
  for (auto _ : state) DoNotOptimize(halves = ff1.Encrypt(halves));
}
BENCHMARK(Ff1Of22Digits);

void KeyedHashOfCode(State& state) {
  const sealing::KeyedHash hash(kKey, "bench");
  for (auto _ : state) DoNotOptimize(hash.Hash16("0123456789"));
}
BENCHMARK(KeyedHashOfCode);

void KeyedHashOf300Bytes(State& state) {
  const sealing::KeyedHash hash(kKey, "bench");
  for (auto _ : state) DoNotOptimize(hash.Hash16(kText));
}
BENCHMARK(KeyedHashOf300Bytes);

void ChainOf300Bytes(State& state) {
  sealing::Digest digest{};
  for (auto _ : state) DoNotOptimize(digest = sealing::Chain(digest, kText));
}
BENCHMARK(ChainOf300Bytes);

// state.range: whether each text has a key of its own.
void Seal300Bytes(State& state) {
  sealing::Sealer sealer;
  sealing::KeyBytes key{};
  sealing::Nonce nonce{};
  std::string out;
  for (auto _ : state) {
    key[7] = static_cast<uint8_t>(key[7] + state.range(0));
    ++nonce[3];
    out.clear();
    sealer.Seal(key, nonce, kKey, kText, &out);
    DoNotOptimize(out.data());
  }
}
BENCHMARK(Seal300Bytes)->ArgName("new_key")->Arg(1)->Arg(0);

void Open300Bytes(State& state) {
  sealing::Sealer sealer;
  sealing::KeyBytes keys[2] = {{1}, {2}};
  std::string sealed[2];
  for (int i = 0; i < 2; ++i) sealer.Seal(keys[i], sealing::Nonce{}, kKey, kText, &sealed[i]);
  std::string plain;
  size_t turn = 0;
  for (auto _ : state) {
    turn ^= static_cast<size_t>(state.range(0));
    if (!sealer.Open(keys[turn], kKey, sealed[turn], &plain)) state.SkipWithError("not opened");
  }
}
BENCHMARK(Open300Bytes)->ArgName("new_key")->Arg(1)->Arg(0);

void WrapKey(State& state) {
  sealing::MasterKeys masters;
  masters.Add(1, kKey);
  const sealing::KeyBytes key{1};
  for (auto _ : state) DoNotOptimize(masters.Wrap(key));
}
BENCHMARK(WrapKey);

void UnwrapKey(State& state) {
  sealing::MasterKeys masters;
  masters.Add(1, kKey);
  const auto wrapped = masters.Wrap(sealing::KeyBytes{1});
  for (auto _ : state) {
    DoNotOptimize(masters.Unwrap(
        1, {reinterpret_cast<const char*>(wrapped.bytes.data()), wrapped.bytes.size()}));
  }
}
BENCHMARK(UnwrapKey);

void ChanceOf72Bytes(State& state) {
  sealing::Chance chance;
  for (auto _ : state) DoNotOptimize(chance.Bytes<72>());
}
BENCHMARK(ChanceOf72Bytes);

void CheckName(State& state, const char* name) {
  for (auto _ : state) DoNotOptimize(identifiers::CheckName(name));
}
BENCHMARK_CAPTURE(CheckName, kanji, "見本 太郎");
BENCHMARK_CAPTURE(CheckName, latin, "SAMPLE JOHN RICHARD");

void MatchingForm(State& state, const char* name) {
  for (auto _ : state) DoNotOptimize(identifiers::MatchingForm(name));
}
BENCHMARK_CAPTURE(MatchingForm, kanji, "見本 太郎");
BENCHMARK_CAPTURE(MatchingForm, kana, "ミホン タロウ");
BENCHMARK_CAPTURE(MatchingForm, half_width_kana, "ﾐﾎﾝ ｼﾞﾛｳ");
BENCHMARK_CAPTURE(MatchingForm, latin, "SAMPLE JOHN RICHARD");
BENCHMARK_CAPTURE(MatchingForm, by_tables, "Nguyễn Thị Mẫu");

void JudgeNumber(State& state) {
  for (auto _ : state) DoNotOptimize(identifiers::IndividualNumber::Judge("621498320257"));
}
BENCHMARK(JudgeNumber);

void ParseRecordCode(State& state) {
  for (auto _ : state) {
    DoNotOptimize(identifiers::ResidentRecordCode::Parse("12345678903",
                                                         identifiers::CheckDigitRule::kRefuse));
  }
}
BENCHMARK(ParseRecordCode);

void FindMunicipality(State& state) {
  const auto all = identifiers::AllMunicipalities();
  size_t place = 0;
  for (auto _ : state) {
    place = (place + 617) % all.size();
    DoNotOptimize(identifiers::FindMunicipality(all[place].code));
  }
}
BENCHMARK(FindMunicipality);

void ParseRequestId(State& state) {
  for (auto _ : state)
    DoNotOptimize(identifiers::ParseRequestId("0188f3b2-7c4e-4d1a-9b6f-00ffa5c3e210"));
}
BENCHMARK(ParseRequestId);

void FormatResourceName(State& state) {
  for (auto _ : state) DoNotOptimize(identifiers::FormatResourceName("residents", {1, 2, 3}));
}
BENCHMARK(FormatResourceName);

}  // namespace

BENCHMARK_MAIN();
