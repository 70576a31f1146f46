import { pythonPackagePath } from "@signalbox/protocol/service/sdk";

interface Snippet {
  title: string;
  code: string;
}

/** How a training script reports to this server: in Python, with Hugging Face, and with curl. */
export function attachSnippets(origin: string) {
  const install: Snippet = {
    title: "Once, in a terminal",
    code: `pip install ${origin}${pythonPackagePath}
export SIGNALBOX_URL=${origin}
export SIGNALBOX_API_KEY=sbx_…`,
  };
  const python = [
    install,
    {
      title: "In your script",
      code: `import signalbox

run = signalbox.init(name="my run", total_steps=1000)
for step in run.steps(range(1000)):  # pauses, resumes and stops here
    lr = run.param("learning_rate", 3e-4, min=0, max=1)
    run.log({"train/loss": train_step(lr)}, step=step)
run.finish()`,
    },
  ];
  const huggingFace = [
    install,
    {
      title: "In your script",
      code: `from signalbox.integrations.huggingface import SignalboxCallback
from transformers import Trainer

trainer = Trainer(
    model=model, args=args, train_dataset=dataset,
    callbacks=[SignalboxCallback()],
)
trainer.train()`,
    },
  ];
  const curl = [
    {
      title: "Attach a run; the response contains its job_token",
      code: `curl ${origin}/api/training/local/jobs \\
  -H "X-API-Key: $SIGNALBOX_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"job_id": "my-run", "status": "running"}'`,
    },
    {
      title: "Send metrics during training",
      code: `curl ${origin}/api/training/local/metrics \\
  -H "Authorization: Bearer $JOB_TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{"job_id": "my-run",
       "metrics": [{"step": 1, "train/loss": 2.31}]}'`,
    },
  ];
  return { python, huggingFace, curl };
}
