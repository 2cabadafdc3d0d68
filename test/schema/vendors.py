"""What is made of which description: a Target per dialect, kind and schema.

To add a vendor: its description in ../shared/specs, a list of Targets here (add it to TARGETS), and
a row in src/vendors/dialects/schema_rules_test.cc when its rules are not those of meaning.h. A
member that a schema says too little of (a text that must be a URL, counts that must fit each other)
gets a maker in `members` or a mend in `mend`; a stream is made by a function of (maker) -> frames.
"""
import dataclasses
import typing

import anthropic
import gemini
import mistral
import ollama
import openai_chat
import openai_responses
from instances import Maker


@dataclasses.dataclass
class Target:
    dialect: str
    kind: str  # request, answer, stream, embeddings_request, … as schema_test.cc has them
    spec: str  # a file of ../shared/specs
    schema: str  # the schema's name; of a stream any name for the report
    count: int = 150
    stream: typing.Callable | None = None
    members: dict = dataclasses.field(default_factory=dict)
    mend: dict = dataclasses.field(default_factory=dict)
    unknown: float = 0.04

    def make(self, schemas, draw):
        maker = Maker(schemas, draw, self.members, self.mend, self.unknown)
        if self.stream:
            return self.stream(maker)
        return maker.named(self.schema)


def targets(module):
    for dialect, kind, schema, count, *stream in module.WANTED:
        yield Target(dialect, kind, module.SPEC, schema, count, stream[0] if stream else None,
                     module.MEMBERS, module.MEND)


TARGETS = [target for module in (openai_chat, openai_responses, anthropic, gemini, mistral, ollama)
           for target in targets(module)]
