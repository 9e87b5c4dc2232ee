"""Whether it is this process that has run out of something, and not the portal that failed."""

import errno
import os

SHORT_ERRNOS = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS})


def out_of_files() -> bool:
    """Try to open one more file: libraries report the lack of one as all sorts of things, a failed name look-up too."""
    try:
        os.close(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))
    except OSError as error:
        return error.errno in SHORT_ERRNOS
    return False
