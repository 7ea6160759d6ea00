# SPDX-License-Identifier: Apache-2.0
"""Access points that somebody else runs: one module per provider, and what they share.

Each adapter is written from the provider's published description, which its module names with a date. Nothing is
repeated inside of an adapter: when to try again, and whether, is for the courier to decide.
"""
