# SPDX-License-Identifier: Apache-2.0
"""einvoice: e-invoices by EN 16931, read, written, checked and converted."""
