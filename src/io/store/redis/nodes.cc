#include "io/store/redis/nodes.h"

#include <algorithm>

#include "io/store/redis/scripts.h"

namespace signalbox::store {

using async::Deadline;
using async::Task;

struct RedisNodes::Job {
  const Command* command = nullptr;
  RedisPipe* asking = nullptr;  // only this time
  bool whole_text = false;      // its script is not known there
  bool done = false;
  core::Result<Reply> result{};
};

struct RedisNodes::Batch {
  RedisPipe* node = nullptr;
  std::vector<Job*> jobs;
  std::string bytes;
  std::size_t replies = 0;
};

RedisPipe* RedisNodes::Node(std::string host, std::uint16_t port) {
  const std::string name = host + ":" + std::to_string(port);
  const auto found = nodes_.find(name);
  if (found != nodes_.end()) {
    return found->second.get();
  }
  if (nodes_.size() >= kMostNodes) {
    return nullptr;
  }
  return nodes_.emplace(name, std::make_unique<RedisPipe>(context_, std::move(host), port))
      .first->second.get();
}

RedisPipe* RedisNodes::NodeFor(const Job& job) {
  if (job.asking != nullptr) {
    return job.asking;
  }
  const auto moved = slots_.find(job.command->slot());
  return moved != slots_.end() ? moved->second : Node(context_.options.host, context_.options.port);
}

void RedisNodes::Append(const Job& job, Batch& batch) const {
  if (job.asking != nullptr) {
    Command("ASKING").AppendTo(batch.bytes);
    ++batch.replies;
  }
  const ScriptName script = job.command->script();
  const std::string& digest = context_.digests[static_cast<std::size_t>(script)];
  if (script == ScriptName::kNone) {
    job.command->AppendTo(batch.bytes);
  } else if (job.whole_text || digest.empty()) {
    job.command->AppendTo(batch.bytes, "EVAL", ScriptText(script));
  } else {
    job.command->AppendTo(batch.bytes, "EVALSHA", digest);
  }
  ++batch.replies;
}

std::vector<RedisNodes::Batch> RedisNodes::Sort(std::vector<Job>& jobs) {
  std::vector<Batch> batches;
  for (Job& job : jobs) {
    if (job.done) {
      continue;
    }
    RedisPipe* node = NodeFor(job);
    auto batch = std::ranges::find(batches, node, &Batch::node);
    if (batch == batches.end()) {
      batch = batches.insert(batches.end(), Batch{.node = node});
    }
    Append(job, *batch);
    batch->jobs.push_back(&job);
  }
  return batches;
}

// Whether the job goes out once more, to where it now belongs.
bool RedisNodes::TryAgain(Job& job, RedisPipe& node, const Reply& reply) {
  job.asking = nullptr;
  switch (RemedyFor(reply.text)) {
    case Remedy::kLoadScript:
      return !std::exchange(job.whole_text, true);
    case Remedy::kReconnect:
      node.link().Break("it is a replica that takes no writes");
      return false;
    case Remedy::kNone:
      return false;
    case Remedy::kMoved:
    case Remedy::kAsk:
      break;
  }
  const auto redirect = ParseRedirect(reply.text);
  RedisPipe* target =
      redirect ? Node(redirect->host.empty() ? node.link().host() : redirect->host, redirect->port)
               : nullptr;
  if (target == nullptr) {
    return false;
  }
  if (RemedyFor(reply.text) == Remedy::kAsk) {
    job.asking = target;
  } else {
    slots_[redirect->slot] = target;
  }
  return true;
}

void RedisNodes::Take(Batch& batch, std::vector<Reply> replies) {
  std::size_t at = 0;
  for (Job* job : batch.jobs) {
    at += job->asking != nullptr ? 1 : 0;
    Reply& reply = replies[at++];
    if (reply.IsError() && TryAgain(*job, *batch.node, reply)) {
      continue;
    }
    job->done = true;
    job->result = std::move(reply);
  }
}

void RedisNodes::Fail(Batch& batch, const core::Error& error) {
  for (Job* job : batch.jobs) {
    job->done = true;
    job->result = std::unexpected(error);
  }
  // Its slots may have gone to another node meanwhile: the one we were told of first knows.
  std::erase_if(slots_, [&](const auto& entry) { return entry.second == batch.node; });
}

Task<std::vector<core::Result<Reply>>> RedisNodes::Run(std::span<const Command> commands,
                                                       Deadline deadline) {
  std::vector<Job> jobs(commands.size());
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    jobs[i].command = &commands[i];
    jobs[i].result =
        core::Fail(core::ErrorCode::kUnavailable,
                   context_.options.Name() + (closed_ ? ": closed" : ": redirected too often"));
    jobs[i].done = closed_;
  }
  for (int round = 0; round < kMostRounds && !closed_; ++round) {
    std::vector<Batch> batches = Sort(jobs);
    std::vector<core::Result<std::shared_ptr<RedisPipe::Call>>> calls;
    for (Batch& batch : batches) {
      calls.push_back(batch.node->Send(batch.bytes, batch.replies));
    }
    for (std::size_t i = 0; i < batches.size(); ++i) {
      if (!calls[i]) {
        Fail(batches[i], calls[i].error());
        continue;
      }
      auto replies = co_await batches[i].node->Await(*calls[i], deadline);
      if (!replies) {
        Fail(batches[i], replies.error());
        continue;
      }
      Take(batches[i], *std::move(replies));
    }
    if (batches.empty()) {
      break;
    }
  }
  std::vector<core::Result<Reply>> results;
  results.reserve(jobs.size());
  for (Job& job : jobs) {
    results.push_back(std::move(job.result));
  }
  co_return results;
}

Task<void> RedisNodes::Close(Deadline deadline) {
  closed_ = true;
  for (const auto& [name, node] : nodes_) {
    co_await node->link().Close(deadline);
  }
}

}  // namespace signalbox::store
