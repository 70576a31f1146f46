import type { Client, Row } from "./row.ts";

export type Outcome = { works: true } | { works: false; why: string };

const head = `# Coming from another client

Programs that were written for these clients' own services talk to Signalbox with a new address and key,
and nothing else changed. A test of this repository sends, for each row, what the client sends and reads
what it reads; this page is what those tests found (\`npm run compatibility -- --update\` writes it).
Rows marked ✓ in the last column are also run with the published package itself (\`npm run test:clients\`).

**works**: as the client documents it. **partly**: with the difference named beside it. **not**: Signalbox has no such thing.
`;

/** The page that the results make. */
export function compatibilityPage(
  clients: Client[],
  outcomeOf: (client: Client, row: Row) => Outcome,
  isRunWithPackage: (client: Client, row: Row) => boolean,
): string {
  const sections = clients.map((client) => {
    const rows = client.rows.map((row) => {
      const outcome = outcomeOf(client, row);
      const verdict = !outcome.works ? "not" : row.partly ? "partly" : "works";
      const why = outcome.works ? (row.partly ?? "") : outcome.why;
      const ticked = isRunWithPackage(client, row) ? "✓" : "";
      return `| ${[code(row.method), verdict, why, requests(row.request), ticked].join(" | ")} |`;
    });
    return [
      `## ${client.name}, ${client.version}`,
      "",
      `Point it here with ${client.setup}.`,
      "",
      "| call | | what differs | requests | with the package |",
      "|---|---|---|---|---|",
      ...rows,
      "",
    ].join("\n");
  });
  return [head, ...sections].join("\n");
}

/** Names of code in code; descriptions as they are. */
function code(method: string): string {
  return /^[\w.]+(, [\w.]+)*$/.test(method) ? `\`${method}\`` : method;
}

function requests(text: string): string {
  return text.replaceAll(/(?:[A-Z]+ \/|…\/)\S*[^\s,]/g, (found) => `\`${found}\``);
}
