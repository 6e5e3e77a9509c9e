"""The options of a registration: one for each field that intake takes."""

from shared.cli.options import FieldOption

REGISTRATION = (
    FieldOption("kind", "kind", "complaint, repair, guidance, inquiry, suggestion, dispute or accident."),
    FieldOption("channel", "channel", "How it reached us: phone, online, email, store, onsite, sales, authority, …"),
    FieldOption("subject", "subject", "What it is about, in one line."),
    FieldOption("description", "description", "The full description."),
    FieldOption("demand", "demand", "What the customer asks for."),
    FieldOption("customer-id", "customer.customer_id", "Who of the customer file it is, where a number is several's."),
    FieldOption("name", "customer.name", "The customer's name."),
    FieldOption("phone", "customer.phone", "The customer's number; China unless it begins with +."),
    FieldOption("email", "customer.email", "The customer's mail address."),
    FieldOption("anonymous", "customer.anonymous", "The customer wants to stay unnamed.", is_flag=True),
    FieldOption("protected", "customer.protected", "Only clerks and auditors may know who it is.", is_flag=True),
    FieldOption("region", "region", "Where, largest first: south.guangdong.foshan."),
    FieldOption("category", "category", "workmanship, product_quality, misuse, staff_attitude or other."),
    FieldOption("complained-about", "complained_about", "Whom of ours it is about, by name or id: a,b for several."),
    FieldOption("severity", "severity", "minor, serious, major or critical; minor unless said."),
    FieldOption("verifiable", "verifiable", "Whether it can be verified at once: true or false."),
    FieldOption("occurred-at", "occurred_at", "When the customer reached us, with offset; now unless said."),
    FieldOption("registrar", "registrar", "Who takes the case in."),
    FieldOption("source", "source", "The system that it comes from."),
    FieldOption("external-ref", "external_ref", "Its number there; the same one again is the same case."),
    FieldOption("call-id", "call_id", "The call that it came by, by the exchange's own id."),
    FieldOption("repeat-of", "repeat_of", "The case that this one repeats."),
    FieldOption("model", "product.model", "The product."),
    FieldOption("serial-no", "product.serial_no", "Its serial number."),
    FieldOption("order-no", "product.order_no", "The order's number."),
    FieldOption("part-no", "product.part_no", "The part's number."),
    FieldOption("batch", "product.batch", "The batch."),
    FieldOption("shipped-on", "product.shipped_on", "The day it was handed to the carrier, YYYY-MM-DD."),
    FieldOption("purchased-on", "product.purchased_on", "The day it was bought, YYYY-MM-DD."),
    FieldOption("produced-on", "product.produced_on", "The day it was made, YYYY-MM-DD."),
    FieldOption("quantity", "product.quantity", "How many were delivered."),
    FieldOption("defective-quantity", "product.defective_quantity", "How many of them are defective."),
    FieldOption("authority", "authority.name", "The authority that passed it on."),
    FieldOption("authority-reference", "authority.reference", "The authority's number for it."),
    FieldOption("authority-reply-due", "authority.reply_due_at", "When the authority wants its answer, with offset."),
    FieldOption("mode", "mode", "live or history; live unless said."),
)

ASKED = ("kind", "channel", "subject", "description", "customer.name", "customer.phone")
"""What a clerk may be asked for on a terminal, in the order of a call."""

OPTIONS = {option.field: f"--{option.option}" for option in REGISTRATION}
"""The option of each field."""
