"""Training of lap-tiny and of detectors from people's labels: pictures, augmentations, training loops, label queues."""
