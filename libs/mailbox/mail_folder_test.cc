#include "libs/mailbox/mail_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace mynumber::mailbox {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

class MailFolderTest : public testing::Test {
 protected:
  MailFolderTest() {
    root_ = testing::TempDir() + "mails_XXXXXX";
    EXPECT_NE(mkdtemp(root_.data()), nullptr);
    folder_ = root_ + "/mails";
  }
  ~MailFolderTest() override { fs::remove_all(root_); }

  absl::Status Send(const Mail& mail) {
    const auto send = IntoFolder(folder_, {"card@office.example.jp", "Office", [this] { return micros_; }});
    return send.ok() ? (*send)(mail) : send.status();
  }
  std::string Read(const std::string& id) const {
    std::stringstream text;
    text << std::ifstream(folder_ + "/" + id + ".eml").rdbuf();
    return text.str();
  }
  long Files() const { return std::distance(fs::directory_iterator(folder_), {}); }

  std::string root_;
  std::string folder_;
  int64_t micros_ = 1'795'000'000'000'000;
};

TEST_F(MailFolderTest, AMailIsAFileOfItsOwnersAlone) {
  const mode_t before = umask(0);
  EXPECT_EQ(Send({"hanako@example.jp", "a", "b\nc", "id-1"}), absl::OkStatus());
  umask(before);
  EXPECT_EQ(Read("id-1"),
            "From: =?UTF-8?B?T2ZmaWNl?=\r\n <card@office.example.jp>\r\nTo: <hanako@example.jp>\r\n"
            "Subject: =?UTF-8?B?YQ==?=\r\nDate: Wed, 18 Nov 2026 20:06:40 +0900\r\n"
            "Message-ID: <id-1@office.example.jp>\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n"
            "Auto-Submitted: auto-generated\r\n\r\nYg0KYw==\r\n");
  struct stat state;
  ASSERT_EQ(stat((folder_ + "/id-1.eml").c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 07777, 0600u);
  ASSERT_EQ(stat(folder_.c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 07777, 0700u);
  EXPECT_EQ(Files(), 1);
}

TEST_F(MailFolderTest, TheSameMailIsOneFileAndOthersStandBeside) {
  EXPECT_EQ(Send({"hanako@example.jp", "a", "b", "id-1"}), absl::OkStatus());
  const std::string first = Read("id-1");
  micros_ += 60'000'000;
  EXPECT_EQ(Send({"hanako@example.jp", "a", "b", "id-1"}), absl::OkStatus());
  EXPECT_EQ(Read("id-1"), first);
  EXPECT_EQ(Send({"hanako@example.jp", "a", "b", "id-2"}), absl::OkStatus());
  EXPECT_EQ(Files(), 2);
}

TEST_F(MailFolderTest, NoHeaderCanBeAdded) {
  EXPECT_EQ(Send({"hanako@example.jp\r\nBcc: b@example.jp", "a", "b", "id-1"}).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Files(), 0);
  EXPECT_EQ(Send({"hanako@example.jp", "a\r\nBcc: b@example.jp", "b", "id-1"}), absl::OkStatus());
  EXPECT_THAT(Read("id-1"), Not(HasSubstr("Bcc")));
}

TEST_F(MailFolderTest, LinesAreShortAndWordsEndWithACharacter) {
  std::string subject, text;
  for (int i = 0; i < 100; ++i) {
    subject += "件";
    text += "とても長い文。";
  }
  EXPECT_EQ(Send({"hanako@example.jp", subject, text, "id-1"}), absl::OkStatus());
  std::istringstream lines(Read("id-1"));
  int words = 0;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 76u + 1) << line;
    // 39 bytes are thirteen characters of three, which base64 writes without a filler.
    if (line.find("=?UTF-8?B?5Lu2") != std::string::npos) ++words;
  }
  EXPECT_EQ(words, 6) << "66 characters";
}

TEST_F(MailFolderTest, BytesThatAreNoTextAreSentAsTheyAre) {
  EXPECT_EQ(Send({"hanako@example.jp", std::string(300, '\x80'), std::string(300, '\x80'), "id-1"}), absl::OkStatus());
  EXPECT_EQ(Files(), 1);
}

TEST_F(MailFolderTest, AFolderThatIsNoneIsSaidPlainly) {
  std::ofstream(folder_) << "a file";
  const absl::Status refused = Send({"hanako@example.jp", "a", "b", "id-1"});
  EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(refused.message()), HasSubstr(folder_));
  EXPECT_THAT(std::string(refused.message()), Not(HasSubstr("hanako")));
}

TEST_F(MailFolderTest, AnIdThatIsAPathIsABug) {
  EXPECT_DEATH(Send({"hanako@example.jp", "a", "b", "../id"}).IgnoreError(), "id has 1 to 64");
  EXPECT_DEATH(Send({"hanako@example.jp", "a", "b", ""}).IgnoreError(), "id has 1 to 64");
}

}  // namespace
}  // namespace mynumber::mailbox
