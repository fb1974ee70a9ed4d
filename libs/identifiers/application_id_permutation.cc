#include "libs/identifiers/application_id_permutation.h"

#include <utility>

namespace mynumber::identifiers {

ApplicationIdPermutation::ApplicationIdPermutation(BlockCipher cipher) : permutation_(cipher, 22) {}

ApplicationId ApplicationIdPermutation::IdFor(std::string_view ten_free_digits, int serial) const {
  return ApplicationId::FromBody(permutation_.BodyFor(ten_free_digits, serial));
}

std::optional<ApplicationIdHome> ApplicationIdPermutation::HomeOf(const ApplicationId& id) const {
  auto home = permutation_.HomeOf(id.Body());
  if (!home) return std::nullopt;
  return ApplicationIdHome{std::move(home->ten_free_digits), home->count};
}

absl::Status ApplicationIdPermutation::NeverIssued() {
  return absl::NotFoundError(
      "No notice carries this application ID: compare it with the notice, or ask the municipal office for another "
      "one.");
}

}  // namespace mynumber::identifiers
