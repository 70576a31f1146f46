/** How a script of one's own reports to this server, in a shell and in Python. */
export function attachSnippets(origin: string) {
  const curl = `# 1. Attach a run; keep the job_token from the answer
curl ${origin}/api/training/local/jobs \\
  -H "X-API-Key: $SIGNALBOX_API_KEY" -H "Content-Type: application/json" \\
  -d '{"job_id": "my-run", "status": "running", "total_steps": 1000}'

# 2. Send points as training goes
curl ${origin}/api/training/local/metrics \\
  -H "Authorization: Bearer $JOB_TOKEN" -H "Content-Type: application/json" \\
  -d '{"job_id": "my-run", "metrics": [{"step": 1, "train/loss": 2.31}]}'`;

  const python = `import json, os, urllib.request

def post(path, body, token):
    request = urllib.request.Request("${origin}" + path, json.dumps(body).encode(), {
        "Authorization": f"Bearer {token}", "Content-Type": "application/json"})
    return json.load(urllib.request.urlopen(request))

run = post("/api/training/local/jobs",
           {"job_id": "my-run", "status": "running", "total_steps": 1000},
           os.environ["SIGNALBOX_API_KEY"])
for step in range(1000):
    loss = train_step()
    post("/api/training/local/metrics",
         {"job_id": "my-run", "metrics": [{"step": step, "train/loss": loss}]},
         run["job_token"])
post("/api/training/local/my-run/status", {"status": "succeeded"}, run["job_token"])`;
  return { curl, python };
}
