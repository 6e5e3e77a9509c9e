"""`aftercare customer add`."""

from typing import Annotated, Any

import typer

from shared.cli.customers.page import customer_page
from shared.cli.maintenance.given import FromYaml, request_of
from shared.cli.options import DEFAULT_DATA, AsJson, Data, FieldOption, with_fields
from shared.cli.output import say, show, show_json
from shared.cli.suite import Suite

CUSTOMER = (
    FieldOption("customer-id", "customer_id", "Complete the customer of this id."),
    FieldOption(
        "external-ref", "external_ref", "Their number in your own system; the same again is the same customer."
    ),
    FieldOption("source", "source", "The system that has this number."),
    FieldOption("name", "name", "Their name."),
    FieldOption("address", "address", "Where they live, or have their seat."),
    FieldOption("protected", "protected", "Only clerks and auditors may know who it is.", is_flag=True),
    FieldOption("by", "by", "Who writes it down."),
)
ITEM = (
    FieldOption("model", "model", "Something they own: the model."),
    FieldOption("serial-no", "serial_no", "Its serial number."),
    FieldOption("order-no", "order_no", "The order it came with."),
    FieldOption("batch", "batch", "Its batch."),
    FieldOption("purchased-on", "purchased_on", "The day it was bought, YYYY-MM-DD."),
    FieldOption("shipped-on", "shipped_on", "The day it was handed to the carrier, YYYY-MM-DD."),
    FieldOption("produced-on", "produced_on", "The day it was made, YYYY-MM-DD."),
    FieldOption("site", "site", "Where it stands."),
)

Phones = Annotated[list[str], typer.Option("--phone", help="A number; give it again for another.")]
Emails = Annotated[list[str], typer.Option("--email", help="A mail address; give it again for another.")]
Orders = Annotated[list[str], typer.Option("--order", help="An order's number; give it again for another.")]


@with_fields((*CUSTOMER, *ITEM))
def add(
    phone: Phones = [],  # noqa: B006 - Typer reads the default, nobody changes it
    email: Emails = [],  # noqa: B006
    order: Orders = [],  # noqa: B006
    from_yaml: FromYaml = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
    **given: Any,
) -> None:
    """Put a customer on file, or complete one who is; cases from their numbers and addresses become theirs.

    \b
    Examples:
      aftercare customer add --name 李娜 --phone 13900139000 --email li@customer.example --order O-1
      aftercare customer add --customer-id C1234567890 --model DM-30 --serial-no SN-1 --purchased-on 2026-03-01
      aftercare customer add --from-yaml customer.yaml --json
    """
    request = request_of(CUSTOMER, given, from_yaml)
    item = request_of(ITEM, given)
    lists: dict[str, list[Any]] = {
        "phones": phone,
        "emails": email,
        "orders": [{"order_no": number} for number in order],
        "equipment": [item] if item else [],
    }
    for name, values in lists.items():
        if values:
            request[name] = [*request.get(name, []), *values]
    answer = Suite.at(data).call("intake.add_customer", request)
    if as_json:
        show_json(answer)
        return
    say("New on file." if answer["created"] else f"Changed: {', '.join(answer['changed']) or 'nothing'}.")
    show(customer_page(answer))
