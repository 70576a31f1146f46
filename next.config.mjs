/** @type {import("next").NextConfig} */
const config = {
  // Compression would hold back server-sent events; a reverse proxy may compress pages if it likes.
  compress: false,
  poweredByHeader: false,
  distDir: process.env.SIGNALBOX_BUILD_DIR || ".next",
};

export default config;
