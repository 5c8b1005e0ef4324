"""What makes a person's time go far: a probability for each pair that awaits a decision, groups, one queue, estimates.

Nothing here decides about a poster: people's verdicts change the order of what is asked, the rules of
`lap_assets.duplicates` decide.
"""
