export { isSettled } from "@signalbox/protocol/job/command-status";
export {
  fromWireNumber as fromWire,
  toJson,
  type WireNumber,
} from "@signalbox/protocol/wire/wire-number";
export { type ClientOptions, SignalboxClient } from "./client.ts";
export * from "./errors.ts";
export { BufferedHandler, type BufferedHandlerOptions } from "./handlers/buffered-handler.ts";
export { CallbackHandler, type Callbacks, type MessageData } from "./handlers/callback-handler.ts";
export { CLIHandler } from "./handlers/cli-handler.ts";
export { type MessageHandler, StreamHandler } from "./handlers/handler.ts";
export type { HandlerErrorSink } from "./handlers/handler-group.ts";
export { JSONHandler, type JSONHandlerOptions } from "./handlers/json-handler.ts";
export type { Output } from "./handlers/output.ts";
export { RichHandler, type RichHandlerOptions } from "./handlers/rich-handler.ts";
export type { CallOptions, RequestOptions } from "./http.ts";
export { JobHandle, type PollOptions } from "./job-handle.ts";
export type { CommandOptions } from "./resources/control.ts";
export { type ResolvedSettings, resolveSettings, type Settings } from "./settings.ts";
export { StreamConfig, type StreamConfigInput, type StreamPreset } from "./stream/config.ts";
export { decodeRow } from "./stream/decode.ts";
export type { Transport } from "./stream/follow-rows.ts";
export { JobStreamer } from "./stream/job-streamer.ts";
export type { JobStreamerOptions } from "./stream/job-streamer-options.ts";
export * from "./stream/message.ts";
export type { Cursor } from "./stream/rows.ts";
export { StreamMessage } from "./stream/stream-message.ts";
export * from "./types.ts";
