/** For files; a page's own policy is made for each reply, in `proxy.ts`. */
const filePolicy = "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

/** @type {import("next").NextConfig} */
const config = {
  // Compression would hold back server-sent events; a reverse proxy may compress pages if it likes.
  compress: false,
  poweredByHeader: false,
  transpilePackages: ["@signalbox/protocol"],
  distDir: process.env.SIGNALBOX_BUILD_DIR || ".next",
  // `npm test` checks types, of the tests too; who only starts a dashboard need not wait for it.
  typescript: { ignoreBuildErrors: true },
  async headers() {
    return [
      {
        source: "/:path*",
        headers: [
          { key: "X-Content-Type-Options", value: "nosniff" },
          { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
        ],
      },
      {
        // Not for the API, whose replies are no documents: Next keeps 8 kB for these headers with
        // every open stream.
        source: "/((?!api/).*)",
        headers: [
          { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
          { key: "X-Frame-Options", value: "DENY" },
          { key: "Referrer-Policy", value: "same-origin" },
        ],
      },
      {
        source: "/(_next/.*|sdk/.*|icon\\.svg|favicon\\.ico)",
        headers: [{ key: "Content-Security-Policy", value: filePolicy }],
      },
      {
        // Pages carry session cookies: no cache between here and the browser may keep one.
        source: "/((?!_next/|api/).*)",
        headers: [{ key: "Cache-Control", value: "private, no-cache, no-store, max-age=0" }],
      },
    ];
  },
};

export default config;
