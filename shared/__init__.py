"""What the services share: see `deploy` and the decision records for why each room exists."""
