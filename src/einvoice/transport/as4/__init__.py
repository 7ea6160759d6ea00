# SPDX-License-Identifier: Apache-2.0
"""One message of AS4 as Peppol profiles it: sealed, opened, acknowledged and judged.

Source: OASIS ebMS 3.0 and AS4 1.0, CEF eDelivery AS4 1.14, Peppol AS4 2.0.3. One user message with one attachment,
gzipped, signed with RSA-SHA256 and encrypted with AES128-GCM under RSA-OAEP; the answer is a signed receipt or an
error.
Nothing here opens a socket or keeps a state: bytes in, bytes out.
"""
