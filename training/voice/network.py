"""The network: log-mel of 1.2 s → a layer of 64 numbers → probabilities."""

import torch
from torch import nn

EMBEDDING = 64


class Residual(nn.Module):
    def __init__(self, channels: int, dilation: int):
        super().__init__()
        self.conv = nn.Conv1d(channels, channels, 3, padding=dilation, dilation=dilation, bias=False)
        self.norm = nn.BatchNorm1d(channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + torch.relu(self.norm(self.conv(x)))


class KeywordNetwork(nn.Module):
    """
    Each band loses its mean over the window: level and the colour of the microphone are gone. Three strided convolutions
    over time and bands, three dilated ones over time (30 steps), mean and maximum over time, one hidden layer.
    """

    def __init__(self, classes: int, widths: tuple[int, int, int] = (20, 32, 40), channels: int = 64):
        super().__init__()
        a, b, c = widths
        self.picture = nn.Sequential(
            nn.Conv2d(1, a, 5, stride=(2, 2), padding=2, bias=False), nn.BatchNorm2d(a), nn.ReLU(),
            nn.Conv2d(a, b, 3, stride=(2, 2), padding=1, bias=False), nn.BatchNorm2d(b), nn.ReLU(),
            nn.Conv2d(b, c, 3, stride=(1, 2), padding=1, bias=False), nn.BatchNorm2d(c), nn.ReLU(),
        )  # fmt: skip
        self.narrow = nn.Sequential(nn.Conv1d(c * 5, channels, 1, bias=False), nn.BatchNorm1d(channels), nn.ReLU())
        self.time = nn.Sequential(*(Residual(channels, dilation) for dilation in (1, 2, 4)))
        self.hidden = nn.Linear(2 * channels, EMBEDDING)
        self.drop = nn.Dropout(0.15)
        self.classes = nn.Linear(EMBEDDING, classes)

    def embed(self, log_mel: torch.Tensor) -> torch.Tensor:
        """@param log_mel [N, 120, 40] @returns [N, 64], none below 0"""
        x = (log_mel - log_mel.mean(dim=1, keepdim=True)) * 0.4
        x = self.picture(x.unsqueeze(1))
        x = self.narrow(x.permute(0, 1, 3, 2).flatten(1, 2))
        x = self.time(x)
        return torch.relu(self.hidden(torch.cat([x.mean(dim=2), x.amax(dim=2)], dim=1)))

    def forward(self, log_mel: torch.Tensor) -> torch.Tensor:
        """@returns logits [N, classes]"""
        return self.classes(self.drop(self.embed(log_mel)))
