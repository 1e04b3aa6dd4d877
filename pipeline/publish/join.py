"""Small batches become one.

Belongs here: which batches are small, and writing what they hold as the results of one. Does not belong here: planning
batches (state/batches.py), how results are written (written.py).

A reader that runs every night makes a batch of a few reports every night, and every build looks at all batches. So as soon
as there are many small ones, the next build writes their results into one, without reading a report again. Until that build
is published the current one has them as they were; afterwards nothing needs them, and they are removed as any such batch.
"""

import hashlib
import shutil
from pathlib import Path

import pyarrow as pa

from pipeline.publish.merge import UnreadableError
from pipeline.state.batches import batch_folder, unpublished
from pipeline.state.folders import RESULTS
from pipeline.state.manifest import Manifest
from pipeline.state.results import has_results, results_name
from pipeline.written import replace_results, writing

MANY = 24
"""So many small batches are joined."""
SMALL = 500
"""A batch that holds the results of fewer contents is small."""
PREFIX = "joined-"


def join_small_batches(out: Path, manifest: Manifest) -> bool:
    """Joins the small batches of a new build, if there are many; returns whether. Each content is taken from the batch that
    the manifest names, so what was read again since is there once.

    Raises UnreadableError if results cannot be read.
    """
    held = manifest.contents_by_batch()
    small = [batch for batch, file_ids in held.items() if len(file_ids) < SMALL]
    if len(small) < MANY:
        return False
    small = [batch for batch in small if has_results(batch_folder(out, batch))]
    if len(small) < 2:
        return False
    names = "\n".join(f"{batch} {results_name(batch_folder(out, batch))}" for batch in small)
    joined = PREFIX + hashlib.sha256(names.encode()).hexdigest()[:16]
    folder = batch_folder(out, joined)
    for left_over in unpublished(out):  # joined by a build that was never published
        if left_over.name.startswith(PREFIX) and left_over.name != joined:
            shutil.rmtree(left_over, ignore_errors=True)
    if not has_results(folder):
        temporary = folder / f"{RESULTS}.new"
        shutil.rmtree(folder, ignore_errors=True)
        with writing(temporary) as results:
            for batch in small:
                part = batch_folder(out, batch) / RESULTS
                try:
                    results.add_part(part, pa.array(held[batch], pa.string()))
                except (OSError, pa.ArrowException) as error:
                    raise UnreadableError(f"{part}: {error}") from None
        replace_results(folder, temporary)
    manifest.join_batches(small, joined, results_name(folder))
    return True
