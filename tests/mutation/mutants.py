"""The mutants of a C file: one changed token each, said so that a list can name them when lines move."""

import re
from typing import NamedTuple

TOKEN = re.compile(
    r"(?P<skip>/\*.*?\*/|//[^\n]*|^[ \t]*#(?:\\\n|[^\n])*|^_Static_assert.*?;$|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')"
    r"|(?P<number>\b(?:0[xX][0-9a-fA-F]+|[0-9]+)[uUlL]*\b)"
    r"|(?P<word>[A-Za-z_]\w*)"
    r"|(?P<op><<=|>>=|<<|>>|->|\+\+|--|[-+*/%&|^!=<>]=|&&|\|\||[^\s\w])",
    re.DOTALL | re.MULTILINE,
)
SWAPS = {
    "==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "&&": "||", "||": "&&",
    "true": "false", "false": "true",
}
FUNCTION = re.compile(r"^[A-Za-z][^;={}\n]*?\b(\w+)\((?:[^;{}]*)\)\n\{", re.MULTILINE)
# Not a choice of anybody: "all zero", and room on the stack, of which more is no mistake.
IDIOM = re.compile(r"\{ 0 \}|^\t+(?:struct )?\w+ \**\w+\[\w+\];", re.MULTILINE)
# A jump that only some executions take: below a condition or a loop.
JUMP = re.compile(r"^\t{2,}((?:return|continue|break)\b[^;\n]*;)$", re.MULTILINE)


class Mutant(NamedTuple):
    file: str      # below compiler/
    function: str  # that it is in, "" outside
    line: str      # as it reads, without indentation
    change: str    # "<old> -> <new>", with "(2)" where the line has more than one such
    number: int    # of the line
    start: int     # what of the text is replaced
    end: int
    new: str

    def key(self):
        return (self.file, self.function, self.line, self.change)


def closing(text, at):
    """Where the bracket that opens at `at` is closed."""
    depth = 0
    for token in TOKEN.finditer(text, at):
        if token.group() in "()" and not token.group("skip"):
            depth += 1 if token.group() == "(" else -1
            if depth == 0:
                return token.start()
    return len(text)


def constant(text):
    """A constant that is one off; zero and one are each other's."""
    digits = text.rstrip("uUlL")
    value = int(digits, 16 if digits[:2] in ("0x", "0X") else 10)
    return {0: "1", 1: "0"}.get(value, str(value + 1)) + text[len(digits):]


def changes(text):
    """(start, end, old, new, what it is called) of every change of one token."""
    previous, idioms = "", [m.span() for m in IDIOM.finditer(text)]
    for token in TOKEN.finditer(text):
        word, start, end = token.group(), token.start(), token.end()
        if token.group("skip") or any(a <= start < b for a, b in idioms):
            continue
        if word in SWAPS:
            yield start, end, SWAPS[word], f"{word} -> {SWAPS[word]}"
        elif token.group("number") and not (len(word) > 1 and word[0] == "0" and word[1].isdigit()):
            yield start, end, constant(word), f"{word} -> {constant(word)}"
        elif word == "!":
            yield start, end, "", "! dropped"
        elif word == "(" and previous == "if":
            end = closing(text, start) + 1
            yield start, end, f"(!{text[start:end]})", "condition negated"
        previous = word
    for jump in JUMP.finditer(text):
        yield jump.start(1), jump.end(1), ";", f"{jump.group(1).split()[0].rstrip(';')} dropped"


def mutants(file, text):
    """Every mutant of a file, in the order of the text."""
    functions = [(m.start(), m.group(1)) for m in FUNCTION.finditer(text)]
    found, seen = [], {}
    for start, end, new, change in sorted(changes(text)):
        line_start = text.rfind("\n", 0, start) + 1
        line = text[line_start:(text + "\n").index("\n", start)].strip()
        function = next((name for at, name in reversed(functions) if at <= start), "")
        n = seen[line_start, change] = seen.get((line_start, change), 0) + 1
        found.append(Mutant(file, function, line, change if n == 1 else f"{change} ({n})",
                            text.count("\n", 0, start) + 1, start, end, new))
    return found
