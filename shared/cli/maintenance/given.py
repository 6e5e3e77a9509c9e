"""What commands of maintenance share: arguments, and requests from options and YAML files."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from shared.cli.options import FieldOption, place
from shared.kernel.errors import Invalid, NotFound

OrderNo = Annotated[str, typer.Argument(metavar="ORDER", help="The order's number.")]
EquipmentId = Annotated[str, typer.Argument(metavar="EQUIPMENT", help="The id of the equipment.")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who does it.")]
FromYaml = Annotated[
    Path | None,
    typer.Option("--from-yaml", metavar="FILE", help="Take the request from a YAML file.", show_default=False),
]


def request_of(options: Sequence[FieldOption], given: Mapping[str, Any], file: Path | None = None) -> dict[str, Any]:
    """The request of a file, with what the options say instead of it or beyond it."""
    request = read_yaml(file) if file else {}
    for option in options:
        if given[option.name]:
            place(request, option.field, given[option.name])
    return request


def read_yaml(file: Path) -> dict[str, Any]:
    """The mapping in a YAML file; dates in it are text, as the services take them."""
    try:
        request = yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)  # texts, lists and mappings only
    except OSError as error:
        raise NotFound(f"cannot read {file}: {error.strerror}") from None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise Invalid(f"{file} is not YAML in UTF-8: {' '.join(str(error).split())}") from None
    if not isinstance(request, dict):
        raise Invalid(f"{file} must hold one mapping, like `serial_no: SN-1`")
    return request
