"""RoIAlign (He et al. 2017, arXiv 1703.06870): torchvision's compiled operator if it loads, else in pure torch.

Bilinear sampling, averaging over a bin's samples and dropping samples outside the map are all separable into rows and
columns. So the pooled values of a box are `rows @ map @ columns.T`, with two small matrices for each box; only the part
of the map under the box is read.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def roi_align(
    features: "Tensor",
    rois: "Tensor",
    output_size: tuple[int, int],
    spatial_scale: float = 1.0,
    sampling_ratio: int = 0,
    aligned: bool = False,
) -> "Tensor":
    """Return the pooled features of each box: (n, channels, height, width), as `torchvision.ops.roi_align` to rounding.

    Args:
        features: (pictures, channels, h, w).
        rois: (n, 5): index of the picture, and x0 y0 x1 y1 in px of the input.
        output_size: number of bins: height and width.
        spatial_scale: cells of the map per px of the input.
        sampling_ratio: samples per side of a bin; 0: as many as the bin has cells, rounded up.
        aligned: shift by half a cell, and allow boxes smaller than a cell (correct; False is the older way).
    """
    from lap_assets.models.compat import ready_torchvision

    if ready_torchvision():
        from torchvision.ops import roi_align as native  # type: ignore[import-untyped]

        pooled: Tensor = native(features, rois, output_size, spatial_scale, sampling_ratio, aligned)
        return pooled
    return separable_roi_align(features, rois, output_size, spatial_scale, sampling_ratio, aligned)


def separable_roi_align(
    features: "Tensor",
    rois: "Tensor",
    output_size: tuple[int, int],
    spatial_scale: float,
    sampling_ratio: int,
    aligned: bool,
) -> "Tensor":
    """`roi_align` in pure torch."""
    import torch

    boxes = rois[:, 1:].float() * spatial_scale - (0.5 if aligned else 0.0)
    least = float("-inf") if aligned else 1.0
    rows = _weights(boxes[:, 1::2], features.shape[2], output_size[0], sampling_ratio, least)
    columns = _weights(boxes[:, 0::2], features.shape[3], output_size[1], sampling_ratio, least)
    spans = torch.stack((*_span(rows), *_span(columns), rois[:, 0].long()), dim=1).tolist()
    maps = features.permute(0, 2, 3, 1).contiguous()  # channels last: both products are over long rows
    rows, columns = rows.to(maps.dtype), columns.to(maps.dtype)
    pooled = maps.new_zeros(len(rois), *output_size, maps.shape[3])
    for index, (top, bottom, left, right, picture) in enumerate(spans):
        part = maps[picture, top:bottom, left:right]
        if part.numel():
            bands = torch.tensordot(rows[index, :, top:bottom], part, dims=1)
            pooled[index] = columns[index, :, left:right] @ bands
    return pooled.permute(0, 3, 1, 2)


def _weights(sides: "Tensor", cells: int, bins: int, sampling_ratio: int, least: float) -> "Tensor":
    """Return the weight of each cell of an axis in each bin: (n, bins, cells).

    `sides`: (n, 2), begin and end of each box on this axis, in cells; `least`: the minimum length of a box, in cells.
    """
    import torch

    begin, length = sides[:, 0], (sides[:, 1] - sides[:, 0]).clamp(min=least)
    step = length / bins
    samples = torch.full_like(step, sampling_ratio) if sampling_ratio > 0 else step.ceil().clamp(min=0)
    most = int(samples.max().item()) if len(samples) else 0
    sample = torch.arange(most, device=sides.device, dtype=step.dtype)
    first = begin[:, None] + torch.arange(bins, device=sides.device, dtype=step.dtype) * step[:, None]
    per_sample = (1 / samples.clamp(min=1))[:, None, None]
    at = first[:, :, None] + (sample + 0.5) * step[:, None, None] * per_sample
    counts = (sample < samples[:, None, None]) & (at >= -1) & (at <= cells)
    at = at.clamp(0, cells - 1)
    low = at.floor()
    far = (at - low) * per_sample * counts
    near = per_sample * counts - far
    weights = at.new_zeros(len(sides), bins, cells)
    weights.scatter_add_(2, low.long(), near)
    return weights.scatter_add_(2, (low.long() + 1).clamp(max=cells - 1), far)


def _span(weights: "Tensor") -> tuple["Tensor", "Tensor"]:
    """Return the first and one past the last cell with a weight for each box; 0 and 0 if there is none."""
    import torch

    used = (weights != 0).any(dim=1).long()
    some = used.any(dim=1).long()
    cells = torch.tensor(used.shape[1], device=used.device)
    return used.argmax(dim=1) * some, (cells - used.flip(1).argmax(dim=1)) * some
