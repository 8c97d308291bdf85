"""Give an agent a phone and a goal; get back answers it can prove."""

__version__ = "0.1.0"
