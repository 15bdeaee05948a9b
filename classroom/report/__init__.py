"""What a class got wrong: ``python -m classroom report SUBMISSIONS --out REPORT``.

Three steps, which meet in command.py:

- submissions.py finds what was handed in, and judge_file.py makes of each notebook a
  record (records.py). notebook_code.py says which code an answer needs, sandbox.py runs
  that in a process of its own (worker.py, within limits.py), wire.py brings back what
  the answer returned, and judging.py makes the verdict here, out of reach of that code.
- summary.py counts over a class; effort.py reads how long students were at it.
- pages.py and sheet.py write it down: HTML, and a table for spreadsheets.
"""
