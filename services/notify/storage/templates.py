"""Templates from files: one a message, channel and language; each is checked when the service starts (NO-5).

`<name>.sms.jinja` is the text. `<name>.email.jinja` has the subject on its first line, then `---`, then the text; the
HTML beside it is that text in `layout.html.jinja`, escaped. The operator's folder stands before the built-in one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import jinja2
import yaml
from jinja2 import meta

from services.notify.domain.happening import SUPPLIES
from services.notify.domain.policy import Policy, Rule
from services.notify.domain.vocabulary import EMAIL, LANGUAGES, PERSONAL_CHANNELS
from services.notify.storage.cleaning import one_line
from services.notify.storage.samples import SAMPLES
from services.notify.storage.wording import page_environment, text_environment
from shared.kernel.errors import Invalid, Misconfigured, NotFound

BUILTIN: Final = Path(__file__).parents[1] / "templates"
BUNDLE: Final = "bundle"
BUNDLE_VARIABLES: Final = frozenset({"count", "lines", "more"})
_DIVIDER: Final = "---"
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in words; `subject` is empty but for e-mail."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Template:
    """One file, compiled; what it asks for."""

    path: Path
    subject: jinja2.Template
    text: jinja2.Template
    variables: frozenset[str]

    def render(self, values: Mapping[str, Any]) -> Rendered:
        """The message; raises jinja2's errors for what is not there."""
        return Rendered(one_line(self.subject.render(values)), self.text.render(values).strip())


class Templates:
    """Every template of the operator's folder and of the built-in one."""

    def __init__(self, own: Path | None, zone: ZoneInfo) -> None:
        self.problems: list[str] = []
        self._folders = [folder for folder in (own, BUILTIN) if folder is not None]
        self._environments = {
            language: text_environment(language, self._words(language), zone) for language in LANGUAGES
        }
        self._layouts = {language: self._layout(language) for language in LANGUAGES}
        self._found = {key: found for key, path in self._files() if (found := self._compiled(key, path))}

    def names(self) -> list[str]:
        """The names of all templates."""
        return sorted({name for name, _, _ in self._found})

    def get(self, name: str, channel: str, language: str) -> Template:
        """One template; raises NotFound that names those that exist."""
        found = self._found.get((name, channel, language))
        if found is None:
            raise NotFound(f"there is no template {name!r} for {channel} in {language}; use {', '.join(self.names())}")
        return found

    def render(self, name: str, channel: str, language: str, values: Mapping[str, Any]) -> Rendered:
        """The message; raises Invalid that names each variable that is missing (NO-5)."""
        template = self.get(name, channel, language)
        missing = sorted(template.variables - values.keys())
        if missing:
            needs = f"is missing: the template {name!r} needs it"
            raise Invalid(f"not acceptable: {', '.join(missing)}", {f"data.{each}": [needs] for each in missing})
        try:
            return template.render(values)
        except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError) as error:
            raise Invalid.field("data", f"the template {name!r} cannot be filled: {error}") from None

    def html(self, language: str, subject: str, text: str) -> str:
        """The text as a page: every character of it escaped."""
        paragraphs = [block.split("\n") for block in text.split("\n\n") if block.strip()]
        return self._layouts[language].render(subject=subject, paragraphs=paragraphs)

    def check(self, policy: Policy) -> "Templates":
        """These templates; raises Misconfigured with every problem of the files, and of rules that go with them."""
        problems = [*self.problems]
        for rule in policy.rules.values():
            problems += self._check(rule.template, SUPPLIES[rule.when.trigger], f"rules.{rule.name}", rule)
        problems += self._check(BUNDLE, BUNDLE_VARIABLES, "bundling", None)
        if problems:
            raise Misconfigured(list(dict.fromkeys(problems)))
        return self

    def _check(self, name: str, supplied: frozenset[str], place: str, rule: Rule | None) -> Iterator[str]:
        for language in LANGUAGES:
            for channel in rule.channels if rule else PERSONAL_CHANNELS:
                found = self._found.get((name, channel, language))
                if found is None:
                    file = f"{language}/{name}.{channel}.jinja"
                    if not any(file in each for each in self.problems):
                        yield f"{place}: there is no template {file}; write it, or name another"
                    continue
                unknown = sorted(found.variables - supplied)
                if unknown:
                    known = ", ".join(sorted(supplied))
                    yield f"{found.path}: {', '.join(unknown)} is not known in {place}; use {known}"
                else:
                    yield from _rehearse(found, supplied)

    def _files(self) -> Iterator[tuple[Key, Path]]:
        """Each template's file; the operator's own goes before the built-in one."""
        chosen: dict[Key, Path] = {}
        for folder in self._folders:
            for language in LANGUAGES:
                for channel in PERSONAL_CHANNELS:
                    for path in sorted((folder / language).glob(f"*.{channel}.jinja")):
                        chosen.setdefault((path.name.split(".")[0], channel, language), path)
        return iter(chosen.items())

    def _compiled(self, key: Key, path: Path) -> Template | None:
        _, channel, language = key
        source = self._read(path)
        subject, divider, text = source.partition(f"\n{_DIVIDER}\n") if channel == EMAIL else ("", "", source)
        if channel == EMAIL and (not divider or "\n" in subject.strip()):
            self.problems.append(
                f"{path}: write the subject on the first line, then a line of {_DIVIDER}, then the text"
            )
            return None
        environment = self._environments[language]
        try:
            asked = meta.find_undeclared_variables(environment.parse(source))
            return Template(path, environment.from_string(subject), environment.from_string(text), frozenset(asked))
        except jinja2.TemplateSyntaxError as error:
            self.problems.append(_with_line(path, environment, source, error))
            return None

    def _layout(self, language: str) -> jinja2.Template:
        path = self._first(f"{language}/layout.html.jinja")
        environment = page_environment()
        try:
            template = environment.from_string(self._read(path))
            template.render(subject="<", paragraphs=[["<"]])
        except jinja2.TemplateError as error:
            self.problems.append(f"{path}: {error}; it may use subject and paragraphs, which are lists of lines")
            return environment.from_string("")
        return template

    def _words(self, language: str) -> dict[str, str]:
        """The names of things: the built-in ones, and the operator's over them."""
        words: dict[str, str] = {}
        for folder in reversed(self._folders):
            path = folder / language / "words.yaml"
            if path.exists():
                try:
                    words |= {str(name): str(word) for name, word in yaml.safe_load(self._read(path)).items()}
                except (yaml.YAMLError, AttributeError):
                    self.problems.append(f"{path}: must be a mapping of names to words")
        return words

    def _first(self, name: str) -> Path:
        return next((folder / name for folder in self._folders if (folder / name).exists()), BUILTIN / name)

    def _read(self, path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self.problems.append(f"{path}: cannot be read as UTF-8 ({type(error).__name__})")
            return ""


def _with_line(path: Path, environment: jinja2.Environment, source: str, error: jinja2.TemplateSyntaxError) -> str:
    """What is wrong, at the line of the file: the halves of a mail have lines of their own."""
    try:
        environment.from_string(source)
    except jinja2.TemplateSyntaxError as whole:
        error = whole
    return f"{path}:{error.lineno}: {error.message}"


def _rehearse(template: Template, supplied: frozenset[str]) -> Iterator[str]:
    """Fill the template twice, with everything known and with nothing: what cannot be filled is told at start."""
    everything = {name: SAMPLES[name] for name in supplied}
    nothing = everything if supplied == BUNDLE_VARIABLES else dict.fromkeys(supplied)
    for values in (everything, nothing):
        try:
            rendered = template.render(values)
        except (jinja2.TemplateError, Invalid, TypeError, ValueError, ArithmeticError) as error:
            yield f"{template.path}: cannot be filled: {error}"
            return
        if not rendered.text:
            yield f"{template.path}: says nothing"
            return
