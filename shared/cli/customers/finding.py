"""`aftercare customer show` and `aftercare customer find`."""

from typing import Annotated, Any

import typer

from shared.cli.cases.language import EN, Lang
from shared.cli.customers.page import candidates_table, customer_page
from shared.cli.options import DEFAULT_DATA, AsJson, Data, FieldOption, with_fields
from shared.cli.output import say, show, show_json
from shared.cli.suite import Suite

SOUGHT = (
    FieldOption("phone", "phone", "A number, in any way of writing it."),
    FieldOption("email", "email", "A mail address."),
    FieldOption("name", "name", "The whole name."),
    FieldOption("serial-no", "serial_no", "The serial number of something they own."),
    FieldOption("order-no", "order_no", "The number of an order."),
)
CustomerId = Annotated[str, typer.Argument(metavar="CUSTOMER", help="The id of the customer.")]
Identity = Annotated[bool, typer.Option("--identity", help="Also who somebody protected is.")]


def show_(
    customer_id: CustomerId,
    identity: Identity = False,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
    lang: Lang = EN,
) -> None:
    """Show a customer: orders, equipment with its warranty, calls, cases.

    \b
    Examples:
      aftercare customer show C1234567890
      aftercare customer show C1234567890 --lang zh
    """
    asked = {"customer_id": customer_id, **({"identity": True} if identity else {})}
    answer = Suite.at(data).call("intake.get_customer", asked)
    if as_json:
        show_json(answer["customer"])
    else:
        show(customer_page(answer["customer"], lang.value))


@with_fields(SOUGHT)
def find(data: Data = DEFAULT_DATA, as_json: AsJson = False, lang: Lang = EN, **given: Any) -> None:
    """Find customers; what is given must all be true of them.

    \b
    Examples:
      aftercare customer find --phone 13900139000
      aftercare customer find --name 李娜 --serial-no SN-1
    """
    wanted = {option.field: given[option.name] for option in SOUGHT if given[option.name]}
    answer = Suite.at(data).call("intake.get_customer", wanted)
    if as_json:
        show_json(answer)
    elif "customer" in answer:
        show(customer_page(answer["customer"], lang.value))
    else:
        show(candidates_table(answer["candidates"]))
        say("Several are like that; `aftercare customer show` shows one." + (" There are more." * answer["more"]))
