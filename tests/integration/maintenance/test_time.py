"""What time does: slots become orders, orders fall due, each thing once, whatever outage lies between (MA-3, MA-6)."""


from tests.integration.maintenance.workshop import Workshop, shorts


def test_an_order_is_planned_ahead_and_falls_due_and_is_missed(workshop: Workshop) -> None:
    workshop.planned_line("2026-01-31")
    said = workshop.forward("2026-03-02 18:00")
    assert [each for each in shorts(said) if each[1] == "W1-0"] == [
        ("order.planned", "W1-0", "2026-01-17 00:00"),
        ("order.due_soon", "W1-0", "2026-01-30 09:00"),
        ("order.due", "W1-0", "2026-02-02 09:00"),
        ("order.overdue", "W1-0", "2026-02-02 18:00"),
        ("order.missed", "W1-0", "2026-02-28 09:00"),
    ]
