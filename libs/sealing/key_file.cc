#include "libs/sealing/key_file.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "absl/strings/str_cat.h"
#include "libs/sealing/sealed_text.h"
#include "libs/whole_file/whole_file.h"

namespace mynumber::sealing {
namespace {

using whole_file::OpenFile;

absl::Status Failed(const char* what, const std::string& path) {
  return absl::UnavailableError(
      absl::StrCat("The keyring ", path, " could not be ", what, " (", std::strerror(errno),
                   "): see to the folder, its rights and the space on the disk, then try again."));
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// On disk when this returns OK.
absl::Status WriteWhole(int file, const std::string& path, std::string_view text) {
  if (fchmod(file, 0600) != 0 || !whole_file::WriteAll(file, text) || fsync(file) != 0) return Failed("written", path);
  return absl::OkStatus();
}

absl::Status SyncFolderOf(const std::string& path) {
  return whole_file::SyncFolder(FolderOf(path)) ? absl::OkStatus() : Failed("written", path);
}

// Writes under a name of its own and links it to the wanted one, which fails where that exists.
absl::Status WriteAndLink(const std::string& temporary, const std::string& path,
                          std::string_view text) {
  const OpenFile file(open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.get() < 0) return Failed("created", path);
  if (absl::Status written = WriteWhole(file.get(), path, text); !written.ok()) return written;
  if (link(temporary.c_str(), path.c_str()) == 0) return absl::OkStatus();
  if (errno != EEXIST) return Failed("created", path);
  return absl::AlreadyExistsError(absl::StrCat("There is already a keyring at ", path,
                                               ", and it is never overwritten, since its loss "
                                               "loses the numbers: use it, or name another path."));
}

absl::Status NotExtended(const std::string& path) {
  return absl::UnavailableError(absl::StrCat(
      "The keyring ", path, " lacks keys that this version needs, and they could not be added to it (",
      std::strerror(errno), "): start once where its folder can be written by the file's owner and has space, then put "
      "the extended file in the place of every copy."));
}

// Puts the text in the file's place under the owner that it had.
absl::Status WriteAndRename(const std::string& temporary, const std::string& path, std::string_view text) {
  struct stat state;
  if (stat(path.c_str(), &state) != 0) return NotExtended(path);
  const OpenFile file(open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.get() < 0) return NotExtended(path);
  const bool is_ours = state.st_uid == geteuid() && state.st_gid == getegid();
  if (!is_ours && fchown(file.get(), state.st_uid, state.st_gid) != 0) return NotExtended(path);
  if (!WriteWhole(file.get(), path, text).ok() || rename(temporary.c_str(), path.c_str()) != 0) {
    return NotExtended(path);
  }
  return SyncFolderOf(path);
}

absl::Status CheckRights(const struct stat& state, const std::string& path) {
  if (!S_ISREG(state.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat("The keyring ", path, " is not a file: name the file itself."));
  }
  if ((state.st_mode & 077) == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("The keyring ", path, " is open to others than its owner: run `chmod 600 ", path,
                   "`, and find out who could have read it."));
}

// As it stands on the disk.
absl::Status ReadStored(const std::string& path, SecretText* text) {
  const OpenFile file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0 && errno == ENOENT) {
    return absl::NotFoundError(
        absl::StrCat("There is no keyring at ", path,
                     ": a cluster that has residents needs its own, from its backup or escrow; "
                     "only a new cluster makes a new one."));
  }
  if (file.get() < 0) return Failed("opened", path);
  struct stat state;
  if (fstat(file.get(), &state) != 0) return Failed("opened", path);
  if (const absl::Status rights = CheckRights(state, path); !rights.ok()) return rights;
  assert(text->text.capacity() >= kKeyFileBytesMax && "a text too small for a key file");
  text->text.resize(kKeyFileBytesMax);
  size_t used = 0;
  while (used < kKeyFileBytesMax) {
    const ssize_t count = read(file.get(), text->text.data() + used, kKeyFileBytesMax - used);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Failed("read", path);
    if (count == 0) break;
    used += static_cast<size_t>(count);
  }
  text->text.resize(used);
  return absl::OkStatus();
}

// Its keys, and the URI of the key that seals it, if one does.
absl::Status ReadPlain(const std::string& path, SecretText* text, std::string* uri) {
  if (const absl::Status read = ReadStored(path, text); !read.ok() || !IsSealedText(text->text)) return read;
  return OpenSealedText(path, uri, &text->text);
}

// What `change` makes of the file, sealed by the key that *uri names then, goes in its place.
absl::Status Change(const std::string& path,
                    const std::function<absl::Status(std::string* text, std::string* uri)>& change) {
  // The file itself, not a link to it, is what is replaced.
  const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr), &std::free);
  if (real == nullptr) return Failed("opened", path);
  const std::string file = real.get();
  const OpenFile folder(open(FolderOf(file).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || flock(folder.get(), LOCK_EX) != 0) return NotExtended(path);
  SecretText text(kKeyFileBytesMax);
  std::string uri;
  if (const absl::Status read = ReadPlain(file, &text, &uri); !read.ok()) return read;
  const size_t read_bytes = text.text.size();
  const std::string read_uri = uri;
  if (const absl::Status changed = change(&text.text, &uri); !changed.ok()) return changed;
  if (text.text.size() == read_bytes && uri == read_uri) return absl::OkStatus();
  absl::StatusOr<std::string> sealed;
  if (!uri.empty()) sealed = SealText(uri, text.text);
  if (!uri.empty() && !sealed.ok()) return sealed.status();
  // Left by one that was ended in the middle, if it is there: nobody else writes it now.
  const std::string temporary = file + ".new";
  unlink(temporary.c_str());
  const absl::Status written = WriteAndRename(temporary, file, uri.empty() ? text.text : *sealed);
  if (!written.ok()) unlink(temporary.c_str());
  return written;
}

}  // namespace

SecretText::~SecretText() {
  text.resize(text.capacity());
  OPENSSL_cleanse(text.data(), text.size());
}

absl::Status WriteNewKeyFile(const std::string& path, std::string_view text) {
  const std::string temporary = absl::StrCat(path, ".", getpid(), ".new");
  const absl::Status written = WriteAndLink(temporary, path, text);
  unlink(temporary.c_str());
  if (!written.ok()) return written;
  return SyncFolderOf(path);
}

absl::Status ReadKeyFile(const std::string& path, SecretText* text) {
  std::string uri;
  return ReadPlain(path, text, &uri);
}

absl::Status ChangeKeyFile(const std::string& path, const std::function<absl::Status(std::string* text)>& change) {
  return Change(path, [&](std::string* text, std::string*) { return change(text); });
}

absl::Status PutKeyFileIntoToken(const std::string& path, const std::string& uri) {
  return Change(path, [&](std::string*, std::string* place) {
    *place = uri;
    return absl::OkStatus();
  });
}

}  // namespace mynumber::sealing
