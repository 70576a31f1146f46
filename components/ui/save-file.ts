/** Downloads a file. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads the URL after this task.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** A file name that is valid on every system. */
export function fileName(parts: readonly string[], ending: string): string {
  return `${parts.join("_").replace(/[^\p{L}\p{N}._-]+/gu, "-")}.${ending}`;
}
