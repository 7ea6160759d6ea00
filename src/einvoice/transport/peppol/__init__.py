# SPDX-License-Identifier: Apache-2.0
"""Peppol's network: identifiers, lookup of a receiver, and the envelope that a document travels in.

Source: OpenPeppol, Policy for use of identifiers 4.4.0, SML 1.3.0, SMP 1.4.0, Business Message Envelope 2.0.2.
"""
