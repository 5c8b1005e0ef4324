"""Detectors in ONNX files, run by onnxruntime: any YOLO (`onnx:FILE`), and deepghs' by name.

Belongs here: what a file says of itself, letterboxing, reading a YOLO's output, suppression. Nothing of a file is run
but its operators; onnxruntime is imported inside the functions that use it.
"""
