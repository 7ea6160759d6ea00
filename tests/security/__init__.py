# SPDX-License-Identifier: Apache-2.0
"""Hostile inputs, and what becomes of them."""
