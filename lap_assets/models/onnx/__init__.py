"""Detectors in ONNX files, run by onnxruntime: any YOLO (`onnx:FILE`), and deepghs' by name.

Belongs here: reading a file's metadata, letterboxing, decoding a YOLO's output, suppression. Only a file's operators
are run; onnxruntime is imported inside the functions that use it.
"""
