/** Where this dashboard serves its Python SDK; pip reads the version from the name. */
export const pythonPackagePath = "/sdk/python/signalbox-0.1.0-py3-none-any.whl";
