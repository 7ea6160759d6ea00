# SPDX-License-Identifier: Apache-2.0
"""The official engine: a publisher's own compiled Schematron, run by SaxonC behind locks.

:mod:`einvoice.official.library` finds artefacts, :mod:`einvoice.official.engine` runs them.
"""
