"""The doors of intake on nameko: one for each duty; `service.py` is the house."""
