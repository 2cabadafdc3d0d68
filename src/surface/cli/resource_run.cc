#include "surface/cli/resource_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include "base/json/writer.h"
#include "surface/cli/governance.h"

namespace signalbox::cli {
namespace {

constexpr std::uint32_t kPart = 100;  // rows asked for at once

std::string CommandOf(const Resource& resource, std::string_view verb) {
  return fmt::format("{} {}", resource.command, verb);
}

std::string PathOf(const Resource& resource, const ResourceArguments& arguments) {
  return fmt::format("{}/{}", resource.path, arguments.id);
}

std::vector<std::pair<std::string, std::string>> InTenant(const ResourceArguments& arguments) {
  return {{"tenant", arguments.tenant}};  // left out when empty
}

void WriteField(const ResourceField& field, const std::vector<std::string>& values,
                json::Writer& out) {
  out.Key(field.member);
  switch (field.kind) {
    case FieldKind::kText:
      out.String(values.back());
      return;
    case FieldKind::kRaw:
    case FieldKind::kSwitch:
      out.Raw(values.back());
      return;
    case FieldKind::kSubject:
      out.Raw(SubjectJson(values.back()));
      return;
    case FieldKind::kTexts:
      out.BeginArray();
      for (const std::string& value : values) {
        out.String(value);
      }
      out.EndArray();
      return;
  }
}

// A single empty text clears a list.
bool Clears(const ResourceField& field, const std::vector<std::string>& values) {
  return field.kind == FieldKind::kTexts && values.size() == 1 && values.front().empty();
}

// A new secret goes to standard output alone, so that it can be piped into where it belongs.
int PrintIssued(std::string_view command, const ServerAnswer& answer, bool json) {
  json::Document document;
  const auto token = answer.status == kDone && !json && document.Parse(answer.body)
                         ? document.Root().Find("token")
                         : std::nullopt;
  if (!token || !token->IsString()) {
    return PrintOne(command, answer, json);
  }
  const auto key = document.Root().Find("key");
  const auto id = key ? key->Find("id") : std::nullopt;
  fmt::print("{}\n", token->AsString().value_or(""));
  fmt::print(stderr, "{}: keep it now, it is not shown again\n",
             id ? Printable(id->AsString().value_or("")) : "key");
  return kDone;
}

// The next part of a list; false when there is no more, or the answer is no list.
bool GoOn(const ServerAnswer& answer, ServerQuestion& question) {
  const std::string next = answer.status == kDone ? NextOf(answer.body) : "";
  std::erase_if(question.query, [](const auto& pair) { return pair.first == "after"; });
  question.query.emplace_back("after", next);
  return !next.empty();
}

}  // namespace

std::string BodyOf(std::span<const ResourceField> fields, const ResourceArguments& arguments,
                   std::string_view name) {
  std::string body;
  json::Writer out(body);
  out.BeginObject();
  if (!name.empty()) {
    out.Key("name").String(name);
  }
  for (const ResourceField& field : fields) {
    const auto given = arguments.values.find(field.member);
    if (given == arguments.values.end() || given->second.empty()) {
      continue;
    }
    Clears(field, given->second) ? WriteField(field, {}, out)
                                 : WriteField(field, given->second, out);
  }
  out.EndObject();
  return body;
}

int PrintOne(std::string_view command, const ServerAnswer& answer, bool json) {
  if (answer.status != kDone) {
    return Complain(command, answer);
  }
  if (json) {
    fmt::print("{}\n", answer.body);
    return kDone;
  }
  const auto text = ShowText(answer.body, TerminalOf(STDOUT_FILENO));
  if (!text) {
    return Complain(command, {kFailed, text.error().message});
  }
  fmt::print("{}", *text);
  return kDone;
}

int PrintList(std::string_view command, const ServerArguments& server, ServerQuestion question,
              const ListStyle& style) {
  const Terminal terminal = TerminalOf(STDOUT_FILENO);
  std::size_t rows = 0;
  for (bool more = true; more;) {
    if (style.in_parts) {
      const std::uint32_t wanted =
          style.limit == 0 ? kPart
                           : std::min(kPart, style.limit - static_cast<std::uint32_t>(rows));
      std::erase_if(question.query, [](const auto& pair) { return pair.first == "limit"; });
      question.query.emplace_back("limit", std::to_string(wanted));
    }
    const ServerAnswer answer = Ask(server, question);
    if (answer.status != kDone) {
      return Complain(command, answer);
    }
    const auto text = ListText(answer.body, style.columns, terminal, &rows);
    if (!text) {
      return Complain(command, {kFailed, text.error().message});
    }
    fmt::print("{}", style.json ? answer.body + "\n" : *text);
    more = GoOn(answer, question) && (style.limit == 0 || rows < style.limit);
  }
  return kDone;
}

int ResourceCreate(const Resource& resource, const ResourceArguments& arguments) {
  const ServerAnswer answer =
      Ask(arguments.server, {.method = "POST",
                             .path = std::string(resource.path),
                             .query = InTenant(arguments),
                             .body = BodyOf(resource.fields, arguments, arguments.id)});
  return PrintIssued(CommandOf(resource, "create"), answer, arguments.json);
}

int ResourceList(const Resource& resource, const ResourceArguments& arguments) {
  ServerQuestion question{.path = std::string(resource.path), .query = InTenant(arguments)};
  question.query.emplace_back("search", arguments.search);
  return PrintList(CommandOf(resource, "list"), arguments.server, std::move(question),
                   {.columns = resource.columns, .limit = arguments.limit, .json = arguments.json});
}

int ResourceShow(const Resource& resource, const ResourceArguments& arguments) {
  return PrintOne(
      CommandOf(resource, "show"),
      Ask(arguments.server, {.path = PathOf(resource, arguments), .query = InTenant(arguments)}),
      arguments.json);
}

int ResourceUpdate(const Resource& resource, const ResourceArguments& arguments) {
  const std::string command = CommandOf(resource, "update");
  const std::string body = BodyOf(resource.fields, arguments, arguments.name);
  if (body == "{}") {
    return Complain(command, {kWrongUse, "nothing to change was given; see --help"});
  }
  return PrintOne(command,
                  Ask(arguments.server, {.method = "PATCH",
                                         .path = PathOf(resource, arguments),
                                         .query = InTenant(arguments),
                                         .body = body}),
                  arguments.json);
}

int ResourceDelete(const Resource& resource, const ResourceArguments& arguments) {
  const ServerAnswer answer =
      Ask(arguments.server,
          {.method = "DELETE", .path = PathOf(resource, arguments), .query = InTenant(arguments)});
  if (answer.status != kDone) {
    return Complain(CommandOf(resource, "delete"), answer);
  }
  fmt::print(stderr, "{} {}: deleted\n", resource.noun, Printable(arguments.id));
  return kDone;
}

int ResourceAct(const Resource& resource, const ResourceAction& action,
                const ResourceArguments& arguments) {
  const ServerAnswer answer =
      Ask(arguments.server,
          {.method = "POST",
           .path = fmt::format("{}/{}", PathOf(resource, arguments), action.path),
           .query = InTenant(arguments),
           .body = action.fields.empty() ? "" : BodyOf(action.fields, arguments, "")});
  if (answer.status == kDone && !action.done.empty() && !arguments.json) {
    fmt::print(stderr, "{} {}: {}\n", resource.noun, Printable(arguments.id), action.done);
    return kDone;
  }
  return PrintIssued(CommandOf(resource, action.name), answer, arguments.json);
}

}  // namespace signalbox::cli
