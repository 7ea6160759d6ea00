# SPDX-License-Identifier: Apache-2.0
"""A network of one's own on one machine: authorities, a DNS server, a publisher of metadata.

It speaks the protocols of the real network and has its own roots, so that nothing made here is believed there.
"""
