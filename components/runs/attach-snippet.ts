/** How a script of one's own reports to this server, in a shell and in Python. */
export function attachSnippets(origin: string) {
  const curl = `# 1. Attach a run; the answer holds its job_token
curl ${origin}/api/training/local/jobs \\
  -H "X-API-Key: $SIGNALBOX_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"job_id": "my-run", "status": "running"}'

# 2. Send points as training goes
curl ${origin}/api/training/local/metrics \\
  -H "Authorization: Bearer $JOB_TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{"job_id": "my-run",
       "metrics": [{"step": 1, "train/loss": 2.31}]}'`;

  const python = `import json, os, urllib.request

def post(path, token, **body):
    request = urllib.request.Request(
        "${origin}/api/training/local" + path,
        json.dumps({"job_id": "my-run", **body}).encode(),
        {"Authorization": f"Bearer {token}",
         "Content-Type": "application/json"})
    return json.load(urllib.request.urlopen(request))

key = os.environ["SIGNALBOX_API_KEY"]
token = post("/jobs", key, status="running")["job_token"]
for step in range(1000):
    point = {"step": step, "train/loss": train_step()}
    post("/metrics", token, metrics=[point])
post("/my-run/status", token, status="succeeded")`;
  return { curl, python };
}
