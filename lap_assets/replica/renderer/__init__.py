"""The posters' pictures: `scene` decides what is where, `picture` draws it and knows the boxes."""
