#ifndef MYNUMBER_LIBS_SEALING_KEYRING_FOLDER_FOR_TESTS_H_
#define MYNUMBER_LIBS_SEALING_KEYRING_FOLDER_FOR_TESTS_H_

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "libs/sealing/hex_for_tests.h"
#include "libs/sealing/keyring.h"

namespace mynumber::sealing {

// A keyring's file in a folder of its own, which goes with the test.
class KeyringFolder : public testing::Test {
 protected:
  KeyringFolder() {
    std::string folder = testing::TempDir() + "keyring_XXXXXX";
    folder_ = mkdtemp(folder.data());
    path_ = folder_ + "/keyring";
  }
  ~KeyringFolder() override { std::filesystem::remove_all(folder_); }

  std::string Read() const {
    std::stringstream text;
    text << std::ifstream(path_).rdbuf();
    return text.str();
  }

  void Write(const std::string& text) const {
    std::ofstream(path_, std::ios::trunc) << text;
    chmod(path_.c_str(), 0600);
  }

  // The text with its checksum made anew.
  static std::string Checked(std::string text) {
    text.resize(text.find("checksum "));
    return text + "checksum " + ToHex(Sha256(text)) + "\n";
  }

  // A whole file without the lines of these keys.
  void WriteWithout(const std::string& text, const std::vector<std::string>& names) const {
    std::istringstream lines(text);
    std::string kept;
    for (std::string line; std::getline(lines, line);) {
      const std::string name = line.substr(0, line.find(' '));
      if (std::find(names.begin(), names.end(), name) == names.end()) kept += line + "\n";
    }
    Write(Checked(kept));
  }

  absl::StatusCode LoadCode() const { return Keyring::Load(path_).status().code(); }

  std::string folder_;
  std::string path_;
};

}  // namespace mynumber::sealing

#endif  // MYNUMBER_LIBS_SEALING_KEYRING_FOLDER_FOR_TESTS_H_
