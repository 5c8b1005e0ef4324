"""What each `lap` command does, one module per command. `lap_assets.cli` parses the arguments."""
