"""Small worlds of subjects for the tests of reports/: matrices as read_subjects gives them."""

import numpy as np
import pyarrow as pa
from scipy import sparse

from data.schema import CUSTOMERS, MEMBERS, ORDERS
from reports.facts.subjects import Subjects, read_subjects
from reports.facts.worth import read_worth

LENGTHS = (60, 400)


def subjects_of(complains, praises=None, issues=None):
    """Make Subjects of 0/1 matrices (n, k)."""
    complains = np.asarray(complains, dtype=float)
    praises = np.zeros_like(complains) if praises is None else np.asarray(praises, dtype=float)
    n, k = complains.shape
    return Subjects(
        tuple(issues or [f"category:c{i:02}" for i in range(k)]),
        sparse.csr_array(np.maximum(complains, praises)),
        sparse.csr_array(complains),
        sparse.csr_array(praises),
        sparse.csr_array(np.maximum(complains, praises)),
        np.arange(n),
        np.arange(n),
        pa.array([f"f{i}" for i in range(n)]),
    )


def read(documents, aspects, members=None):
    """Read subjects of tables."""
    return read_subjects(documents, aspects, members or MEMBERS.empty(), example_length=LENGTHS)


def worth_of(documents, orders=None, customers=None):
    """Join worth to documents."""
    return read_worth(documents, orders or ORDERS.empty(), customers or CUSTOMERS.empty())
