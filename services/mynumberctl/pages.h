#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_PAGES_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_PAGES_H_

#include <algorithm>
#include <string>

#include "services/mynumberctl/session.h"
#include "services/mynumberctl/table.h"

namespace mynumber::mynumberctl {

// Reads page after page until there are no more, and hands each to `take`.
template <typename Service, typename Request, typename Response, typename Take>
ExitCode ReadPages(Session& session,
                   grpc::Status (Service::*method)(grpc::ClientContext*, const Request&, Response*), Request request,
                   const Take& take) {
  request.set_page_size(1000);
  do {
    Response page;
    const ExitCode code = session.Read(method, request, &page);
    if (code != ExitCode::kDone) return code;
    take(page);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return ExitCode::kDone;
}

// Reads page after page, until there are no more items or `limit` of them came (0: all), and prints each: as a row that
// `add` makes of it, or as one JSON line. `items` gives those of a page. Says it if there are more, and `if_none`
// instead of a table without rows unless that is empty.
template <typename Service, typename Request, typename Response, typename Items, typename Add>
ExitCode PrintPages(Session& session,
                    grpc::Status (Service::*method)(grpc::ClientContext*, const Request&, Response*), Request request,
                    int limit, const Items& items, const Add& add, Table table, const std::string& if_none = "") {
  int listed = 0;
  do {
    request.set_page_size(limit == 0 ? 1000 : std::min(1000, limit - listed));
    Response page;
    const ExitCode code = session.Read(method, request, &page);
    if (code != ExitCode::kDone) return code;
    for (const auto& item : items(page)) {
      if (session.json()) session.PrintJson(item);
      if (!session.json()) add(item, &table);
    }
    listed += items(page).size();
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty() && (limit == 0 || listed < limit));
  if (listed == 0 && !if_none.empty()) {
    session.console.err << if_none << '\n';
  } else if (!session.json()) {
    table.Print(session.console.out, session.console.out_columns());
  }
  if (!request.page_token().empty()) {
    session.console.err << "There are more: list them with a greater --limit, or all with --limit 0.\n";
  }
  return ExitCode::kDone;
}

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_PAGES_H_
