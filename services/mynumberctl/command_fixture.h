#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_COMMAND_FIXTURE_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_COMMAND_FIXTURE_H_

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "services/mynumberctl/command_line.h"
#include "services/mynumberctl/fake_card.h"
#include "services/mynumberctl/fake_hotline.h"
#include "services/mynumberctl/fake_notice.h"
#include "services/mynumberctl/fake_post_office.h"
#include "services/mynumberctl/fake_server.h"

namespace mynumber::mynumberctl {

// Commands as they are typed, against services in memory.
class CommandLineTest : public ::testing::Test {
 protected:
  // Runs `words` with `input` on standard input, which is a terminal if `at_prompt`.
  ExitCode Run(std::vector<std::string> words, const std::string& input = "", bool at_prompt = false) {
    words.insert(words.begin(), "mynumberctl");
    if (server_) words.insert(words.end(), {"--server", server_->address()});
    std::vector<const char*> arguments;
    for (const auto& word : words) arguments.push_back(word.c_str());
    std::istringstream in(input);
    std::ostringstream out, err;
    const Console console{in, out, err, at_prompt, false, false, 80};
    const ExitCode code = RunCommandLine(static_cast<int>(arguments.size()), arguments.data(), console);
    out_ = out.str();
    err_ = err.str();
    return code;
  }

  std::string WriteFile(const std::string& name, const std::string& text) {
    const std::string path = ::testing::TempDir() + "/" + name;
    std::ofstream(path) << text;
    return path;
  }

  static std::string ReadFile(const std::string& path) {
    std::ifstream file(path);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

  FakeIssuance issuance_;
  FakeOperations operations_;
  FakeNotice notice_;
  FakeCard card_;
  FakeHotline hotline_;
  FakePostOffice post_office_;
  std::unique_ptr<FakeServer> server_ = std::make_unique<FakeServer>(
      std::vector<grpc::Service*>{&issuance_, &operations_, &notice_, &card_, &hotline_, &post_office_});
  const std::string ids_ = "--namespace-file=" + ::testing::TempDir() + "/request-ids";
  std::string out_;
  std::string err_;
};

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_COMMAND_FIXTURE_H_
