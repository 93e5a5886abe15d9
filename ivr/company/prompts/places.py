"""Where a prompt is heard, read from the flows: in the function that says it, and where another file uses that one."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ivr.platform.voice.script import Chapter, Script

#: The place of what the voice itself may say at any question.
AT_EVERY_QUESTION: Final = "Every question"

#: A function: the stem of its file, and its name.
Function = tuple[str, str]


@dataclass(frozen=True)
class Place:
    """Where a prompt is heard: the flow's title, and the step or phrase, in words."""

    title: str
    step: str


def places(script: Script) -> Mapping[Function, Sequence[Place]]:
    """Return, for each function of the script, where it is heard. In a file without steps: where it is used."""
    files = [_File(chapter) for chapter in script.chapters]
    users: dict[Function, list[tuple[_File, str]]] = defaultdict(list)
    for file in files:
        for name in file.functions:
            for used in file.uses(name):
                users[used].append((file, name))
    everywhere = (script.card_heard.__module__.rpartition(".")[2], script.card_heard.__name__)

    def heard(file: _File, name: str, seen: frozenset[Function] = frozenset()) -> Iterator[Place]:
        here = (file.stem, name)
        if here in seen:
            return
        if here == everywhere:
            yield Place(AT_EVERY_QUESTION, in_words(name))
        if file.has_steps:
            yield Place(file.chapter.title, in_words(name))
        for user, by in users[here] if name not in file.steps else ():
            if user is not file or not file.has_steps:
                yield from heard(user, by, seen | {here})

    return {
        (file.stem, name): tuple(dict.fromkeys(heard(file, name)))
        for file in files
        for name in file.functions
    }


def in_words(function: str) -> str:
    return function.strip("_").replace("_", " ")


class _File:
    """A file of the script: its functions, which of them are steps, and what each of them uses."""

    def __init__(self, chapter: Chapter) -> None:
        self.chapter, self.stem = chapter, chapter.source.stem
        tree = ast.parse(chapter.source.read_text(encoding="utf-8"))
        self.functions = {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef)}
        self.steps = {name for name, one in self.functions.items() if one.decorator_list}
        self.has_steps = bool(self.steps)
        self._names: dict[str, Function] = {name: (self.stem, name) for name in self.functions}
        self._modules: set[str] = set()
        for one in tree.body:
            if isinstance(one, ast.ImportFrom) and one.module:
                package, _, module = one.module.rpartition(".")
                names = [alias.name for alias in one.names]
                self._modules |= set() if package else set(names)
                self._names |= {name: (module, name) for name in names} if package else {}

    def uses(self, name: str) -> set[Function]:
        """Return the functions of the script that are named in this one."""
        found = set()
        for node in ast.walk(self.functions[name]):
            if isinstance(node, ast.Name) and node.id in self._names:
                found.add(self._names[node.id])
            elif (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id in self._modules
            ):
                found.add((node.value.id, node.attr))
        return found
