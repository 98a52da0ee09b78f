# SPDX-License-Identifier: GPL-2.0
"""Words that readers stumble over, and what to write instead.

A class of files has its own text (prose without code, a manual page without
macros, comments and strings without code) and its own table of words. A class that is not enabled is not
checked: its texts are not clean yet.
"""

import re
from typing import Callable, NamedTuple

PEOPLE = "name the task, CPU or caller"

# what to search for, without regard to case -> what to write instead
WORDS = (
    (r"who(m|se)?(so)?ever", PEOPLE),
    (r"nobody|no one", "say what does not: 'no task', 'no CPU', 'no process'"),
    (r"somebody|someone", "say what does: 'another process', 'another user'"),
    (
        r"(tasks?|threads?|CPUs?|callers?|readers?|writers?|process(es)?|those"
        r"|ones?) whom?",
        "'that': only a person is a 'who'",
    ),
    (r"whom?( else)? (blocks?|is in the way|holds (it|them|the \w+) up)", "'which tasks block'"),
    (r"he|him|his|himself|she|hers?|herself", "'it', 'its', 'they' or the noun"),
    (r"for want of", "'because there is no ...', 'without ...'"),
    (r"turn(s|ed|ing)? round", "'reverse'"),
    (r"(is|are|was|were) of now", "'current'"),
    (r"be it|by whom ever", "'whether ... or ...', 'by anyone'"),
    (r"ha(s|ve) the say", "'decides'"),
    (r"to the letter", "'verbatim'"),
    (r"(go|goes|gone|went|going) in(?= *[,.;:])", "'is enabled'"),
    (r"verdict falls", "'the verdict is reached'"),
    (r"sees to", "'handles', 'makes sure'"),
)
# Comments and messages are about tasks, CPUs and callers only, not about people.
# A user or anyone may be a 'who'; so may a column of a table.
CODE_WORDS = (
    *WORDS,
    (r"(?<!user )(?<!users )(?<!anyone )whom?(?! FROM\b)", "'that', or " + PEOPLE),
)
# One word is a name of something; the other text is stored in files.
NOT_PROSE = re.compile(r"\w*|somebody who is not on record")
# The same with regard to case.
CASED = ((r"Of(?! course\b)", "begin with the noun, and give the sentence a verb"),)


def _prose(lines):
    """A document without code: fences, indented blocks, `quotes`, comments."""
    fenced, indented, blank = False, False, True
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
            yield number, ""
            continue
        # A block starts after an empty line; deeper lists do not.
        deep = line.startswith("    ") and not re.match(r"\s+([-*]|\d+\.) ", line)
        indented = deep and (indented or blank)
        blank = not line.strip()
        if fenced or indented or line.startswith("<!--"):
            line = ""
        yield number, re.sub(r"`[^`]*`", "`", line)


_EXAMPLES = re.compile(r"\.nf\b")
_EXAMPLES_END = re.compile(r"\.fi\b")
# The macro of a font is not text, but its words are: .B has blanks between
# them, .BR has none.
_FONT = re.compile(r"\.(B|I|SH|SS|BI|BR|IB|IR|RB|RI)\s+(.*)")
_ALTERNATE = {"BI", "BR", "IB", "IR", "RB", "RI"}


def _manual(lines):
    """A page in roff without examples, comments, macros and escapes."""
    example = False
    for number, line in enumerate(lines, 1):
        if _EXAMPLES.match(line) or _EXAMPLES_END.match(line):
            example = line.startswith(".nf")
            line = ""
        font = _FONT.fullmatch(line)
        if font:
            words = re.findall(r'"([^"]*)"|(\S+)', font.group(2))
            blank = "" if font.group(1) in _ALTERNATE else " "
            line = blank.join(quoted or bare for quoted, bare in words)
        elif example or line.startswith((".", "'")):
            line = ""
        line = re.sub(r"\\f.|\\&", "", line)
        line = re.sub(r"\\\((?:oq|cq|aq)", "'", line)
        yield number, line.replace("\\-", "-")


_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
_INCLUDE = re.compile(r"\s*#\s*include\b")


def _comments_and_strings(lines):
    """C or C++ without code."""
    inside = False
    for number, line in enumerate(lines, 1):
        texts = []
        if inside:
            inside = "*/" not in line
            texts.append(line.strip().strip("/*"))
        elif not _INCLUDE.match(line):
            texts += [text for text in _LITERAL.findall(line) if not NOT_PROSE.fullmatch(text)]
            code, _, comment = _LITERAL.sub('""', line).partition("//")
            block = code.partition("/*")[2]
            inside = bool("/*" in code and "*/" not in block)
            texts += [comment, block.strip("/*")]
        yield number, " ".join(text.strip() for text in texts if text)


class FileClass(NamedTuple):
    """Which files, what of them is text, and which words it must not have."""

    name: str
    files: re.Pattern
    text: Callable
    words: tuple
    cased: tuple
    enabled: bool


CLASSES = (
    FileClass(
        "documents", re.compile(r"(docs/|\.github/)?[^/]+\.md$"), _prose, WORDS, CASED, enabled=True
    ),
    FileClass(
        "manual", re.compile(r"docs/man/[^/]+\.\d(\.in)?$"), _manual, WORDS, CASED, enabled=True
    ),
    FileClass(
        "kmod",
        re.compile(r"(kmod|include)/.*\.[ch]$"),
        _comments_and_strings,
        CODE_WORDS,
        CASED,
        enabled=True,
    ),
    FileClass(
        "controller",
        re.compile(r"(controller|bpf|examples|tests/unit|tests/patches)/.*\.(cc|[ch])$"),
        _comments_and_strings,
        CODE_WORDS,
        CASED,
        enabled=True,
    ),
)


def _table(kind):
    for words, flags in ((kind.words, re.IGNORECASE), (kind.cased, 0)):
        for pattern, better in words:
            yield re.compile(rf"(?<![\w'-])(?:{pattern})(?![\w'-])", flags), better


def findings_in(kind, lines):
    """Yields (line number, word, better); a phrase may go on in the next line."""
    table = list(_table(kind))
    texts = [*kind.text(lines), (0, "")]
    for (number, text), (_, following) in zip(texts, texts[1:]):
        joined = f"{text.rstrip()} {following.lstrip()}"
        for pattern, better in table:
            for found in pattern.finditer(joined):
                if found.start() < len(text.rstrip()):
                    yield number, found.group(), better


def check_words(files, classes=CLASSES):
    """Takes (name, lines) pairs; yields a line for each word to avoid."""
    for name, lines in files:
        for kind in classes:
            if kind.enabled and kind.files.match(name):
                for number, word, better in findings_in(kind, lines):
                    yield f"{name}:{number}: '{word}': {better}"
