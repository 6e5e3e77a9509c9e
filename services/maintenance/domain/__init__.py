"""The rules of maintenance: grids, checklists, what becomes of each slot, what may happen to an order. Pure."""
