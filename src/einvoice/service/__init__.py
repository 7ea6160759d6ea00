# SPDX-License-Identifier: Apache-2.0
"""Use cases: what a user wants done, put together from the rooms below. The only place where adapters meet."""
