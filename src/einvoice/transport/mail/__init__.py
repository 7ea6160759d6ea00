# SPDX-License-Identifier: Apache-2.0
"""Invoices by e-mail: one message, one invoice, one machine-readable attachment.

Source: RFC 5322, 2045-2049, 2231, 3461-3464 (delivery status), 5321 (SMTP), 3501 (IMAP), 8551 (S/MIME).
"""
