"""An operator's YAML file to plain data; what cannot be read is refused with the remedy."""

from pathlib import Path
from typing import Any

import yaml

from shared.kernel.errors import Misconfigured


class _Loader(yaml.SafeLoader):
    """YAML as it is, but a key written twice is refused: the second would silently replace the first."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue  # no name at all; SafeLoader says what is wrong with it
            if key.value in seen:
                why = f"{key.value!r} is written twice; keep one"
                raise yaml.constructor.ConstructorError(None, None, why, key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> Any:
    """The data in a file; raises Misconfigured."""
    return parse_yaml(text_of(path), str(path))


def text_of(path: Path) -> str:
    """The text of a file; raises Misconfigured."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise Misconfigured([f"{path}: cannot be read ({error.strerror}); name a file that exists"]) from None
    except UnicodeDecodeError:
        raise Misconfigured([f"{path}: is not UTF-8; save it as UTF-8"]) from None


def parse_yaml(text: str, name: str) -> Any:
    """The data in a text, which is called so; raises Misconfigured."""
    try:
        return yaml.load(text, _Loader)  # a SafeLoader: builds plain data only
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date or a number that there is not
        raise Misconfigured([f"{name}: is not YAML: {' '.join(str(error).split())}"]) from None
