/** The programs of browsers that open network connections, by their file names. */
const browsers =
  /^(chrom(e|ium)|chromium-browser|google-chrome|headless_shell|chrome-headless-shell|msedge|brave|vivaldi-bin|opera|thorium|helium|firefox(-bin|-esr)?|librewolf|waterfox(-bin)?|floorp|zen(-bin)?|WebKitNetworkProcess|WPENetworkProcess|epiphany|falkon|konqueror|QtWebEngineProcess|qutebrowser|ladybird|RequestServer)$/;

/**
 * Whether a program's file name is a browser's. This tells the owner's browser from the owner's
 * forwarders (ssh, nginx, socat); it is no defence against the owner's own programs, which can read
 * the password's file anyway.
 */
export function isBrowser(program: string): boolean {
  return browsers.test(program);
}
