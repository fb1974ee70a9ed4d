#ifndef MYNUMBER_LIBS_CERTIFICATES_REVOCATIONS_H_
#define MYNUMBER_LIBS_CERTIFICATES_REVOCATIONS_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace mynumber::certificates {

// The lists of revoked certificates in a folder, read anew when the file has changed. Any thread.
class Revocations {
 public:
  // FAILED_PRECONDITION with a sentence: `folder` has no revoked.pem with a list that an authority of authority.pem
  // signed. A folder without any list is an error, so that nobody is let in because a file was lost.
  static absl::StatusOr<std::unique_ptr<Revocations>> Open(const std::string& folder);
  ~Revocations();
  Revocations(const Revocations&) = delete;
  Revocations& operator=(const Revocations&) = delete;

  // Of a peer whose chain is verified: `certificate` is its own, `chain` all that it sent, both PEM. PERMISSION_DENIED:
  // one of them is on a list, or there is no list by the issuer of its own. UNAUTHENTICATED: it is not valid at this
  // time, which TLS asks at the first handshake alone, not when a session is taken up again.
  // Looks at the files (two stat) for each call. If they cannot be read any more, the lists stay as they were; nor does
  // a list end with its next update. Log lines say so: revocations_unreadable, revocations_stale.
  absl::Status Check(std::string_view certificate, std::string_view chain);

 private:
  struct Lists;
  explicit Revocations(const std::string& folder);
  // With the lock.
  void ReadIfChanged();
  absl::Status Read();

  const std::string folder_;
  std::mutex mutex_;
  std::string version_;  // of the files that were read last, readable or not
  std::unique_ptr<Lists> lists_;
};

}  // namespace mynumber::certificates

#endif  // MYNUMBER_LIBS_CERTIFICATES_REVOCATIONS_H_
