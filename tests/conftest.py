"""What has to be so in every test process before anything else runs."""

import atexit
import os
import tempfile

# A student's real progress is never touched. Kernels that tests start inherit this.
_data = tempfile.TemporaryDirectory(prefix="course-data-")
atexit.register(_data.cleanup)
os.environ["COURSE_DATA"] = _data.name
