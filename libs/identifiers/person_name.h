#ifndef MYNUMBER_LIBS_IDENTIFIERS_PERSON_NAME_H_
#define MYNUMBER_LIBS_IDENTIFIERS_PERSON_NAME_H_

#include <string>
#include <string_view>

namespace mynumber::identifiers {

// Names are UTF-8 with kanji beyond the basic plane, variation selectors and private-use characters
// (municipal gaiji): real people have them (docs/domain.md X3), so a name is kept byte for byte and
// only looked up folded.

// Characters in the longest name that is taken.
constexpr int kNameCharactersMax = 200;

// Closed.
enum class NameVerdict {
  kValid,
  kNotUtf8,
  // A character that cannot be part of a name: controls, line ends, invisible or direction-changing
  // ones, non-characters, and U+FFFD, which shows that the name was damaged on its way.
  kControlCharacter,
  kEmpty,  // nothing, or only spaces, middle dots and invisible characters
  kTooLong,
};

struct NameCheck {
  NameVerdict verdict;
  int characters;  // code points, variation selectors not counted; 0 unless kValid or kTooLong
};

// Whether a name (kanji, kana, alias), or a line of an address with its own limit, may be stored.
NameCheck CheckName(std::string_view name, int characters_max = kNameCharactersMax);

// The name as it is looked up, so that spellings that a clerk takes for one name meet: NFKC with
// case folding, half-width and full-width forms one, hiragana as katakana, without spaces, middle
// dots, variation selectors and other ignorable characters. Only for comparing and keyed hashing,
// never shown or kept. Different kanji stay different, 高 and 髙 too. Bytes that are not UTF-8 come
// back unchanged. Depends on utf8proc's Unicode version for rare characters: hashes of it belong in
// rows that can be rebuilt.
std::string MatchingForm(std::string_view name);

namespace internal {
// The same by the Unicode tables for every character: what the tests hold MatchingForm's fast path
// against.
std::string MatchingFormByTables(std::string_view name);
}  // namespace internal

}  // namespace mynumber::identifiers

#endif  // MYNUMBER_LIBS_IDENTIFIERS_PERSON_NAME_H_
