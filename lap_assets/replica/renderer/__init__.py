"""Pictures of the posters: `scene` decides the composition, `picture` draws it and computes the boxes."""
