"""What each `lap` command does, a file a command. `lap_assets.cli` reads their arguments."""
