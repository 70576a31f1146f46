from __future__ import annotations

import types
import unittest

from signalbox.integrations.learning_rate import ScheduleScale, scale_learning_rate

try:
    import torch
except ImportError:
    torch = None


def pair(lr=0.1, base=0.2):
    optimizer = types.SimpleNamespace(param_groups=[{"lr": lr, "initial_lr": base}, {"lr": lr / 2}])
    return optimizer, types.SimpleNamespace(base_lrs=[base, base / 2], _last_lr=[lr, lr / 2])


class ScaleTest(unittest.TestCase):
    def test_groups_keep_their_ratios_and_wrapped_schedulers_are_found(self):
        optimizer, inner = pair()
        scale_learning_rate(optimizer, types.SimpleNamespace(scheduler=inner), 3)
        self.assertAlmostEqual(optimizer.param_groups[1]["lr"], 0.15)
        self.assertAlmostEqual(inner.base_lrs[1], 0.3)

    def test_applying_it_again_after_a_resume_is_correct_with_and_without_base_rates_from_the_checkpoint(self):
        optimizer, scheduler = pair()
        first = ScheduleScale(optimizer, scheduler)
        first.set(0.05)
        self.assertAlmostEqual(scheduler.base_lrs[0], 0.1)
        kept = first.as_remembered()
        for base in (0.2, 0.1):
            optimizer, scheduler = pair(base / 2, base)
            again = ScheduleScale(optimizer, scheduler, kept)
            self.assertAlmostEqual(scheduler.base_lrs[0], 0.1)
            self.assertAlmostEqual(optimizer.param_groups[0]["lr"], 0.05)
            again.set(0.1)
            self.assertAlmostEqual(again.scale, 1.0)

    def test_a_schedule_at_zero_is_rejected(self):
        optimizer, scheduler = pair(lr=0)
        with self.assertRaisesRegex(ValueError, "is 0"):
            ScheduleScale(optimizer, scheduler).set(0.1)

    @unittest.skipIf(torch is None, "torch is not installed")
    def test_every_scheduler_of_torch_continues_in_proportion(self):
        schedulers = torch.optim.lr_scheduler
        make = {
            "lambda": lambda o: schedulers.LambdaLR(o, lambda step: 1 - step / 40),
            "cosine": lambda o: schedulers.CosineAnnealingLR(o, 40),
            "step": lambda o: schedulers.StepLR(o, 7),
            "one cycle": lambda o: schedulers.OneCycleLR(o, 0.1, 40),
            "sequence": lambda o: schedulers.SequentialLR(
                o, [schedulers.LinearLR(o, 0.1, 1, 5), schedulers.CosineAnnealingLR(o, 35)], [5]
            ),
        }
        for name, build in make.items():
            with self.subTest(name):
                plain, changed = self.rates(build, None), self.rates(build, 12)
                for step in range(40):
                    factor = 1 if step < 12 else 0.004 / plain[12]
                    self.assertAlmostEqual(changed[step], plain[step] * factor, 9, f"step {step}")

    def rates(self, build, change_at):
        import warnings

        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            scheduler = build(optimizer)
            scale, rates = ScheduleScale(optimizer, scheduler), []
            for step in range(40):
                if step == change_at:
                    scale.set(0.004)
                rates.append(optimizer.param_groups[0]["lr"])
                optimizer.step()
                scheduler.step()
        return rates


if __name__ == "__main__":
    unittest.main()
