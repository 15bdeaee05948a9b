"""The notebooks as slides: ``python -m classroom slides``, or ``make slides``.

cells.py decides what of a notebook is shown and what is said beside it, deck.py makes
one HTML file of it, and beside.py fetches and lays out what that file needs: reveal.js,
MathJax and the fonts, whose versions npm/ pins, and the course's own files in beside/.
"""
