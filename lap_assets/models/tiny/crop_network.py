"""The network that tells the class of a face or head from its crop. Imported lazily: torch stands at the top."""

from typing import Final

from torch import Tensor, nn

WIDTHS: Final = (24, 48, 96, 144)


def _halving(before: int, after: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU(inplace=True),
        nn.Conv2d(after, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU(inplace=True),
    )  # fmt: skip


class CropNetwork(nn.Module):
    """Crops (n, 3, SIDE, SIDE) in -0.5 … 0.5 to one number a class, shape (n, classes)."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        befores = (3, *WIDTHS[:-1])
        self.trunk = nn.Sequential(*(_halving(before, after) for before, after in zip(befores, WIDTHS, strict=True)))
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(WIDTHS[-1], classes)

    def forward(self, crops: Tensor) -> Tensor:
        """The numbers whose softmax are probabilities."""
        pooled = self.trunk(crops).mean(dim=(2, 3))
        scores: Tensor = self.head(self.drop(pooled))
        return scores
