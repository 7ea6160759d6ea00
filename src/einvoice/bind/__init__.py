# SPDX-License-Identifier: Apache-2.0
"""Syntax knowledge: how an invoice is written in UBL 2.1 and in UN/CEFACT CII, and how it is read back."""
