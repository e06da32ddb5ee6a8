"""What a docstring begins with: a verb where a function does something, a noun where a class is."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

import pytest
from sources import ROOT, trees

pytestmark = pytest.mark.xdist_group("house")  # one process parses the sources
_LISTED = """
a an the this that these those it its they there what whatever whether how where when why who
whoever whom whose which one two three four another each every everything everybody all any both
some somebody someone something such so no nobody none nothing neither either more as at after
before for from in of on per than to until up while with without if back like seconds minutes
bytes octets true false yes returns reads says takes makes gives tells
"""
NO_VERB = frozenset(_LISTED.split())
"""First words, in small letters, of a docstring that does not say what the function does."""


_OF_A_CLASS = """
accepts adds admits appends applies asks begins builds carries checks comes counts delivers
digests does draws ends exchanges fetches finds follows forks forms gives goes handles holds
injects issues joins keeps lets lies listens loads makes measures notices opens prints puts
reads registers runs secures sends serves shows stands starts stays takes tries wakes
watches writes
"""
VERBS = frozenset(_OF_A_CLASS.split())
"""First words, in small letters, of a class's docstring that says what it does, not what it is."""


_OF_A_TALE = """
anew dies die lies stand stands tell tells told thrown whoever
"""
FOLK_WORDS = frozenset(_OF_A_TALE.split())
"""Words with a plainer one beside them, for the line that a newcomer reads first."""


def is_attribute(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return whether it is read like an attribute, so that a noun says best what it is."""
    names = (ast.unparse(each).split(".")[-1] for each in function.decorator_list)
    return any(name in ("property", "cached_property", "setter") for name in names)


def without_verb(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and docstring of each function whose docstring does not begin with a verb."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not is_attribute(node):
            words = (ast.get_docstring(node) or "").split()
            first = words[0].strip("`,.:;'\"") if words else "Say"
            if not first or first.lower() in NO_VERB or not first[0].isalpha():
                yield node.lineno, " ".join(words[:6])


def without_noun(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and docstring of each class whose docstring begins with a verb."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            words = (ast.get_docstring(node) or "").split()
            if words and words[0].lower() in VERBS:
                yield node.lineno, " ".join(words[:6])


IN_A_TEXT = re.compile(
    r"(?<!`)\b(anew|lies|stood|tells|whoever|stands?(?!-| (?:in|out|for)\b)|told(?! apart))\b(?!`)"
)
"""Such words anywhere; names in backticks are names, and a code does stand for something."""


def folk_words(tree: ast.Module) -> set[str]:
    """Return the words of a tale in the first line of a module's docstring."""
    first = (ast.get_docstring(tree) or "").partition("\n")[0]
    return set(FOLK_WORDS) & set(re.findall(r"[a-z]+", first.lower()))


def prose(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of every comment, and of every line of a docstring."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        is_docstring = token.type == tokenize.STRING and token.string.startswith('"""')
        if token.type == tokenize.COMMENT or is_docstring:
            yield from enumerate(token.string.splitlines(), token.start[0])


def in_a_text(source: str) -> list[tuple[int, str]]:
    """Find line and text of what is said in the words of a tale."""
    return [(line, text.strip()) for line, text in prose(source) if IN_A_TEXT.search(text)]


def test_the_first_line_of_every_module_is_in_plain_words() -> None:
    found = {
        path: words for path, tree in trees("hht", "screens").items() if (words := folk_words(tree))
    }
    print(*found.items(), sep="\n")
    assert not found
    assert folk_words(ast.parse('"""How a job stands."""')) == {"stands"}


def test_no_comment_and_no_docstring_is_in_the_words_of_a_tale() -> None:
    found = {
        path: lines
        for path in trees("hht", "screens")
        if (lines := in_a_text((ROOT / path).read_text("utf-8")))
    }
    print(*found.items(), sep="\n")
    assert not found


def test_the_check_of_words_knows_names_and_what_stands_for_something() -> None:
    for bare in ("how it stands", "what was told", "whoever asks", "begin anew", "where it lies"):
        assert in_a_text(f"# {bare}\n") == [(1, f"# {bare}")]
        assert in_a_text(f'x = 1\n"""A line.\n\nAnd {bare}."""\n') == [(4, f'And {bare}."""')]
    for good in ("a code stands for it", "a double that stands in for it", "both are told apart"):
        assert not in_a_text(f"# {good}\n")
    assert not in_a_text("# `anew` begins again\ntold = 'stands'\n")


def test_the_docstring_of_every_class_begins_with_a_noun() -> None:
    found = {
        path: lines
        for path, tree in trees("hht", "screens").items()
        if (lines := list(without_noun(tree)))
    }
    print(*found.items(), sep="\n")
    assert not found


def test_the_docstring_of_every_function_begins_with_a_verb() -> None:
    found = {
        path: lines
        for path, tree in trees("hht", "screens").items()
        if (lines := list(without_verb(tree)))
    }
    print(*found.items(), sep="\n")
    assert not found


def test_the_check_knows_a_noun_a_question_and_a_sentence_from_a_verb() -> None:
    def refused(docstring: str) -> bool:
        return bool(list(without_verb(ast.parse(f'def f():\n    """{docstring}"""'))))

    for text in ("The hub.", "Whether it is.", "What came.", "`59:04`.", "Returns it.", "2 of it."):
        assert refused(text), text
    for text in ("Return the hub.", "Say whether it is.", "GET one block."):
        assert not refused(text), text
