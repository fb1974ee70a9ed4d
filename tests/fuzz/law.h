#ifndef MYNUMBER_TESTS_FUZZ_LAW_H_
#define MYNUMBER_TESTS_FUZZ_LAW_H_

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace mynumber::fuzz {

// Ends the process where what always holds does not; `law` says it as a sentence. Neither shows the input: libFuzzer
// keeps that in a file.
inline void Holds(bool holds, const char* law) {
  if (holds) return;
  std::fprintf(stderr, "This law does not hold: %s\n", law);
  std::abort();
}

// Takes what decides how an input is tried off its front; 0 if nothing is left.
inline uint8_t TakeByte(std::string_view* input) {
  if (input->empty()) return 0;
  const auto byte = static_cast<uint8_t>(input->front());
  input->remove_prefix(1);
  return byte;
}

// Takes the text before the next `end` off the front, together with it; all of it if there is none.
inline std::string_view TakeUntil(std::string_view* input, char end) {
  const size_t at = input->find(end);
  const std::string_view taken = input->substr(0, at);
  input->remove_prefix(at == input->npos ? input->size() : at + 1);
  return taken;
}

inline std::string_view InputOf(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace mynumber::fuzz

#endif  // MYNUMBER_TESTS_FUZZ_LAW_H_
