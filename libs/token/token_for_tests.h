#ifndef MYNUMBER_LIBS_TOKEN_TOKEN_FOR_TESTS_H_
#define MYNUMBER_LIBS_TOKEN_TOKEN_FOR_TESTS_H_

#include <string>

namespace mynumber::token {

// A token of SoftHSM in a folder of its own, which goes with it. One for each process: the module knows one folder.
class TokenForTests {
 public:
  TokenForTests();
  ~TokenForTests();
  TokenForTests(const TokenForTests&) = delete;
  TokenForTests& operator=(const TokenForTests&) = delete;

  // Of a key in it.
  std::string Uri(const std::string& key) const;
  std::string pin_file() const { return folder_ + "/pin"; }
  void WritePin(const std::string& pin) const;

 private:
  std::string folder_;
};

inline constexpr char kRightPin[] = "2468-made-up";

}  // namespace mynumber::token

#endif  // MYNUMBER_LIBS_TOKEN_TOKEN_FOR_TESTS_H_
