"""Exams: a paper for every student, all different, equally hard, each with its key and worked solution.

``plan`` reads an exam and ``roster`` its students; ``issuing`` decides who is given what; ``variant`` derives
it; ``papers`` makes texts of it, ``marks`` what a marker wants; ``run`` is the pipeline, ``manifest`` its
memory.
"""
