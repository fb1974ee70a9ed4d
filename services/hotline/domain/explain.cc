#include "services/hotline/domain/explain.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace mynumber::hotline {

Sentences ExplainLines(const OpenLines& open) {
  std::vector<std::string> lines;
  for (const OpenLine& line : open.suspension_lines) {
    lines.push_back(absl::StrCat(std::string(line.number), " (", std::string(line.language), ")"));
  }
  const std::string numbers = absl::StrJoin(lines, ", ");
  if (open.suspension_in_language) {
    return {absl::StrCat("一時停止は現在 ", numbers, " で受け付けています。"),
            absl::StrCat("Suspensions are taken now at ", numbers, ".")};
  }
  return {absl::StrCat("この言語では現在受け付けていません。一時停止は ", numbers, " で受け付けています。"),
          absl::StrCat("Nobody speaks this language now. Suspensions are taken at ", numbers, ".")};
}

Sentences ExplainInEffect(bool was_suspended) {
  if (was_suspended) {
    return {"このカードはすでに一時停止されています。解除は市区町村の窓口で本人が行います。",
            "The card was suspended already. Only the municipal office lifts it, in person."};
  }
  return {"カードと電子証明書は一時停止されました。解除は市区町村の窓口で本人が行います。",
          "The card and its certificates are suspended. Only the municipal office lifts it, in person."};
}

Sentences ExplainNotYetInEffect() {
  return {"受け付けましたが、一時停止はまだ効力を生じていません。できるだけ早く自動的に行われます。",
          "It is taken down, and not yet in effect: it follows by itself as soon as possible. Tell the caller so, and "
          "look at the case again."};
}

}  // namespace mynumber::hotline
