"""The operator's own command for a crawl that failed or drifted."""

import logging
import os
import subprocess
import sys
from pathlib import Path

from yaowen.schedule.process import Ended

logger = logging.getLogger(__name__)

_PATIENCE = 60.0
"""Seconds that the command may take; the next crawl waits for it."""


def tell(command: str, ended: Ended, archive: Path) -> None:
    """Run ``on_alarm`` with the facts in its environment and a sentence as its input; log if that failed."""
    facts = {
        "YAOWEN_CRAWL": ended.name,
        "YAOWEN_EXIT_CODE": str(ended.exit_code),
        "YAOWEN_ARCHIVE": str(archive.absolute()),
        "YAOWEN_CRAWL_ID": str(ended.crawl_id or ""),
    }
    try:
        # No pipe but for the input: what a child of the command holds open must not hold up the schedule.
        finished = subprocess.run(  # noqa: S603 - the operator's own words, from the plan
            ["/bin/sh", "-c", command],
            env=os.environ | facts,
            input=f"{ended}\n",
            text=True,
            stdout=sys.stderr,
            timeout=_PATIENCE,
            process_group=0,
            check=False,
        )
    except subprocess.TimeoutExpired:
        logger.error("%s: on_alarm was ended after %.0f s", ended.name, _PATIENCE)
        return
    if finished.returncode:
        logger.error("%s: on_alarm ended with %s: %s", ended.name, finished.returncode, command)
    else:
        logger.info("%s: on_alarm was run", ended.name)
