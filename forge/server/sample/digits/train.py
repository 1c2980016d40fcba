"""Trains a network of one hidden layer to read digits, and says honestly how well it does on unseen ones."""

import argparse
import json
import math
import os
import random
import time

from digits import SIZE, make


class Network:
    """tanh between the image and the hidden layer, softmax between that and the ten digits."""

    def __init__(self, hidden, chance):
        inputs = SIZE * SIZE
        self.first = [[chance.gauss(0, inputs ** -0.5) for _ in range(inputs)] for _ in range(hidden)]
        self.first_bias = [0.0] * hidden
        self.second = [[chance.gauss(0, hidden ** -0.5) for _ in range(hidden)] for _ in range(10)]
        self.second_bias = [0.0] * 10

    def forward(self, image):
        hidden = [
            math.tanh(bias + sum(w * x for w, x in zip(weights, image)))
            for weights, bias in zip(self.first, self.first_bias)
        ]
        scores = [bias + sum(w * h for w, h in zip(weights, hidden)) for weights, bias in zip(self.second, self.second_bias)]
        highest = max(scores)
        powers = [math.exp(score - highest) for score in scores]
        total = sum(powers)
        return hidden, [power / total for power in powers]

    def learn(self, image, digit, rate):
        """One step against the gradient of the cross-entropy. Gives the loss before the step."""
        hidden, chances = self.forward(image)
        errors = [chance - (1.0 if place == digit else 0.0) for place, chance in enumerate(chances)]
        back = [sum(errors[k] * self.second[k][j] for k in range(10)) for j in range(len(hidden))]
        for k, error in enumerate(errors):
            step = rate * error
            self.second[k] = [w - step * h for w, h in zip(self.second[k], hidden)]
            self.second_bias[k] -= step
        for j, h in enumerate(hidden):
            step = rate * back[j] * (1.0 - h * h)
            self.first[j] = [w - step * x for w, x in zip(self.first[j], image)]
            self.first_bias[j] -= step
        return -math.log(max(chances[digit], 1e-12))

    def read(self, image):
        chances = self.forward(image)[1]
        return chances.index(max(chances))

    def accuracy(self, pairs):
        return sum(self.read(image) == digit for image, digit in pairs) / len(pairs)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--hidden", type=int, default=24)
    parser.add_argument("--rate", type=float, default=0.05)
    parser.add_argument("--images", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    choice = parser.parse_args()

    output = os.environ.get("LOCAL_OUTPUT_PATH", "output")
    os.makedirs(output, exist_ok=True)
    train, test = make(choice.images, seed=choice.seed), make(500, seed=choice.seed + 1_000_003)
    print(f"{len(train)} images to learn from, {len(test)} unseen ones to be judged by", flush=True)

    chance = random.Random(choice.seed)
    network, began = Network(choice.hidden, chance), time.monotonic()
    for epoch in range(1, choice.epochs + 1):
        chance.shuffle(train)
        loss = sum(network.learn(image, digit, choice.rate) for image, digit in train) / len(train)
        print(f"epoch={epoch} loss={loss:.4f} accuracy={network.accuracy(test):.4f}", flush=True)

    weights = {name: getattr(network, name) for name in ("first", "first_bias", "second", "second_bias")}
    with open(os.path.join(output, "model.json"), "w", encoding="utf-8") as file:
        json.dump({"kind": "tanh-softmax", "size": SIZE, "hidden": choice.hidden, "weights": weights}, file)
    print(f"trained in {time.monotonic() - began:.1f} s; model.json written", flush=True)


if __name__ == "__main__":
    main()
