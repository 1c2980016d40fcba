"""Reads fresh digits with a trained model: `python3 predict.py --model=output/model.json`."""

import argparse
import json
import random

from digits import make, show
from train import Network


def load(path):
    with open(path, encoding="utf-8") as file:
        saved = json.load(file)
    network = Network(saved["hidden"], random.Random(0))
    for name, value in saved["weights"].items():
        setattr(network, name, value)
    return network


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default="output/model.json")
    parser.add_argument("--seed", type=int, default=42)
    choice = parser.parse_args()
    network = load(choice.model)
    for image, digit in make(10, choice.seed):
        print(show(image))
        print(f"this is a {digit}, read as {network.read(image)}\n")


if __name__ == "__main__":
    main()
