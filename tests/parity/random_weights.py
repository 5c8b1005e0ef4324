"""Random weights under which a network finds many things: the numbers that flow stay of order one.

Runs in the reference environment alone.
"""

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn


def fill(model: nn.Module, seed: int) -> None:
    """Every weight anew."""
    chance = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                fan = module.weight[0].numel()
                module.weight.normal_(0, (2 / fan) ** 0.5, generator=chance)
                if module.bias is not None:
                    module.bias.normal_(0, 0.1, generator=chance)
            elif isinstance(module, nn.BatchNorm2d):
                module.weight.uniform_(0.5, 1.5, generator=chance)
                module.bias.normal_(0, 0.2, generator=chance)


def settle(model: nn.Module, run: Callable[[], object]) -> None:
    """Takes means and variances of all normalisations from what `run` shows the model."""
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    with torch.no_grad():
        run()
    model.eval()


def spread(outputs: Mapping[nn.Module, tuple[Sequence[float], Sequence[float]]], run: Callable[[], object]) -> None:
    """Scales modules so that what they give has these means and deviations, channel by channel, in turn."""
    seen: set[nn.Module] = set()

    def scaled(module: nn.Module, _: object, output: Tensor) -> Tensor:
        if module in seen:
            return output
        seen.add(module)
        mean, deviation = (torch.tensor(list(part)) for part in outputs[module])
        dims = [dim for dim in range(output.ndim) if dim != 1]
        factor = deviation / output.std(dim=dims)
        shift = mean - output.mean(dim=dims) * factor
        assert isinstance(module, nn.Conv2d | nn.Linear)
        module.weight.mul_(factor.view(-1, *[1] * (module.weight.ndim - 1)))
        assert module.bias is not None
        module.bias.mul_(factor).add_(shift)
        shape = [1, -1] + [1] * (output.ndim - 2)
        return output * factor.view(shape) + shift.view(shape)

    hooks = [module.register_forward_hook(scaled) for module in outputs]
    with torch.no_grad():
        run()
    for hook in hooks:
        hook.remove()
