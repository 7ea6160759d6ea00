# SPDX-License-Identifier: Apache-2.0
"""The ways out of the house and back in: Peppol's AS4, e-mail, folders, and the access points of others.

Only this room opens sockets. It moves bytes and proves what became of them; what an invoice says is decided above.
Everything here needs the extra ``transport``.
"""
