#include "libs/token/token_for_tests.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"

namespace mynumber::token {
namespace {

constexpr char kModule[] = "/usr/lib/softhsm/libsofthsm2.so";

std::string NewFolder() {
  std::string folder = std::filesystem::temp_directory_path() / "token_XXXXXX";
  return mkdtemp(folder.data());
}

}  // namespace

TokenForTests::TokenForTests() : folder_(NewFolder()) {
  std::filesystem::create_directory(folder_ + "/tokens");
  const std::string settings = folder_ + "/softhsm2.conf";
  std::ofstream(settings) << "directories.tokendir = " << folder_ << "/tokens\nobjectstore.backend = file\n";
  setenv("SOFTHSM2_CONF", settings.c_str(), 1);
  WritePin(kRightPin);
  const std::string make =
      absl::StrCat("softhsm2-util --init-token --free --label 'made up' --so-pin 1357-made-up --pin ", kRightPin, " > ",
                   folder_, "/made 2>&1");
  if (std::system(make.c_str()) != 0) std::abort();
}

TokenForTests::~TokenForTests() { std::filesystem::remove_all(folder_); }

std::string TokenForTests::Uri(const std::string& key) const {
  return absl::StrCat("pkcs11:token=made%20up;object=", key, "?module-path=", kModule, "&pin-source=", pin_file());
}

void TokenForTests::WritePin(const std::string& pin) const { std::ofstream(pin_file()) << pin << "\n"; }

}  // namespace mynumber::token
