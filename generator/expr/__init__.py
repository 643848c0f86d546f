"""The expression tree and what is done with it: one file for each noun or verb."""
