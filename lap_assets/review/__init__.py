"""Help for reviewers: a probability for each undecided pair, groups of posters, one queue, and estimates.

Nothing here decides about a poster: people's verdicts only change the order of questions; the rules of
`lap_assets.duplicates` decide.
"""
