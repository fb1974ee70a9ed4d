#include "libs/token/token_key.h"

#include <p11-kit/p11-kit.h>
#include <p11-kit/pkcs11.h>
#include <p11-kit/uri.h>
#include <string.h>

#include <fstream>
#include <vector>

#include "absl/strings/str_cat.h"

namespace mynumber::token {
namespace {

// PKCS#11 takes what it only reads as bytes that could be written.
CK_BYTE* Bytes(std::string_view text) { return reinterpret_cast<CK_BYTE*>(const_cast<char*>(text.data())); }

absl::Status Failed(const char* what, CK_RV error) {
  return absl::UnavailableError(absl::StrCat("The token could not ", what, " (", p11_kit_strerror(error),
                                             "): see that it is there and that this process may use it."));
}

struct FreeUri {
  void operator()(P11KitUri* uri) const { p11_kit_uri_free(uri); }
};
using Uri = std::unique_ptr<P11KitUri, FreeUri>;

absl::StatusOr<Uri> Parse(const std::string& text) {
  Uri uri(p11_kit_uri_new());
  if (p11_kit_uri_parse(text.c_str(), P11_KIT_URI_FOR_ANY, uri.get()) != P11_KIT_URI_OK) {
    return absl::InvalidArgumentError("This is not the URI of a key in a token: write pkcs11:token=...;object=...");
  }
  if (p11_kit_uri_get_attribute(uri.get(), CKA_LABEL) == nullptr ||
      p11_kit_uri_get_module_path(uri.get()) == nullptr || p11_kit_uri_get_pin_source(uri.get()) == nullptr) {
    return absl::InvalidArgumentError(
        "The URI of a key in a token needs object= before its question mark, and module-path= and pin-source= behind.");
  }
  return uri;
}

// What the URI says of the key; lies in the URI.
std::vector<CK_ATTRIBUTE> NamedBy(P11KitUri* uri) {
  CK_ULONG count = 0;
  const CK_ATTRIBUTE* named = p11_kit_uri_get_attributes(uri, &count);
  return {named, named + count};
}

// Wiped when it goes.
struct Pin {
  ~Pin() { explicit_bzero(digits, sizeof digits); }
  char digits[256] = {};
};

absl::Status ReadPin(std::string_view source, Pin* pin) {
  constexpr std::string_view kFile = "file:";
  if (source.substr(0, kFile.size()) == kFile) source.remove_prefix(kFile.size());
  const std::string path(source);
  std::ifstream file;
  // No buffer that would keep a copy.
  file.rdbuf()->pubsetbuf(nullptr, 0);
  file.open(path);
  file.getline(pin->digits, sizeof pin->digits);
  if (file.gcount() > 1) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("No PIN stands on the first line of ", path,
                                             ": put the token's there, for this process's eyes alone."));
}

// A module of PKCS#11, ready; ended when it goes.
class Module {
 public:
  static absl::StatusOr<std::unique_ptr<Module>> Load(const char* path) {
    CK_FUNCTION_LIST* functions = p11_kit_module_load(path, P11_KIT_MODULE_CRITICAL);
    if (functions == nullptr) {
      return absl::UnavailableError(absl::StrCat("The token's module ", path, " could not be loaded: install it."));
    }
    const CK_RV error = p11_kit_module_initialize(functions);
    if (error == CKR_OK) return std::unique_ptr<Module>(new Module(functions));
    p11_kit_module_release(functions);
    return Failed("be reached by its module", error);
  }
  ~Module() {
    p11_kit_module_finalize(functions_);
    p11_kit_module_release(functions_);
  }
  CK_FUNCTION_LIST* operator->() const { return functions_; }

 private:
  explicit Module(CK_FUNCTION_LIST* functions) : functions_(functions) {}
  CK_FUNCTION_LIST* const functions_;
};

class Pkcs11Key : public TokenKey {
 public:
  explicit Pkcs11Key(std::unique_ptr<Module> module) : module_(std::move(module)) {}
  ~Pkcs11Key() override {
    if (has_session_) (*module_)->C_CloseSession(session_);
  }

  absl::Status OpenSession(P11KitUri* uri, bool writes) {
    auto slot = FindSlot(uri);
    if (!slot.ok()) return slot.status();
    const CK_FLAGS flags = CKF_SERIAL_SESSION | (writes ? CKF_RW_SESSION : 0);
    const CK_RV error = (*module_)->C_OpenSession(*slot, flags, nullptr, nullptr, &session_);
    if (error != CKR_OK) return Failed("open a session", error);
    has_session_ = true;
    return LogIn(p11_kit_uri_get_pin_source(uri));
  }

  absl::Status FindKey(P11KitUri* uri) {
    std::vector<CK_ATTRIBUTE> wanted = NamedBy(uri);
    CK_OBJECT_CLASS secret = CKO_SECRET_KEY;
    if (p11_kit_uri_get_attribute(uri, CKA_CLASS) == nullptr) wanted.push_back({CKA_CLASS, &secret, sizeof secret});
    CK_RV error = (*module_)->C_FindObjectsInit(session_, wanted.data(), wanted.size());
    if (error != CKR_OK) return Failed("look for the key", error);
    CK_OBJECT_HANDLE found[2];
    CK_ULONG found_count = 0;
    error = (*module_)->C_FindObjects(session_, found, 2, &found_count);
    (*module_)->C_FindObjectsFinal(session_);
    if (error != CKR_OK) return Failed("look for the key", error);
    if (found_count != 1) {
      return absl::NotFoundError(found_count == 0 ? "The token has no secret key of this name: make it."
                                                  : "The token has two keys of this name: name one by its id=, too.");
    }
    key_ = found[0];
    return absl::OkStatus();
  }

  absl::Status MakeKey(P11KitUri* uri) {
    std::vector<CK_ATTRIBUTE> wanted = NamedBy(uri);
    CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    CK_ULONG bytes = 32;
    for (const CK_ATTRIBUTE_TYPE right : {CKA_TOKEN, CKA_PRIVATE, CKA_SENSITIVE, CKA_ENCRYPT, CKA_DECRYPT}) {
      wanted.push_back({right, &yes, sizeof yes});
    }
    for (const CK_ATTRIBUTE_TYPE right : {CKA_EXTRACTABLE, CKA_WRAP, CKA_UNWRAP, CKA_SIGN, CKA_VERIFY}) {
      wanted.push_back({right, &no, sizeof no});
    }
    wanted.push_back({CKA_VALUE_LEN, &bytes, sizeof bytes});
    CK_MECHANISM mechanism = {CKM_AES_KEY_GEN, nullptr, 0};
    const CK_RV error = (*module_)->C_GenerateKey(session_, &mechanism, wanted.data(), wanted.size(), &key_);
    return error == CKR_OK ? absl::OkStatus() : Failed("make a key", error);
  }

  absl::StatusOr<std::string> Seal(std::string_view nonce, std::string_view plain,
                                   std::string_view associated) override {
    CK_GCM_PARAMS parameters = Parameters(nonce, associated);
    CK_MECHANISM mechanism = {CKM_AES_GCM, &parameters, sizeof parameters};
    CK_RV error = (*module_)->C_EncryptInit(session_, &mechanism, key_);
    std::string sealed(plain.size() + kTagBytes, '\0');
    CK_ULONG size = sealed.size();
    if (error == CKR_OK) {
      error = (*module_)->C_Encrypt(session_, Bytes(plain), plain.size(), Bytes(sealed), &size);
    }
    if (error != CKR_OK) return Failed("seal with the key", error);
    sealed.resize(size);
    return sealed;
  }

  absl::Status Open(std::string_view nonce, std::string_view sealed, std::string_view associated,
                    std::string* plain) override {
    if (sealed.size() < kTagBytes || sealed.size() > plain->capacity()) return NotOfThisKey();
    CK_GCM_PARAMS parameters = Parameters(nonce, associated);
    CK_MECHANISM mechanism = {CKM_AES_GCM, &parameters, sizeof parameters};
    CK_RV error = (*module_)->C_DecryptInit(session_, &mechanism, key_);
    if (error != CKR_OK) return Failed("open with the key", error);
    plain->resize(sealed.size());
    CK_ULONG size = plain->size();
    error = (*module_)->C_Decrypt(session_, Bytes(sealed), sealed.size(), Bytes(*plain), &size);
    plain->resize(error == CKR_OK ? size : 0);
    // Which of the errors a wrong tag is, modules do not agree.
    return error == CKR_OK ? absl::OkStatus() : NotOfThisKey();
  }

 private:
  static absl::Status NotOfThisKey() {
    return absl::DataLossError("The key in the token did not seal this, or it was changed since.");
  }

  static CK_GCM_PARAMS Parameters(std::string_view nonce, std::string_view associated) {
    CK_GCM_PARAMS parameters = {};
    parameters.iv_ptr = Bytes(nonce);
    parameters.iv_len = nonce.size();
    parameters.iv_bits = 8 * nonce.size();
    parameters.aad_ptr = Bytes(associated);
    parameters.aad_len = associated.size();
    parameters.tag_bits = 8 * kTagBytes;
    return parameters;
  }

  absl::StatusOr<CK_SLOT_ID> FindSlot(P11KitUri* uri) {
    CK_ULONG count = 0;
    CK_RV error = (*module_)->C_GetSlotList(CK_TRUE, nullptr, &count);
    std::vector<CK_SLOT_ID> slots(count);
    if (error == CKR_OK) error = (*module_)->C_GetSlotList(CK_TRUE, slots.data(), &count);
    if (error != CKR_OK) return Failed("be looked for", error);
    slots.resize(count);
    for (const CK_SLOT_ID slot : slots) {
      CK_TOKEN_INFO info;
      if ((*module_)->C_GetTokenInfo(slot, &info) != CKR_OK) continue;
      if (p11_kit_uri_match_token_info(uri, &info) == 1) return slot;
    }
    return absl::NotFoundError("No token of this name is there: plug it in, or name another.");
  }

  absl::Status LogIn(const char* pin_source) {
    Pin pin;
    if (absl::Status read = ReadPin(pin_source, &pin); !read.ok()) return read;
    const CK_RV error = (*module_)->C_Login(session_, CKU_USER, Bytes(pin.digits), strlen(pin.digits));
    if (error == CKR_OK || error == CKR_USER_ALREADY_LOGGED_IN) return absl::OkStatus();
    const bool is_pin = error == CKR_PIN_INCORRECT || error == CKR_PIN_LOCKED || error == CKR_PIN_LEN_RANGE;
    if (!is_pin) return Failed("log in", error);
    return absl::PermissionDeniedError(absl::StrCat("The token does not take the PIN (", p11_kit_strerror(error),
                                                    "): put the right one in its file before you try again, since it "
                                                    "locks itself after a few wrong ones."));
  }

  const std::unique_ptr<Module> module_;
  CK_SESSION_HANDLE session_ = 0;
  bool has_session_ = false;
  CK_OBJECT_HANDLE key_ = 0;
};

// With a session, and no key yet.
absl::StatusOr<std::unique_ptr<Pkcs11Key>> Reach(P11KitUri* uri, bool writes) {
  auto module = Module::Load(p11_kit_uri_get_module_path(uri));
  if (!module.ok()) return module.status();
  auto key = std::make_unique<Pkcs11Key>(*std::move(module));
  const absl::Status status = key->OpenSession(uri, writes);
  if (!status.ok()) return status;
  return key;
}

}  // namespace

absl::StatusOr<std::unique_ptr<TokenKey>> TokenKey::Find(const std::string& uri) {
  auto parsed = Parse(uri);
  if (!parsed.ok()) return parsed.status();
  auto key = Reach(parsed->get(), /*writes=*/false);
  if (!key.ok()) return key.status();
  const absl::Status found = (*key)->FindKey(parsed->get());
  if (!found.ok()) return found;
  return key;
}

absl::Status TokenKey::Make(const std::string& uri) {
  auto parsed = Parse(uri);
  if (!parsed.ok()) return parsed.status();
  auto key = Reach(parsed->get(), /*writes=*/true);
  if (!key.ok()) return key.status();
  const absl::Status found = (*key)->FindKey(parsed->get());
  if (found.ok()) return absl::AlreadyExistsError("The token has a key of this name: use it, or name another.");
  return absl::IsNotFound(found) ? (*key)->MakeKey(parsed->get()) : found;
}

}  // namespace mynumber::token
