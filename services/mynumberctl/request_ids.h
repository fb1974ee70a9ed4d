#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_REQUEST_IDS_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_REQUEST_IDS_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "libs/identifiers/request_id.h"

struct evp_md_ctx_st;
struct evp_md_st;

namespace mynumber::mynumberctl {

// A fresh request id from the system's source of chance (RFC 4122, version 4).
std::string RandomRequestId();

// Request ids for rows that bring none: UUID version 5 of the row's fields, so that the same file sent again asks the
// same. The name space is a secret: request ids stand in the log in clear, and a plain hash of a person's details would
// let anybody who knows them search for the record code. One thread at a time.
class RequestIds {
 public:
  explicit RequestIds(const identifiers::RequestId& name_space);
  ~RequestIds();

  // Writes 36 characters over `out`. The first field, a request id, does not count.
  void Derive(absl::Span<const std::string_view> fields, std::string* out);

 private:
  const identifiers::RequestId name_space_;
  evp_md_st* sha1_;
  evp_md_ctx_st* context_;
};

// The name space kept in `path` (36 characters, readable by its owner alone); made at first.
absl::StatusOr<identifiers::RequestId> LoadNameSpace(const std::string& path);

// $XDG_STATE_HOME/mynumberctl/request-id-namespace, or below ~/.local/state; empty without a home.
std::string DefaultNameSpacePath();

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_REQUEST_IDS_H_
