# SPDX-License-Identifier: Apache-2.0
"""The proofs: the same tree as the package, and folders for proofs that span rooms."""
