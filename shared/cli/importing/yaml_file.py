"""Reading a YAML file whose plain words stay words."""

import re
from pathlib import Path
from typing import Any

import yaml

from shared.kernel.errors import Misconfigured


class _Loader(yaml.SafeLoader):
    """YAML 1.2's core: Yes, No, On and 2014-01-01 are text, as they are in a CSV file."""


_PLAIN = {
    "tag:yaml.org,2002:bool": (re.compile("true|false"), list("tf")),
    "tag:yaml.org,2002:int": (re.compile(r"-?(0|[1-9][0-9]*)"), list("-0123456789")),
    "tag:yaml.org,2002:null": (re.compile("null|~|"), ["n", "~", ""]),
}
_Loader.yaml_implicit_resolvers = {}
for _tag, (_pattern, _first) in _PLAIN.items():
    _Loader.add_implicit_resolver(_tag, re.compile(f"^(?:{_pattern.pattern})$"), _first)


def load_yaml(path: Path) -> dict[str, Any]:
    """The file's mapping; raises Misconfigured when it cannot be read or is something else."""
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    except OSError as error:
        raise Misconfigured([f"cannot read {path}: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise Misconfigured([f"{path.name} is not UTF-8"]) from None
    except yaml.YAMLError as error:
        raise Misconfigured([f"{path.name} is not YAML: {_first_line(error)}"]) from None
    if not isinstance(found, dict):
        raise Misconfigured([f"{path.name} must be a mapping with the keys `register` and `steps`"])
    return found


def _first_line(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or "it cannot be read"
    return f"line {mark.line + 1}: {what}" if mark else what
