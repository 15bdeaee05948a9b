"""Lesson 08's cats and dogs, and how they are drawn: no lesson needs this to run."""
