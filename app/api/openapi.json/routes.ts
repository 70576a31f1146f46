import * as authConfirmation from "../auth/confirmation/route";
import * as authLinks from "../auth/links/route";
import * as authLinksUse from "../auth/links/use/route";
import * as authLocalOwner from "../auth/local-owner/route";
import * as authNewPassword from "../auth/new-password/route";
import * as authPasswordReset from "../auth/password-reset/route";
import * as authSession from "../auth/session/route";
import * as authSignIn from "../auth/sign-in/route";
import * as authSignOut from "../auth/sign-out/route";
import * as authSignUp from "../auth/sign-up/route";
import * as clientErrors from "../client-errors/route";
import * as health from "../health/route";
import * as learningJobsIdEvents from "../learning/jobs/[id]/events/route";
import * as learningJobsIdEventsStream from "../learning/jobs/[id]/events/stream/route";
import * as learningJobsIdMetrics from "../learning/jobs/[id]/metrics/route";
import * as learningJobsId from "../learning/jobs/[id]/route";
import * as learningJobsIdRows from "../learning/jobs/[id]/rows/route";
import * as learningJobsIdTimeline from "../learning/jobs/[id]/timeline/route";
import * as metrics from "../metrics/route";
import * as service from "../service/route";
import * as settingsApiKeysId from "../settings/api-keys/[id]/route";
import * as settingsApiKeys from "../settings/api-keys/route";
import * as settingsBackup from "../settings/backup/route";
import * as settingsRetention from "../settings/retention/route";
import * as trainingId from "../training/[id]/route";
import * as trainingCapabilities from "../training/capabilities/route";
import * as trainingJobsIdStream from "../training/jobs/[id]/stream/route";
import * as trainingJobsBulk from "../training/jobs/bulk/route";
import * as trainingJobsFacets from "../training/jobs/facets/route";
import * as trainingJobs from "../training/jobs/route";
import * as trainingJobsStream from "../training/jobs/stream/route";
import * as trainingLocalIdCommandsCidAck from "../training/local/[id]/commands/[cid]/ack/route";
import * as trainingLocalIdCommandsNext from "../training/local/[id]/commands/next/route";
import * as trainingLocalIdCommands from "../training/local/[id]/commands/route";
import * as trainingLocalIdControl from "../training/local/[id]/control/route";
import * as trainingLocalIdErrors from "../training/local/[id]/errors/route";
import * as trainingLocalIdEvents from "../training/local/[id]/events/route";
import * as trainingLocalIdHeartbeat from "../training/local/[id]/heartbeat/route";
import * as trainingLocalIdLogs from "../training/local/[id]/logs/route";
import * as trainingLocalIdMetrics from "../training/local/[id]/metrics/route";
import * as trainingLocalIdResume from "../training/local/[id]/resume/route";
import * as trainingLocalIdStatus from "../training/local/[id]/status/route";
import * as trainingLocalIdUpdateParams from "../training/local/[id]/update-params/route";
import * as trainingLocalJobs from "../training/local/jobs/route";
import * as trainingLocalMetrics from "../training/local/metrics/route";
import * as trainingLocalPredictions from "../training/local/predictions/route";
import * as trainingMetrics from "../training/metrics/route";
import * as trainingPredictionsIdEpochs from "../training/predictions/[id]/epochs/route";
import * as trainingPredictionsIdMap from "../training/predictions/[id]/map/route";
import * as trainingPredictionsId from "../training/predictions/[id]/route";
import * as trainingPredictionsIdSamplesSample from "../training/predictions/[id]/samples/[sample]/route";
import * as trainingPredictionsIdSamples from "../training/predictions/[id]/samples/route";
import * as trainingPredictionsIdStream from "../training/predictions/[id]/stream/route";
import * as trainingPredictionsIdTrends from "../training/predictions/[id]/trends/route";
import * as trainingQueue from "../training/queue/route";
import * as trainingStream from "../training/stream/route";
import * as trainingViewsId from "../training/views/[id]/route";
import * as trainingViews from "../training/views/route";
import * as usage from "../usage/route";

/** Every route of the API but the description itself; a test compares it with the folders. */
export const routes = {
  "/api/auth/confirmation": authConfirmation,
  "/api/auth/links": authLinks,
  "/api/auth/links/use": authLinksUse,
  "/api/auth/local-owner": authLocalOwner,
  "/api/auth/new-password": authNewPassword,
  "/api/auth/password-reset": authPasswordReset,
  "/api/auth/session": authSession,
  "/api/auth/sign-in": authSignIn,
  "/api/auth/sign-out": authSignOut,
  "/api/auth/sign-up": authSignUp,
  "/api/client-errors": clientErrors,
  "/api/health": health,
  "/api/learning/jobs/[id]/events": learningJobsIdEvents,
  "/api/learning/jobs/[id]/events/stream": learningJobsIdEventsStream,
  "/api/learning/jobs/[id]/metrics": learningJobsIdMetrics,
  "/api/learning/jobs/[id]": learningJobsId,
  "/api/learning/jobs/[id]/rows": learningJobsIdRows,
  "/api/learning/jobs/[id]/timeline": learningJobsIdTimeline,
  "/api/metrics": metrics,
  "/api/settings/api-keys/[id]": settingsApiKeysId,
  "/api/service": service,
  "/api/settings/api-keys": settingsApiKeys,
  "/api/settings/backup": settingsBackup,
  "/api/settings/retention": settingsRetention,
  "/api/training/[id]": trainingId,
  "/api/training/capabilities": trainingCapabilities,
  "/api/training/jobs/[id]/stream": trainingJobsIdStream,
  "/api/training/jobs/bulk": trainingJobsBulk,
  "/api/training/jobs/facets": trainingJobsFacets,
  "/api/training/jobs": trainingJobs,
  "/api/training/jobs/stream": trainingJobsStream,
  "/api/training/local/[id]/commands/[cid]/ack": trainingLocalIdCommandsCidAck,
  "/api/training/local/[id]/commands/next": trainingLocalIdCommandsNext,
  "/api/training/local/[id]/commands": trainingLocalIdCommands,
  "/api/training/local/[id]/control": trainingLocalIdControl,
  "/api/training/local/[id]/errors": trainingLocalIdErrors,
  "/api/training/local/[id]/events": trainingLocalIdEvents,
  "/api/training/local/[id]/heartbeat": trainingLocalIdHeartbeat,
  "/api/training/local/[id]/logs": trainingLocalIdLogs,
  "/api/training/local/[id]/metrics": trainingLocalIdMetrics,
  "/api/training/local/[id]/resume": trainingLocalIdResume,
  "/api/training/local/[id]/status": trainingLocalIdStatus,
  "/api/training/local/[id]/update-params": trainingLocalIdUpdateParams,
  "/api/training/local/jobs": trainingLocalJobs,
  "/api/training/local/metrics": trainingLocalMetrics,
  "/api/training/local/predictions": trainingLocalPredictions,
  "/api/training/metrics": trainingMetrics,
  "/api/training/predictions/[id]/epochs": trainingPredictionsIdEpochs,
  "/api/training/predictions/[id]/map": trainingPredictionsIdMap,
  "/api/training/predictions/[id]": trainingPredictionsId,
  "/api/training/predictions/[id]/samples/[sample]": trainingPredictionsIdSamplesSample,
  "/api/training/predictions/[id]/samples": trainingPredictionsIdSamples,
  "/api/training/predictions/[id]/stream": trainingPredictionsIdStream,
  "/api/training/predictions/[id]/trends": trainingPredictionsIdTrends,
  "/api/training/queue": trainingQueue,
  "/api/training/stream": trainingStream,
  "/api/training/views/[id]": trainingViewsId,
  "/api/training/views": trainingViews,
  "/api/usage": usage,
};
