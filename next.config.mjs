const dev = process.env.NODE_ENV === "development";

/** Everything comes from this server; inline scripts are Next's own bootstrap. */
const contentSecurityPolicy = [
  "default-src 'self'",
  `script-src 'self' 'unsafe-inline'${dev ? " 'unsafe-eval'" : ""}`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  `connect-src 'self'${dev ? " ws:" : ""}`,
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "object-src 'none'",
].join("; ");

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
        headers: [{ key: "X-Content-Type-Options", value: "nosniff" }],
      },
      {
        // Not for the API, whose replies are no documents: Next keeps 8 kB for these headers with
        // every open stream.
        source: "/((?!api/).*)",
        headers: [
          { key: "Content-Security-Policy", value: contentSecurityPolicy },
          { key: "X-Frame-Options", value: "DENY" },
          { key: "Referrer-Policy", value: "same-origin" },
        ],
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
