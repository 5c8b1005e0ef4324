"""Random weights under which a network finds many boxes: activations stay of order one.

Runs only in the reference environment.
"""

import re
from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn


def fill(model: nn.Module, seed: int, added: str) -> None:
    """Fill all weights with random numbers.

    `added`: pattern of the names of normalizations whose output is added to a layer. It stays small compared with
    that layer; otherwise depth would amplify rounding so much that no two programs agree.
    """
    chance = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, module in model.named_modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                module.weight.normal_(0, (1.8 / module.weight[0].numel()) ** 0.5, generator=chance)
                if module.bias is not None:
                    module.bias.normal_(0, 0.1, generator=chance)
            elif isinstance(module, nn.BatchNorm2d):
                assert module.running_mean is not None
                assert module.running_var is not None
                module.weight.uniform_(0.6, 1.4, generator=chance).mul_(0.3 if re.search(added, name) else 1)
                module.bias.normal_(0, 0.2, generator=chance)
                module.running_mean.uniform_(-0.4, 0.4, generator=chance)
                module.running_var.uniform_(0.6, 1.4, generator=chance)


def spread(outputs: Mapping[nn.Module, tuple[Sequence[float], Sequence[float]]], run: Callable[[], object]) -> None:
    """Scale modules in turn so that their outputs have these means and deviations per channel."""
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
