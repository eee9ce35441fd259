"""Tests of the SDK under ordinary CPython: `python -m unittest` in the folder above."""
